// SPDX-License-Identifier: BSL-1.0
// A 2-D convolution is asked to be causal.
//
// title: Causal in two dimensions
// fault: unknown_option
// expect: conv2d<8, 3, causal>
// expect: option_is<1, causal>
// fix: Only `conv1d` is causal; pad a map explicitly: `padding<2, 0, 1, 1>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3, padding<2, 0, 1, 1>>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, causal>>;
#endif
static_assert(net::layer_count == 1);
