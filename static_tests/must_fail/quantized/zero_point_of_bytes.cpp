// SPDX-License-Identifier: BSL-1.0
// A zero point is that of cells without a sign.
//
// title: A zero point out of range
// fault: not_a_quantization
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<2, 3>>
// expect: a zero point from -128 to 127
// fix: Subtract 128 from cells and zero points of uint8.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<4, 4, 1>, conv2d<2, 3>>;
#ifdef RIGHT
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#else
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 131}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
