// SPDX-License-Identifier: BSL-1.0
// VGG (Simonyan and Zisserman, 2014), table 1, columns D and E: VGG16 and VGG19.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

template <int Convolutions, int Filters>
using vgg_stage = sequence<repeat<Convolutions, conv2d<Filters, 3, same, relu>>, max_pool2d<2>>;

/// VGG as in Keras' applications; Deep is the number of convolutions in each of the last three
/// stages, in which the columns of the table differ.
template <int Deep> using vgg = network<
    input<224, 224, 3>,
    block<"block1", vgg_stage<2, 64>>,
    block<"block2", vgg_stage<2, 128>>,
    block<"block3", vgg_stage<Deep, 256>>,
    block<"block4", vgg_stage<Deep, 512>>,
    block<"block5", vgg_stage<Deep, 512>>,
    flatten,
    dense<4096, relu>,
    dense<4096, relu>,
    dense<1000, softmax>>;

using vgg16 = vgg<3>;
using vgg19 = vgg<4>;

} // namespace ctnn::zoo
