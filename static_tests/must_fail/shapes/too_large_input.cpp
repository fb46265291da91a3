// SPDX-License-Identifier: BSL-1.0
// An input has more cells than an int counts.
//
// title: An input that is too large
// fault: too_large
// expect: at<0, fixed_string<6>{"input"}
// expect: product_of<65536, 65536, 3>
// expect: after_nothing
// fix: Run the network on tiles.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<512, 512, 3>, global_avg_pool2d<>, dense<10>>;
#else
using net = network<input<65536, 65536, 3>, global_avg_pool2d<>, dense<10>>;
#endif
static_assert(net::output == shape{10});
