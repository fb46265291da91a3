// SPDX-License-Identifier: BSL-1.0
// A layer has two activations.
//
// title: An option given twice
// fault: conflicting_options
// expect: at<0, fixed_string<6>{"dense"}
// expect: option_is<1, relu>, option_is<2, sigmoid>
// expect: an option is given twice
// fix: Keep one activation, or put the second into the list as a layer.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<64>, dense<10, relu>, sigmoid>;
#else
using net = network<input<64>, dense<10, relu, sigmoid>>;
#endif
static_assert(net::output == shape{10});
