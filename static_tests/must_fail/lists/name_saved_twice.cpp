// SPDX-License-Identifier: BSL-1.0
// A name is saved a second time, and the first tensor was never used.
//
// title: A name saved twice
// fault: name_taken
// expect: save<fixed_string<5>{"skip"}>
// expect: before the first tensor of that name was used
// fix: Give each tensor its name. A name may be saved again once its tensor was used.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<32, 32, 3>, conv2d<8, 3, same>, max_pool2d<2>, conv2d<16, 3, same>,
                    save<"skip">, conv2d<16, 3, same>, add_with<"skip">>;
#else
using net = network<input<32, 32, 3>, conv2d<8, 3, same>, save<"skip">, max_pool2d<2>,
                    conv2d<16, 3, same>, save<"skip">, conv2d<16, 3, same>, add_with<"skip">>;
#endif
static_assert(net::output == shape{16, 16, 16});
