// SPDX-License-Identifier: BSL-1.0
// MLPerf Tiny, image classification: a residual network for CIFAR-10.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

template <int Filters, int Step>
using ic_path = sequence<
    conv2d<Filters, 3, stride<Step>, same>, batch_norm<>, relu,
    conv2d<Filters, 3, same>,               batch_norm<>>;

/// ResNet-8 of mlcommons/tiny, after He et al., 2015: a 32 x 32 colour image to 10 classes. The
/// projections have no normalisation and run before the path.
using mlperf_ic = network<
    input<32, 32, 3>,
    conv2d<16, 3, same>, batch_norm<>, relu,
    residual<ic_path<16, 1>>, relu,
    residual<shortcut<conv2d<32, 1, stride<2>, same>>, ic_path<32, 2>>, relu,
    residual<shortcut<conv2d<64, 1, stride<2>, same>>, ic_path<64, 2>>, relu,
    avg_pool2d<8>,
    flatten,
    dense<10, softmax>>;

} // namespace ctnn::zoo
