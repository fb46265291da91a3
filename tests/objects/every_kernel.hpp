// SPDX-License-Identifier: BSL-1.0
// A network with every kind of kernel, and layers that no kernel knows.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn {

using every_kernel =
    network<input<16, 16, 3>, conv2d<8, 3, same, relu6>, batch_norm<>, save<"skip">, max_pool2d<2>,
            depthwise_conv2d<3, same>, gelu, up_sampling2d<2>, concat_with<"skip">,
            residual<conv2d<16, 3, same, ctnn::tanh>, conv2d<16, 3, same>>, batch_norm<>,
            layer_norm<>, conv2d<32, 3, same>, save<"wide">, conv2d<32, 1>, multiply_with<"wide">,
            conv2d<3, 3, same>, zero_padding2d<1>, conv2d_transpose<4, 2, stride<2>>, avg_pool2d<2>,
            save<"map">, global_avg_pool2d<>, dense<5, softmax>, output<"kind">, from<"map">,
            flatten, output<"features">, output<"the same again">, dropout<>,
            named<"head", dense<1296>>, again<"head">, dense<10, softmax>, output<"scores">,
            from<"map">, conv2d<1, 1>, up_sampling2d<2>, conv2d<6, 5, relu>, max_pool2d<2>,
            output<"pooled">>;

} // namespace ctnn
