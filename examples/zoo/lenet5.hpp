// SPDX-License-Identifier: BSL-1.0
// LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998), figure 2.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

/// LeNet-5 as it is commonly written in Keras: C3 reads all maps of S2, the subsampling layers are
/// plain averages, and a softmax stands in for the radial basis functions of the output.
using lenet5 = network<
    input<32, 32, 1>,
    conv2d<6, 5, tanh>,   // C1
    avg_pool2d<2>,        // S2
    conv2d<16, 5, tanh>,  // C3
    avg_pool2d<2>,        // S4
    conv2d<120, 5, tanh>, // C5
    flatten,
    dense<84, tanh>,      // F6
    dense<10, softmax>>;

} // namespace ctnn::zoo
