// SPDX-License-Identifier: BSL-1.0
// A residual doubles the channels, and its shortcut does not.
//
// title: A residual whose paths have other filters
// fault: paths_differ
// expect: at<3, fixed_string<4>{"add"}
// expect: first_is<56, 56, 128>, second_is<56, 56, 64>, on_axis<2>
// expect: after<1, fixed_string<9>{"conv2d_1"}, conv2d<128, 3, same>>, and_after<2, fixed_string<9>{"conv2d_2"}, conv2d<64, 1>>
// fix: Give the shortcut 128 filters.
// keras: Inputs have incompatible shapes. Received shapes (12, 12, 8) and (12, 12, 16)
// pytorch: The size of tensor a (8) must match the size of tensor b (16) at non-singleton dimension 1
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>,
                    residual<conv2d<128, 3, same, relu>, conv2d<128, 3, same>,
                             shortcut<conv2d<128, 1>>>>;
#else
using net = network<input<56, 56, 64>,
                    residual<conv2d<128, 3, same, relu>, conv2d<128, 3, same>,
                             shortcut<conv2d<64, 1>>>>;
#endif
static_assert(net::output == shape{56, 56, 128});
