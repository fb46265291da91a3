// SPDX-License-Identifier: BSL-1.0
// A normalisation is left in a network on int8.
//
// title: A layer without a meaning on int8
// fault: no_int8_meaning
// expect: at<1, fixed_string<11>{"batch_norm"}, batch_norm<>>
// expect: a layer has no meaning on int8
// fix: Fold the normalisation into the convolution, as every converter does.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 1>, conv2d<2, 3>>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#else
using net = network<input<4, 4, 1>, conv2d<2, 3>, batch_norm<>>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
