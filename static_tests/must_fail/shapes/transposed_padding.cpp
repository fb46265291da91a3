// SPDX-License-Identifier: BSL-1.0
// The padding of a transposed convolution cuts its whole output off.
//
// title: A transposed convolution without output
// fault: padding_exceeds_output
// expect: at<0, fixed_string<17>{"conv2d_transpose"}
// expect: receives<1, 1, 16>, kernel_is<4>, padding_is<2, 2>, on_axis<0>
// fix: Padding takes cells off the output of a transposed convolution: (1 - 1) * 2 + 4 - 2 - 2 = 0. Use `padding<1>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<1, 1, 16>, conv2d_transpose<8, 4, stride<2>, padding<1>>>;
#else
using net = network<input<1, 1, 16>, conv2d_transpose<8, 4, stride<2>, padding<2>>>;
#endif
static_assert(net::output.channels() == 8);
