// SPDX-License-Identifier: BSL-1.0
// A dense layer on a large flattened map has more weights than an int counts.
//
// title: A weight that is too large
// fault: too_large
// expect: at<1, fixed_string<6>{"dense"}, dense<1000>>
// expect: product_of<3145728, 1000>
// expect: a tensor or weight has more than 2,147,483,647 elements
// fix: Pool before the dense layer.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<1024, 1024, 3>, global_avg_pool2d<>, dense<1000>>;
#else
using net = network<input<1024, 1024, 3>, flatten, dense<1000>>;
#endif
static_assert(net::output == shape{1000});
