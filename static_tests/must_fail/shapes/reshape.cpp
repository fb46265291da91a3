// SPDX-License-Identifier: BSL-1.0
// A reshape changes the number of elements.
//
// title: A reshape to another number of elements
// fault: reshape_changes_size
// expect: at<1, fixed_string<8>{"reshape"}, reshape<5, 5>>
// expect: receives<48>, equals<48>, target_is<5, 5>, equals<25>
// expect: a reshape must keep the number of elements
// fix: 5 * 5 = 25 is not 48: choose extents with that product, or let the compiler find one, `reshape<-1, 6>`.
// keras: The total size of the tensor must be unchanged. Received: input_shape=(48,), target_shape=(5, 5)
// pytorch: shape '[1, 5, 5]' is invalid for input of size 48
// tfjs: no error, the output is [null,5,5]
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<7>, dense<48>, reshape<8, 6>>;
#else
using net = network<input<7>, dense<48>, reshape<5, 5>>;
#endif
static_assert(net::output.rank == 2);
