// SPDX-License-Identifier: BSL-1.0
// The groups do not divide the channels of the map.
//
// title: Groups that do not divide the channels
// fault: groups_do_not_divide
// expect: groups_are<3>, channels_are<4>, filters_are<6>
// expect: groups must divide the channels that a layer reads, and a convolution's filters
// fix: 4 channels go into 1, 2 or 4 groups: `groups<2>` divides the 6 filters too.
// keras: The number of input channels must be evenly divisible by the number of groups. Received groups=3, but the input has 4 channels (full input shape is (None, 8, 8, 4)).
// pytorch: in_channels must be divisible by groups
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, conv2d<6, 3, groups<2>>>;
#else
using net = network<input<8, 8, 4>, conv2d<6, 3, groups<3>>>;
#endif
static_assert(net::output == shape{6, 6, 6});
