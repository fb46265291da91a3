// SPDX-License-Identifier: BSL-1.0
// A 2-D layer's stride is written with three numbers.
//
// title: An option with the wrong count of numbers
// fault: wrong_option_count
// expect: at<0, fixed_string<11>{"max_pool2d"}
// expect: option_is<1, stride<2, 2, 1>>
// expect: Give one for all axes or one for each axis
// fix: Write `stride<2>` or `stride<2, 2>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, max_pool2d<2, stride<2, 2>>>;
#else
using net = network<input<8, 8, 4>, max_pool2d<2, stride<2, 2, 1>>>;
#endif
static_assert(net::output == shape{4, 4, 4});
