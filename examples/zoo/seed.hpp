// SPDX-License-Identifier: BSL-1.0
// The network of the question with which ctnn began: how deep are the kernels of its second layer?
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

/// Two convolutions and a dense layer on a 28 x 28 grey image, without activations, as in the Keras
/// model of the question. The second layer's kernels are 3 x 3 x 40: as deep as the map they read.
using seed = network<
    input<28, 28, 1>,
    conv2d<40, 3>,
    conv2d<8, 3>,
    flatten,
    dense<10>>;

} // namespace ctnn::zoo
