// SPDX-License-Identifier: BSL-1.0
// A window does not move.
//
// title: Stride 0
// fault: not_positive
// expect: kernel_is<3, 3>, stride_is<0, 0>, dilation_is<1, 1>
// fix: A stride is at least 1, the default of a convolution; a pool's is its size.
// keras: The `strides` argument must be a tuple of 2 integers. Received strides=0, including values {0} that do not satisfy `value > 0`
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3, stride<1>>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, stride<0>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
