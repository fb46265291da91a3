// SPDX-License-Identifier: BSL-1.0
// A softmax is given a scale as any layer.
//
// title: An output whose scale is known
// fault: output_quantization_is_fixed
// expect: at<3, fixed_string<8>{"softmax"}, softmax>
// expect: has scale 1/256 and zero point -128
// fix: Give it scale 1/256 and zero point -128.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<4, 4, 1>, conv2d<2, 3>, flatten, dense<2>, softmax>;
#ifdef RIGHT
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {0.1F, 0}, {1.0F / 256, -128}};
    static constexpr float kernel_scales[]{0.02F, 0.01F, 0.1F, 0.1F};
};
#else
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {0.1F, 0}, {0.1F, 0}};
    static constexpr float kernel_scales[]{0.02F, 0.01F, 0.1F, 0.1F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
