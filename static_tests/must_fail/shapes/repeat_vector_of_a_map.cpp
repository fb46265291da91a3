// SPDX-License-Identifier: BSL-1.0
// A map is repeated as if it were a vector.
//
// title: Repeating a map
// fault: wrong_rank
// expect: repeat_vector<3>
// expect: receives<4, 4, 2>
// expect: expects_axes<1>
// fix: Flatten it, or pool it, first.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 2>, global_avg_pool2d<>, repeat_vector<3>>;
#else
using net = network<input<4, 4, 2>, repeat_vector<3>>;
#endif
static_assert(net::output == shape{3, 2});
