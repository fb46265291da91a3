// SPDX-License-Identifier: BSL-1.0
// MLPerf Tiny, visual wake words: a quarter MobileNet that looks for a person in the picture.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

template <int Filters, int Step = 1>
using vww_separable = sequence<
    depthwise_conv2d<3, stride<Step>, same>, batch_norm<>, relu,
    conv2d<Filters, 1, same>,                batch_norm<>, relu>;

/// MobileNet 0.25 of mlcommons/tiny, after Howard et al., 2017: 96 x 96 pixels, a person or none.
using mlperf_vww = network<
    input<96, 96, 3>,
    conv2d<8, 3, stride<2>, same>, batch_norm<>, relu,
    vww_separable<16>,
    vww_separable<32, 2>,
    vww_separable<32>,
    vww_separable<64, 2>,
    vww_separable<64>,
    vww_separable<128, 2>,
    repeat<5, vww_separable<128>>,
    vww_separable<256, 2>,
    vww_separable<256>,
    avg_pool2d<3>,
    flatten,
    dense<2, softmax>>;

} // namespace ctnn::zoo
