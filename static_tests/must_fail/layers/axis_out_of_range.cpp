// SPDX-License-Identifier: BSL-1.0
// An axis is counted from 1, or with the batch.
//
// title: An axis that the tensor does not have
// fault: no_such_axis
// expect: at<1, fixed_string<11>{"batch_norm"}, batch_norm<axis<3>>>, on_axis<3>, receives<26, 26, 8>
// expect: Axes are counted from 0 without the batch
// fix: The channels of a map are `axis<2>` or `axis<-1>`, the default.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3>, batch_norm<axis<2>>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3>, batch_norm<axis<3>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
