// SPDX-License-Identifier: BSL-1.0
// The type of a layer is asked for that does not exist.
//
// title: No layer type of this number
// fault: no_such_layer
// expect: layer_number<9>, layers_are<4>
// fix: The last of four layers is `layer_type_at<3>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;

#ifdef RIGHT
using last = net::layer_type_at<3>;
#else
using last = net::layer_type_at<9>;
#endif
last* pointer = nullptr;
