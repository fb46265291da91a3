// SPDX-License-Identifier: BSL-1.0
// Explicit padding is not enough for a wide kernel, along the width only.
//
// title: A kernel wider than the padded map
// fault: window_exceeds_map
// expect: receives<9, 3, 1>, kernel_is<3, 7>, padding_is<0, 0, 1, 1>, on_axis<1>
// fix: The padded width is 3 + 1 + 1 = 5: pad by 2 on both sides, or use a kernel of width 5.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<9, 3, 1>, conv2d<8, kernel<3, 7>, padding<0, 2>>>;
#else
using net = network<input<9, 3, 1>, conv2d<8, kernel<3, 7>, padding<0, 1>>>;
#endif
static_assert(net::output == shape{7, 1, 8});
