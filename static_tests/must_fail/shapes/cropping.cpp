// SPDX-License-Identifier: BSL-1.0
// Cropping takes the whole map away.
//
// title: Cropping the whole map
// fault: cropping_exceeds_map
// expect: at<0, fixed_string<11>{"cropping2d"}, cropping2d<3>>
// expect: receives<5, 5, 1>, cropping_is<3, 3>, on_axis<0>
// fix: 3 + 3 cells are more than 5: crop fewer.
// keras: Values in `cropping` argument should be smaller than the corresponding spatial dimension of the input. Received: input_shape=(None, 5, 5, 1), cropping=((3, 3), (3, 3))
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<5, 5, 1>, cropping2d<2>>;
#else
using net = network<input<5, 5, 1>, cropping2d<3>>;
#endif
static_assert(net::output == shape{1, 1, 1});
