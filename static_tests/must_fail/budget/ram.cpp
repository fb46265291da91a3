// SPDX-License-Identifier: BSL-1.0
// The second convolution needs its input and its output at once: more than the machine has.
//
// title: More RAM than there is
// fault: over_ram_budget
// expect: over_by<
// expect: may_have<16384>
// expect: at<1, fixed_string<9>{"conv2d_1"}, conv2d<32, 3, same>>
// expect: budget of RAM
// fix: Make the map smaller before there are many channels.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<16, 16, 1>, conv2d<16, 3, stride<2>, same>, conv2d<32, 3, same>, global_avg_pool2d<>>;
#else
using net = network<input<16, 16, 1>, conv2d<16, 3, same>, conv2d<32, 3, same>, global_avg_pool2d<>>;
#endif
static_assert(fits<net, targets::fpu, ram<16_KB>>);
