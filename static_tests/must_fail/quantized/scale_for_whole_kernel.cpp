// SPDX-License-Identifier: BSL-1.0
// A kernel has one scale, and two filters.
//
// title: Too few scales
// fault: scales_differ_in_number
// expect: expects<2>, counted<1>
// expect: one scale in Numbers::kernel_scales for each filter
// fix: Repeat the scale for each filter.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<4, 4, 1>, conv2d<2, 3>>;
#ifdef RIGHT
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.02F};
};
#else
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
