// SPDX-License-Identifier: BSL-1.0
// A type that is no layer stands in the list.
//
// title: Not a layer
// fault: not_a_layer
// expect: at<1, fixed_string<8>{"unknown"}, my_normalisation>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<8, 3>>
// expect: static constexpr 
// fix: Give the type a member `info`, or use a layer of ctnn.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

struct my_normalisation {};

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3>, batch_norm<>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3>, my_normalisation, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::layer<3>.output == shape{10});
