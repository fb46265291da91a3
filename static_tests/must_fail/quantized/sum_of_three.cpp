// SPDX-License-Identifier: BSL-1.0
// Three paths are added on int8.
//
// title: A merge of more than two paths
// fault: int8_merge_of_many
// expect: at<3, fixed_string<4>{"add"}
// expect: Merge two at a time
// fix: Add two paths, and the third one after them.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 2>, add<branch<conv2d<2, 1>>, branch<conv2d<2, 1>>>>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.1F, 0.1F, 0.1F, 0.1F};
};
#else
using net = network<input<4, 4, 2>, add<branch<conv2d<2, 1>>, branch<conv2d<2, 1>>, branch<conv2d<2, 1>>>>;
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.2F, 3}, {0.2F, 3}, {0.2F, 3}, {0.2F, 3}};
    static constexpr float kernel_scales[]{0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F};
};
#endif
static_assert(quantized<net, numbers>::arena_bytes < 1024);
