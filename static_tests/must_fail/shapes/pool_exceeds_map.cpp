// SPDX-License-Identifier: BSL-1.0
// One pool too many: nothing is left to pool.
//
// title: A pool larger than the map
// fault: window_exceeds_map
// expect: at<5, fixed_string<13>{"max_pool2d_2"}, max_pool2d<4>>
// expect: receives<3, 3, 32>, kernel_is<4, 4>, on_axis<0>
// expect: fewer strides and pools before it
// fix: Use a smaller pool, a global pool, or one pool fewer.
// keras: no error, the output is empty
// pytorch: Given input size: (1x3x3). Calculated output size: (1x0x0). Output size is too small
// tfjs: no error, the output is [null,0,0,1]
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3>, max_pool2d<2>, conv2d<16, 3>, max_pool2d<2>,
                    conv2d<32, 3>, max_pool2d<3>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3>, max_pool2d<2>, conv2d<16, 3>, max_pool2d<2>,
                    conv2d<32, 3>, max_pool2d<4>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
