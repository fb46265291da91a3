// SPDX-License-Identifier: BSL-1.0
// A picture is written channels first, as in PyTorch.
//
// title: Channels first
// fault: channels_first
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: declares<3>, receives<3, 224, 224>
// expect: after_input
// expect: the map looks channels first, and ctnn puts channels last
// fix: Write `input<224, 224, 3>` and reorder the data. `in<3>` is what tells: without it, a map of height 3 and 224 channels is a map like any other.
// keras: Input 0 of layer "conv2d_5" is incompatible with the layer: expected axis -1 of input shape to have value 3, but received input with shape (1, 3, 32, 32)
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<224, 224, 3>, conv2d<64, 7, stride<2>, same, in<3>>, global_avg_pool2d<>,
                    dense<1000>>;
#else
using net = network<input<3, 224, 224>, conv2d<64, 7, stride<2>, same, in<3>>, global_avg_pool2d<>,
                    dense<1000>>;
#endif
static_assert(net::layer<0>.output == shape{112, 112, 64});
static_assert(net::output == shape{1000});
