// SPDX-License-Identifier: BSL-1.0
// The flatten before a dense layer was forgotten.
//
// title: Flatten forgotten
// fault: missing_flatten
// expect: at<2, fixed_string<6>{"dense"}
// expect: declares<4608>, receives<24, 24, 8>, equals<4608>
// expect: after<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3>>
// expect: Put flatten before it
// fix: Put flatten before the dense layer: 24 * 24 * 8 = 4608. Without `in<...>`, a dense layer on a map works along its last axis, as in Keras.
// pytorch: mat1 and mat2 shapes cannot be multiplied (192x24 and 4608x10)
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10, in<4608>>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, dense<10, in<4608>>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::parameters == 49'378);
