// SPDX-License-Identifier: BSL-1.0
// A block's name contains a slash.
//
// title: A name with a slash
// fault: bad_name
// expect: block<fixed_string<13>{"stage/block1"}, conv2d<8, 3>>
// expect: no slash
// fix: Nest the blocks: `block<"stage", block<"block1", ...>>` makes the path stage/block1.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, block<"stage", block<"block1", conv2d<8, 3>>>, flatten,
                    dense<10>>;
#else
using net = network<input<28, 28, 1>, block<"stage/block1", conv2d<8, 3>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
