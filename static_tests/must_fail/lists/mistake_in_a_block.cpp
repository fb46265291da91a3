// SPDX-License-Identifier: BSL-1.0
// A mistake inside repeated and named blocks: the message says in which one.
//
// title: Where a mistake in nested blocks is
// fault: window_exceeds_map
// expect: at<6, fixed_string<15>{"stage_3/conv2d"}, conv2d<16, 3>>
// expect: receives<1, 1, 16>, kernel_is<3, 3>
// expect: after<5, fixed_string<19>{"stage_2/max_pool2d"}, max_pool2d<2>>
// fix: Repeat the stage three times: the map has 22, 10, 4 and then 1 rows.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using stage = block<"stage", conv2d<16, 3>, max_pool2d<2>>;

#ifdef RIGHT
using net = network<input<22, 22, 3>, repeat<3, stage>, flatten, dense<10>>;
#else
using net = network<input<22, 22, 3>, repeat<4, stage>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
