// SPDX-License-Identifier: BSL-1.0
// AlexNet (Krizhevsky, Sutskever and Hinton, 2012).
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

/// AlexNet in Keras' terms, without its response normalisation, which has no parameters. Groups is
/// the number of graphics cards among which the second, fourth and fifth convolutions are divided.
/// The image is 227 x 227: the paper's 224 does not give its 55 x 55 map.
template <int Groups> using alexnet = network<
    input<227, 227, 3>,
    conv2d<96, 11, stride<4>, relu>,
    max_pool2d<3, stride<2>>,
    conv2d<256, 5, same, groups<Groups>, relu>,
    max_pool2d<3, stride<2>>,
    conv2d<384, 3, same, relu>,
    conv2d<384, 3, same, groups<Groups>, relu>,
    conv2d<256, 3, same, groups<Groups>, relu>,
    max_pool2d<3, stride<2>>,
    flatten,
    dense<4096, relu>,
    dense<4096, relu>,
    dense<1000, softmax>>;

/// As in the paper, on two cards.
using alexnet_grouped = alexnet<2>;

/// On one card, as it is usually drawn.
using alexnet_ungrouped = alexnet<1>;

} // namespace ctnn::zoo
