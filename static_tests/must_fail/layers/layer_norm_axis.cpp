// SPDX-License-Identifier: BSL-1.0
// A layer norm begins at an axis that the map does not have.
//
// title: The axis of a layer norm
// fault: no_such_axis
// expect: layer_norm<axis<3>>
// expect: on_axis<3>, receives<4, 4, 8>
// fix: Count axes from 0 without the batch: axis<0> is the whole map.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<4, 4, 8>, layer_norm<axis<0>>>;
#else
using net = network<input<4, 4, 8>, layer_norm<axis<3>>>;
#endif
static_assert(net::output == shape{4, 4, 8});
