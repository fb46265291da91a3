// SPDX-License-Identifier: BSL-1.0
// A grey image is written without its channel axis.
//
// title: The channel axis is missing
// fault: missing_channel_axis
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<40, 3>>
// expect: expects_axes<3>, receives<28, 28>
// expect: after_input
// expect: A grey image has one channel: write input<28, 28, 1>
// fix: Write `input<28, 28, 1>`. The batch is left out: a network reads one image.
// keras: Input 0 of layer "conv2d_2" is incompatible with the layer: expected min_ndim=4, found ndim=3. Full shape received: (1, 28, 28)
// pytorch: Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [28, 28]
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#else
using net = network<input<28, 28>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::parameters == 49'378);
