// SPDX-License-Identifier: BSL-1.0
// The shape that somebody expects has other channels than the one that arrives.
//
// title: Another shape than expected
// fault: expectation_failed
// expect: expects<26, 26, 32>, receives<26, 26, 40>, on_axis<2>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<40, 3>>
// expect: expect<...> names another shape than the one that arrives
// fix: Correct `expect<...>`, or the layer before it.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, expect<26, 26, 40>, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, expect<26, 26, 32>, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
