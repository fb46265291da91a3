// SPDX-License-Identifier: BSL-1.0
// A squeeze-and-excite gate has another number of channels than the map.
//
// title: A gate for another number of channels
// fault: gate_channels_differ
// expect: at<3, fixed_string<9>{"multiply"}
// expect: first_is<4, 4, 8>, second_is<4>, on_axis<2>
// expect: and_after<2, fixed_string<6>{"dense"}
// fix: Give the gate as many channels as the map has.
// keras: Inputs have incompatible shapes. Received shapes (4, 4, 8) and (1, 1, 4)
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 8>, conv2d<8, 1>,
                    multiply<branch<>, branch<global_avg_pool2d<>, dense<8, sigmoid>>>>;
#else
using net = network<input<4, 4, 8>, conv2d<8, 1>,
                    multiply<branch<>, branch<global_avg_pool2d<>, dense<4, sigmoid>>>>;
#endif
static_assert(net::output == shape{4, 4, 8});
