// SPDX-License-Identifier: BSL-1.0
// A difference is written with three paths.
//
// title: A difference of three paths
// fault: subtracts_many
// expect: fixed_string<9>{"subtract"}
// expect: paths_are<3>
// expect: subtract takes the second of two paths from the first
// fix: Add what is to be taken away in a branch of its own.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, subtract<branch<>, add<branch<relu>, branch<sigmoid>>>>;
#else
using net = network<input<8, 8, 4>, subtract<branch<>, branch<relu>, branch<sigmoid>>>;
#endif
static_assert(net::output == shape{8, 8, 4});
