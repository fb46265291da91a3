// SPDX-License-Identifier: BSL-1.0
// The list does not begin with an input.
//
// title: No input
// fault: no_input
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<40, 3>>, after_nothing
// expect: Begin the list with input<height, width, channels>
// fix: Write `input<28, 28, 1>` first.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#else
using net = network<conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
