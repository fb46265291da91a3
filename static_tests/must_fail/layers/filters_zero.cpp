// SPDX-License-Identifier: BSL-1.0
// A convolution has no filters.
//
// title: No filters
// fault: not_positive
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<0, 3>>, filters_are<0>
// expect: must be at least 1
// fix: Give it at least one filter.
// keras: Invalid value for argument `filters`. Expected a strictly positive value. Received filters=0.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<1, 3>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<0, 3>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
