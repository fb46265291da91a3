// SPDX-License-Identifier: BSL-1.0
// A group norm has groups that do not divide the channels.
//
// title: Groups of a norm
// fault: groups_do_not_divide
// expect: group_norm<3>
// expect: groups_are<3>, channels_are<8>
// expect: groups must divide
// fix: Take a number of groups that divides the channels: 2, 4 or 8.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 8>, group_norm<4>>;
#else
using net = network<input<4, 4, 8>, group_norm<3>>;
#endif
static_assert(net::output == shape{4, 4, 8});
