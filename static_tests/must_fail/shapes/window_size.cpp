// SPDX-License-Identifier: BSL-1.0
// The border that a convolution without padding loses was forgotten.
//
// title: A convolution's output has another size
// fault: window_output_differs
// expect: expects<28, 28, 40>, receives<26, 26, 40>, on_axis<0>, from_map<28, 28, 1>
// expect: spans<3, 3>, stride_is<1, 1>, padding_is<0, 0, 0, 0>
// expect: (map + padding - span) / stride + 1
// fix: (28 + 0 - 3) / 1 + 1 = 26: correct `expect<...>`, or use `same`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3, same>, expect<28, 28, 40>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, expect<28, 28, 40>>;
#endif
static_assert(net::output == shape{28, 28, 40});
