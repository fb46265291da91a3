// SPDX-License-Identifier: BSL-1.0
// The count of a repeat is computed, and comes out below 0.
//
// title: A repeat of less than nothing
// fault: impossible_repeat
// expect: repeat<-1, conv2d<8, 3, same>>>, value_is<-1>
// expect: a count that is not negative
// fix: Correct the count; 0 times is nothing.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

template <int Blocks>
using blocks = sequence<conv2d<8, 3, same>, repeat<Blocks - 1, conv2d<8, 3, same>>>;

#ifdef RIGHT
using net = network<input<28, 28, 8>, blocks<1>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 8>, blocks<0>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
