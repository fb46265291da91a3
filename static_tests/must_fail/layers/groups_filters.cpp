// SPDX-License-Identifier: BSL-1.0
// The groups do not divide the filters.
//
// title: Groups that do not divide the filters
// fault: groups_do_not_divide
// expect: groups_are<4>, channels_are<8>, filters_are<6>
// fix: 6 filters do not go into 4 groups: use 4 or 8 filters.
// keras: The number of filters must be evenly divisible by the number of groups. Received: groups=4, filters=6.
// pytorch: out_channels must be divisible by groups
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 8>, conv2d<8, 3, groups<4>>, global_avg_pool2d<>, dense<10>>;
#else
using net = network<input<8, 8, 8>, conv2d<6, 3, groups<4>>, global_avg_pool2d<>, dense<10>>;
#endif
static_assert(net::output == shape{10});
