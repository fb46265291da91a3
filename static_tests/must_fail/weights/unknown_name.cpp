// SPDX-License-Identifier: BSL-1.0
// Weights are asked for under a name that the network does not have.
//
// title: Weights under an unknown name
// fault: no_such_weights
// expect: layer_path<fixed_string<15>{"conv2d_1/gamma"}>
// expect: the network has no weights under this name path
// fix: A convolution has a kernel and a bias.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
float blob[net::parameters];

#ifdef RIGHT
auto kernel = weights_of<"conv2d_1/kernel", net>(blob);
#else
auto gamma = weights_of<"conv2d_1/gamma", net>(blob);
#endif
