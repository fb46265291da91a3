// SPDX-License-Identifier: BSL-1.0
// Residual networks of basic blocks (He et al., 2015), table 1: ResNet-18 and ResNet-34.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

using torch_batch_norm = batch_norm<epsilon<1e-5>>;

/// A 3 x 3 convolution and its normalisation; `padding<1>` is not `same` at stride 2.
template <int Filters, int Step = 1>
using basic_conv =
    sequence<conv2d<Filters, 3, stride<Step>, padding<1>, no_bias>, torch_batch_norm>;

/// Two convolutions around which the input is added.
template <int Filters>
using basic_block =
    sequence<residual<basic_conv<Filters>, relu, basic_conv<Filters>>, relu>;

/// The same at half the resolution, where the input has to be projected.
template <int Filters>
using basic_block_halving = sequence<
    residual<basic_conv<Filters, 2>, relu, basic_conv<Filters>,
             shortcut<conv2d<Filters, 1, stride<2>, no_bias>, torch_batch_norm>>,
    relu>;

/// A column of the table, as in torchvision: the number of blocks in each of the four stages.
template <int Conv2, int Conv3, int Conv4, int Conv5> using basic_resnet = network<
    input<224, 224, 3>,
    block<"conv1", conv2d<64, 7, stride<2>, padding<3>, no_bias>, torch_batch_norm, relu>,
    max_pool2d<3, stride<2>, padding<1>>,
    block<"conv2", repeat<Conv2, basic_block<64>>>,
    block<"conv3", basic_block_halving<128>, repeat<Conv3 - 1, basic_block<128>>>,
    block<"conv4", basic_block_halving<256>, repeat<Conv4 - 1, basic_block<256>>>,
    block<"conv5", basic_block_halving<512>, repeat<Conv5 - 1, basic_block<512>>>,
    global_avg_pool2d<keep_dims>,
    flatten,
    dense<1000>>;

using resnet18 = basic_resnet<2, 2, 2, 2>;
using resnet34 = basic_resnet<3, 4, 6, 3>;

} // namespace ctnn::zoo
