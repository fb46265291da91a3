// SPDX-License-Identifier: BSL-1.0
// A grey image is written channels first; the kernel does not fit into its height of 1.
//
// title: Channels first, grey
// fault: channels_first
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<40, 3>>
// expect: receives<1, 28, 28>, kernel_is<3, 3>
// expect: Write input<height, width, channels>
// fix: Write `input<28, 28, 1>`. For one channel the data have the same order.
// pytorch: Given groups=1, weight of size [8, 3, 3, 3], expected input[1, 32, 32, 3] to have 3 channels, but got 32 channels instead
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#else
using net = network<input<1, 28, 28>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::parameters == 49'378);
