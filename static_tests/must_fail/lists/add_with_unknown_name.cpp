// SPDX-License-Identifier: BSL-1.0
// A tensor is added that was saved under another name.
//
// title: Adding a tensor that was not saved
// fault: no_such_name
// expect: add_with<fixed_string<5>{"stem"}>
// expect: after<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3, same>>
// expect: nothing was saved under this name before this place
// fix: Use the name that is saved: `add_with<"start">`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3, same>, save<"start">, conv2d<8, 3, same>,
                    add_with<"start">, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, same>, save<"start">, conv2d<8, 3, same>,
                    add_with<"stem">, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
