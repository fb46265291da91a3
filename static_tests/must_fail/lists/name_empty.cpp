// SPDX-License-Identifier: BSL-1.0
// A name is empty.
//
// title: An empty name
// fault: bad_name
// expect: save<fixed_string<1>{""}>
// expect: a name must have 1 to 126 characters
// fix: Give it a name.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 8>, save<"start">, conv2d<8, 3, same>, add_with<"start">>;
#else
using net = network<input<28, 28, 8>, save<"">, conv2d<8, 3, same>, add_with<"">>;
#endif
static_assert(net::output == shape{28, 28, 8});
