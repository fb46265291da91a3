// SPDX-License-Identifier: BSL-1.0
// A network on int8 needs more RAM than the machine has.
//
// title: More RAM than there is, on int8
// fault: over_ram_budget
// expect: over_by<
// expect: may_have<4096>
// expect: at<1, fixed_string<9>{"conv2d_1"}, conv2d<32, 3, same>>
// fix: Make the map smaller before there are many channels.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<16, 16, 1>, conv2d<8, 3, stride<2>, same>, conv2d<32, 3, same>, max_pool2d<2>>;
#else
using net = network<input<16, 16, 1>, conv2d<8, 3, same>, conv2d<32, 3, same>, max_pool2d<2>>;
#endif
struct numbers {
    static constexpr quantization tensors[]{{0.1F, 0}, {0.1F, 0}, {0.1F, 0}, {0.1F, 0}};
    static constexpr float kernel_scales[]{
        0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F,
        0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F,
        0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F};
};
static_assert(fits<quantized<net, numbers>, targets::cortex_m4, ram<4_KB>>);
