// SPDX-License-Identifier: BSL-1.0
// A layer is asked for by a name path that the network does not have.
//
// title: No layer of this name path
// fault: no_such_layer
// expect: layer_path<fixed_string<9>{"conv2d_2"}>, layers_are<4>
// expect: the summary prints their paths
// fix: The second convolution is conv2d_1: the first one is conv2d, as in Keras.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;

#ifdef RIGHT
static_assert(net::layer<"conv2d_1">.kernel == shape{3, 3, 40});
static_assert(net::layer<"conv2d_1">.kernel.channels() == 40);
#else
static_assert(net::layer<"conv2d_2">.kernel == shape{3, 3, 40});
static_assert(net::layer<"conv2d_2">.kernel.channels() == 40);
#endif
