// SPDX-License-Identifier: BSL-1.0
// A tensor is used before it is saved.
//
// title: Using a tensor before it is saved
// fault: no_such_name
// expect: concat_with<fixed_string<5>{"enc1"}>
// expect: Put save<"name"> after the layer whose output is meant
// fix: Layers run in the order in which they are written: save first.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3, same>, save<"enc1">, conv2d<8, 3, same>,
                    concat_with<"enc1">, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, same>, concat_with<"enc1">, conv2d<8, 3, same>,
                    save<"enc1">, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
