// SPDX-License-Identifier: BSL-1.0
// The input has no quantization.
//
// title: Too few quantizations
// fault: quantizations_differ_in_number
// expect: expects<2>, counted<1>
// expect: one quantization in Numbers::tensors for each input and each layer
// fix: Give the input one too.
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
    static constexpr quantization tensors[]{{0.2F, 3}};
    static constexpr float kernel_scales[]{0.02F, 0.01F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
