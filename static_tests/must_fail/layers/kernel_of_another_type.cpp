// SPDX-License-Identifier: BSL-1.0
// A kernel is written as a shape.
//
// title: A kernel of another type
// fault: wrong_kernel
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: a kernel or pool is a whole number, or kernel<...>
// fix: Write `kernel<3, 5>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, conv2d<8, kernel<3, 5>>>;
#else
using net = network<input<8, 8, 4>, conv2d<8, shape{3, 5}>>;
#endif
static_assert(net::output.channels() == 8);
