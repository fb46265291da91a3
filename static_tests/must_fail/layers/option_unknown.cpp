// SPDX-License-Identifier: BSL-1.0
// Something that is no option is given as one.
//
// title: Not an option
// fault: unknown_option
// expect: at<0, fixed_string<7>{"conv2d"}, conv2d<8, 3, flatten, no_bias>>
// expect: option_is<1, flatten>
// fix: Put flatten into the list, after the layer. Only activations may stand in both places.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3, relu, no_bias>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, flatten, no_bias>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
