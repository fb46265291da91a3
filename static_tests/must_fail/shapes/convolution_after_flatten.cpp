// SPDX-License-Identifier: BSL-1.0
// A convolution stands behind flatten.
//
// title: A 2-D layer after flatten
// fault: wrong_rank
// expect: at<2, fixed_string<9>{"conv2d_1"}, conv2d<8, 3>>
// expect: expects_axes<3>, receives<27040>, product_of<26, 26, 40>
// expect: after<1, fixed_string<8>{"flatten"}, flatten>
// expect: before flatten and global pools
// fix: Put flatten behind the last 2-D layer.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, flatten, conv2d<8, 3>, global_avg_pool2d<>,
                    dense<10>>;
#endif
static_assert(net::output == shape{10});
