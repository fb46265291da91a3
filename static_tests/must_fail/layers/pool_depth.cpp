// SPDX-License-Identifier: BSL-1.0
// A pool is written with a depth, but it works on each channel alone.
//
// title: A pool with three extents
// fault: wrong_kernel
// expect: at<0, fixed_string<11>{"max_pool2d"}
// expect: kernel_is<2, 2, 2>
// expect: one extent for each axis that it slides along
// fix: Write `max_pool2d<2>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, max_pool2d<kernel<2, 2>>>;
#else
using net = network<input<8, 8, 4>, max_pool2d<kernel<2, 2, 2>>>;
#endif
static_assert(net::output == shape{4, 4, 4});
