// SPDX-License-Identifier: BSL-1.0
// MLPerf Tiny, keyword spotting: a depthwise separable network for a spoken word.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

using kws_block = sequence<
    depthwise_conv2d<3, same>, batch_norm<>, relu,
    conv2d<64, 1, same>,       batch_norm<>, relu>;

/// DS-CNN of mlcommons/tiny, after Zhang et al., 2017 ("Hello Edge"): 49 frames of 10 cepstral
/// coefficients to 12 classes.
using mlperf_kws = network<
    input<49, 10, 1>,
    conv2d<64, kernel<10, 4>, stride<2>, same>, batch_norm<>, relu,
    dropout<0.2>,
    repeat<4, kws_block>,
    dropout<0.4>,
    avg_pool2d<kernel<24, 5>>,
    flatten,
    dense<12, softmax>>;

} // namespace ctnn::zoo
