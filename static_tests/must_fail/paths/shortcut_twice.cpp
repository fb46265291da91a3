// SPDX-License-Identifier: BSL-1.0
// A residual has two shortcuts.
//
// title: Two shortcuts
// fault: misplaced_shortcut
// expect: shortcut<conv2d<64, 1>>
// expect: and only one
// fix: For more than two paths, use `add<branch<...>, branch<...>, branch<...>>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>,
                    add<branch<conv2d<64, 3, same>>, branch<>, branch<conv2d<64, 1>>>>;
#else
using net = network<input<56, 56, 64>,
                    residual<conv2d<64, 3, same>, shortcut<>, shortcut<conv2d<64, 1>>>>;
#endif
static_assert(net::output == shape{56, 56, 64});
