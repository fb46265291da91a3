// SPDX-License-Identifier: BSL-1.0
// A dilated kernel spans more than the map, though the kernel itself is small.
//
// title: A dilated kernel larger than the map
// fault: window_exceeds_map
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: receives<7, 7, 3>, kernel_is<3, 3>, spans<9, 9>, on_axis<0>
// fix: A 3 x 3 kernel with dilation 4 spans 2 * 4 + 1 = 9 cells: use less dilation, or `same`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<7, 7, 3>, conv2d<8, 3, dilation<3>>>;
#else
using net = network<input<7, 7, 3>, conv2d<8, 3, dilation<4>>>;
#endif
static_assert(net::output == shape{1, 1, 8});
