// SPDX-License-Identifier: BSL-1.0
// A pool stands behind a global pool, which has left no map.
//
// title: A pool after a global pool
// fault: wrong_rank
// expect: at<2, fixed_string<11>{"max_pool2d"}, max_pool2d<2>>
// expect: expects_axes<3>, receives<40>
// fix: Pool before the global pool, or not at all.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, max_pool2d<2>, global_avg_pool2d<>, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, global_avg_pool2d<>, max_pool2d<2>, flatten,
                    dense<10>>;
#endif
static_assert(net::output == shape{10});
