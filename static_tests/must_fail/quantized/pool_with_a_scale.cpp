// SPDX-License-Identifier: BSL-1.0
// A pool is given a scale of its own.
//
// title: A layer that cannot change the scale
// fault: layer_keeps_quantization
// expect: at<1, fixed_string<11>{"max_pool2d"}, max_pool2d<2>>
// expect: keeps their scale and zero point
// fix: Give the pool the quantization of what it reads.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<4, 4, 1>, conv2d<2, 3>, max_pool2d<2>>;
#ifdef RIGHT
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#else
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.3F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
