// SPDX-License-Identifier: BSL-1.0
// A network has two mistakes: the first one is reported, and nothing follows from it.
//
// title: Two mistakes, one error
// fault: missing_channel_axis
// expect: receives<28, 28>
// forbid: input_size_mismatch
// fix: Correct the first one and compile again.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10, in<4608>>>;
#else
using net = network<input<28, 28>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10, in<4600>>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::layer<1>.kernel == shape{3, 3, 40});
static_assert(net::layer_count == 4);
