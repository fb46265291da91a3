// SPDX-License-Identifier: BSL-1.0
// A 1-D convolution reads a map of height and width.
//
// title: A 1-D layer on a map
// fault: wrong_rank
// expect: conv1d<8, 3>
// expect: receives<28, 28, 1>
// expect: expects_axes<2>
// fix: Use `conv2d`, or reshape the map to (length, channels).
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, reshape<28, 28>, conv1d<8, 3>>;
#else
using net = network<input<28, 28, 1>, conv1d<8, 3>>;
#endif
static_assert(net::output.channels() == 8);
