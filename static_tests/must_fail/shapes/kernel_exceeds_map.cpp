// SPDX-License-Identifier: BSL-1.0
// A kernel is larger than the map that it slides over.
//
// title: A kernel larger than the map
// fault: window_exceeds_map
// expect: at<1, fixed_string<9>{"conv2d_1"}, conv2d<4, 5>>
// expect: receives<3, 3, 8>, kernel_is<5, 5>, on_axis<0>
// expect: after<0, fixed_string<7>{"conv2d"}
// expect: a kernel or pool spans more cells than the padded map has
// fix: Use a kernel of at most 3 x 3, or `same`.
// keras: Computed output size would be negative. Received `inputs shape=(None, 3, 3, 1)`, `kernel shape=(5, 5, 1, 4)`, `dilation_rate=[1 1]`.
// pytorch: Calculated padded input size per channel: (3 x 3). Kernel size: (5 x 5). Kernel size can't be greater than actual input size
// tfjs: no error, the output is [null,-1,-1,8]
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<5, 5, 1>, conv2d<8, 3>, conv2d<4, 3>>;
#else
using net = network<input<5, 5, 1>, conv2d<8, 3>, conv2d<4, 5>>;
#endif
static_assert(net::output == shape{1, 1, 4});
