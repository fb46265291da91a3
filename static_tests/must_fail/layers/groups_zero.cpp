// SPDX-License-Identifier: BSL-1.0
// An option counts nothing.
//
// title: An option that must be at least 1
// fault: not_positive
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: option_is<1, groups<0>>
// expect: must be at least 1
// fix: Write `groups<1>` or leave it out.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, conv2d<8, 3>>;
#else
using net = network<input<8, 8, 4>, conv2d<8, 3, groups<0>>>;
#endif
static_assert(net::output == shape{6, 6, 8});
