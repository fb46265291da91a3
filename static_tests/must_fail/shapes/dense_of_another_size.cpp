// SPDX-License-Identifier: BSL-1.0
// A dense layer was written for a map of another size than the one that is flattened.
//
// title: A dense layer for another number of inputs
// fault: input_size_mismatch
// expect: at<3, fixed_string<6>{"dense"}, dense<10, in<4608>>>
// expect: declares<4608>, receives<6272>, product_of<28, 28, 8>
// expect: after<2, fixed_string<8>{"flatten"}, flatten>
// expect: a dense layer declares with in<...> another number of inputs
// fix: Write `in<6272>`, which is 28 * 28 * 8; leave `in<...>` out; or leave `same` out, so that the map is 24 x 24.
// pytorch: mat1 and mat2 shapes cannot be multiplied (1x6272 and 4608x10)
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3, same>, conv2d<8, 3, same>, flatten,
                    dense<10, in<6272>>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3, same>, conv2d<8, 3, same>, flatten,
                    dense<10, in<4608>>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::layer<"dense">.output == shape{10});
