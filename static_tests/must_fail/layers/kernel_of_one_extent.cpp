// SPDX-License-Identifier: BSL-1.0
// A 2-D kernel is written with one extent in kernel<...>.
//
// title: A kernel with one extent
// fault: wrong_kernel
// expect: kernel_is<3>
// expect: 3, or kernel<3, 5> for height and width
// fix: Write `conv2d<8, 3>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, conv2d<8, kernel<3, 3>>>;
#else
using net = network<input<8, 8, 4>, conv2d<8, kernel<3>>>;
#endif
static_assert(net::output.channels() == 8);
