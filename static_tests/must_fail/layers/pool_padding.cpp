// SPDX-License-Identifier: BSL-1.0
// A pool is padded by as much as its window has.
//
// title: A pool with as much padding as window
// fault: padding_exceeds_window
// expect: at<0, fixed_string<11>{"max_pool2d"}
// expect: receives<8, 8, 1>, kernel_is<2>, padding_is<2, 2>, on_axis<0>
// expect: a window of padding alone has no value
// fix: Use `padding<1>`, or none.
// pytorch: pad should be at most half of kernel size, but got pad=2 and kernel_size=2
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 1>, max_pool2d<2, padding<1>>, flatten, dense<10>>;
#else
using net = network<input<8, 8, 1>, max_pool2d<2, padding<2>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
