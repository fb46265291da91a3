// SPDX-License-Identifier: BSL-1.0
// More cells are to be reflected than the map has.
//
// title: Reflected padding larger than the map
// fault: reflection_exceeds_map
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: receives<4, 4, 3>, padding_is<4, 4>, on_axis<0>
// expect: there is nothing left to reflect
// fix: A map of 4 rows can be reflected by 3 at most, since its edge is not repeated.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 3>, conv2d<8, 7, padding<3>, reflect>>;
#else
using net = network<input<4, 4, 3>, conv2d<8, 9, padding<4>, reflect>>;
#endif
static_assert(net::output == shape{4, 4, 8});
