// SPDX-License-Identifier: BSL-1.0
// A convolution declares another number of channels than its map has.
//
// title: A convolution for another number of channels
// fault: channel_mismatch
// expect: at<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3, in<40>>>
// expect: declares<40>, receives<26, 26, 3>, on_axis<2>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<3, 3>>
// expect: Correct in<...>, or the filters of the layer before
// fix: Give the first convolution 40 filters, or write `in<3>`. Without `in<...>` a convolution takes the depth of its map.
// keras: Input 0 of layer "conv2d_1" is incompatible with the layer: expected axis -1 of input shape to have value 40, but received input with shape (1, 26, 26, 3)
// pytorch: Given groups=1, weight of size [8, 40, 3, 3], expected input[1, 3, 26, 26] to have 40 channels, but got 3 channels instead
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3, in<40>>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<3, 3>, conv2d<8, 3, in<40>>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::layer<1>.parameters == 2'888);
