// SPDX-License-Identifier: BSL-1.0
// The first dense layer has more weights than the machine has room for.
//
// title: More constants than there is flash
// fault: over_flash_budget
// expect: over_by<
// expect: may_have<65536>
// expect: at<1, fixed_string<6>{"dense"}, dense<64>>
// expect: budget of flash
// fix: Pool before the dense layer, or quantise the network: int8 weights take a quarter.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<16, 16, 4>, global_avg_pool2d<>, dense<64>, dense<10>>;
#else
using net = network<input<16, 16, 4>, flatten, dense<64>, dense<10>>;
#endif
static_assert(fits<net, targets::fpu, ram<16_KB>, flash<64_KB>>);
