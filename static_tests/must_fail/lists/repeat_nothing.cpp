// SPDX-License-Identifier: BSL-1.0
// A block is repeated 0 times.
//
// title: A repeat of 0
// fault: empty_repeat
// expect: repeat<0, conv2d<8, 3, same>>>, value_is<0>
// expect: repeat needs a count of at least 1
// fix: Leave the repeat out, or give it a count.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 8>, repeat<2, conv2d<8, 3, same>>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 8>, repeat<0, conv2d<8, 3, same>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
