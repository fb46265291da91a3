// SPDX-License-Identifier: BSL-1.0
// A shortcut stands outside a residual.
//
// title: A shortcut outside a residual
// fault: misplaced_shortcut
// expect: shortcut<conv2d<64, 1>>
// expect: a shortcut belongs directly into a residual
// fix: Put it into the residual, after the layers of its path.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>, residual<conv2d<64, 3, same>, shortcut<conv2d<64, 1>>>>;
#else
using net = network<input<56, 56, 64>, residual<conv2d<64, 3, same>>, shortcut<conv2d<64, 1>>>;
#endif
static_assert(net::output == shape{56, 56, 64});
