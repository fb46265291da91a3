// SPDX-License-Identifier: BSL-1.0
// A single channel is added to eight, which others broadcast without a word.
//
// title: Adding what would be broadcast
// fault: silent_broadcast
// expect: at<2, fixed_string<4>{"add"}, add_with<fixed_string<5>{"mask"}>>
// expect: first_is<12, 12, 8>, second_is<12, 12, 1>, on_axis<2>
// expect: after<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3, same>>, and_after<0, fixed_string<7>{"conv2d"}
// expect: ctnn does not broadcast
// fix: Give the mask 8 channels. If a gate of 1 x 1 x channels is meant, multiply_with takes it.
// pytorch: no error, the sum is broadcast
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<12, 12, 3>, conv2d<8, 1>, save<"mask">, conv2d<8, 3, same>,
                    add_with<"mask">>;
#else
using net = network<input<12, 12, 3>, conv2d<1, 1>, save<"mask">, conv2d<8, 3, same>,
                    add_with<"mask">>;
#endif
static_assert(net::output == shape{12, 12, 8});
