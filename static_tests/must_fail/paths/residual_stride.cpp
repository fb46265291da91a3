// SPDX-License-Identifier: BSL-1.0
// A residual halves the map on its path, while the shortcut is the identity.
//
// title: A residual with a stride and no shortcut
// fault: paths_differ
// expect: at<2, fixed_string<4>{"add"}
// expect: first_is<28, 28, 64>, second_is<56, 56, 64>, on_axis<0>
// expect: after<1, fixed_string<9>{"conv2d_1"}
// expect: and_after_input
// expect: in a residual with shortcut<conv2d<filters, 1, stride<2>>>
// fix: Add `shortcut<conv2d<64, 1, stride<2>>>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>,
                    residual<conv2d<64, 3, same, stride<2>, relu>, conv2d<64, 3, same>,
                             shortcut<conv2d<64, 1, stride<2>>>>>;
#else
using net = network<input<56, 56, 64>,
                    residual<conv2d<64, 3, same, stride<2>, relu>, conv2d<64, 3, same>>>;
#endif
static_assert(net::output == shape{28, 28, 64});
