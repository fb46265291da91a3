// SPDX-License-Identifier: BSL-1.0
// A layer is asked for by a number that counts the input.
//
// title: No layer of this number
// fault: no_such_layer
// expect: layer_number<4>, layers_are<4>
// expect: Layers are counted from 0, inputs left out
// fix: The last of four layers is `layer<3>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;

#ifdef RIGHT
static_assert(net::layer<3>.output == shape{10});
static_assert(net::layer<3>.parameters <= 50'000);
#else
static_assert(net::layer<4>.output == shape{10});
static_assert(net::layer<4>.parameters <= 50'000);
#endif
