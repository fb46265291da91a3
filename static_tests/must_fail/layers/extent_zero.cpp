// SPDX-License-Identifier: BSL-1.0
// An input has no rows.
//
// title: Extent 0
// fault: not_positive
// expect: at<0, fixed_string<6>{"input"}, input<0, 28, 1>>, value_is<0, 28, 1>
// fix: Every extent is at least 1. The batch is left out.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, global_avg_pool2d<>, dense<10>>;
#else
using net = network<input<0, 28, 1>, global_avg_pool2d<>, dense<10>>;
#endif
static_assert(net::output == shape{10});
