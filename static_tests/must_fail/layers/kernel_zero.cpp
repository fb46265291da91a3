// SPDX-License-Identifier: BSL-1.0
// A kernel has no cells along the width.
//
// title: Kernel 0
// fault: not_positive
// expect: kernel_is<3, 0>, stride_is<1, 1>, dilation_is<1, 1>
// fix: A kernel is at least 1 along each axis.
// keras: The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=0, including values {0} that do not satisfy `value > 0`
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, kernel<3, 1>>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, kernel<3, 0>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
