// SPDX-License-Identifier: BSL-1.0
// The second layer's parameters were counted with kernels of depth 3: 8 * (3 * 3 * 3) + 8.
//
// title: Parameters counted by hand
// fault: parameters_differ
// expect: declares<624>, counted<3288>, kernel_is<3, 3, 40>
// expect: after<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3>>
// expect: a kernel is as deep as the map it reads
// fix: The second layer has 8 * (3 * 3 * 40) + 8 = 2888 parameters, and both have 3288.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, expect_parameters<3'288>,
                    flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, expect_parameters<624>,
                    flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
