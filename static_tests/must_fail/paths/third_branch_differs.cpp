// SPDX-License-Identifier: BSL-1.0
// Of three branches that are added, the third has another size.
//
// title: The third of three branches differs
// fault: paths_differ
// expect: at<3, fixed_string<4>{"add"}
// expect: first_is<12, 12, 8>, second_is<10, 10, 8>, on_axis<0>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<8, 1>>, and_after<2, fixed_string<9>{"conv2d_2"}, conv2d<8, 3>>
// fix: Use `same` on the 3 x 3 convolution.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<12, 12, 4>, add<branch<conv2d<8, 1>>, branch<conv2d<8, 3, same>>,
                                          branch<conv2d<8, 3, same>>>>;
#else
using net = network<input<12, 12, 4>, add<branch<conv2d<8, 1>>, branch<conv2d<8, 3, same>>,
                                          branch<conv2d<8, 3>>>>;
#endif
static_assert(net::output == shape{12, 12, 8});
