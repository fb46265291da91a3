// SPDX-License-Identifier: BSL-1.0
// A softmax is an option of a dense layer, so its input has no scale.
//
// title: An activation with a scale of its own
// fault: int8_activation_inside
// expect: at<2, fixed_string<6>{"dense"}, dense<3, softmax>>
// expect: must be a clamp
// fix: Write `dense<3>, softmax`, and a quantization for both.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 1>, conv2d<2, 3>, flatten, dense<3>, softmax>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {0.1F, 0}, {1.0F / 256, -128}};
    static constexpr float kernel_scales[]{0.02F, 0.01F, 0.1F, 0.1F, 0.1F};
};
#else
using net = network<input<4, 4, 1>, conv2d<2, 3>, flatten, dense<3, softmax>>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {1.0F / 256, -128}};
    static constexpr float kernel_scales[]{0.02F, 0.01F, 0.1F, 0.1F, 0.1F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
