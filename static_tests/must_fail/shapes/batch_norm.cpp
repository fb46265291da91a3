// SPDX-License-Identifier: BSL-1.0
// A batch norm was written for another number of channels.
//
// title: A batch norm for another number of channels
// fault: normalised_channels_differ
// expect: at<1, fixed_string<11>{"batch_norm"}, batch_norm<in<16>>>
// expect: declares<16>, receives<26, 26, 8>, on_axis<2>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<8, 3>>
// fix: Write `in<8>`, or leave it out.
// pytorch: running_mean should contain 8 elements not 16
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3>, batch_norm<in<8>>, relu, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3>, batch_norm<in<16>>, relu, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
