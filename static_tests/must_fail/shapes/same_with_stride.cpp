// SPDX-License-Identifier: BSL-1.0
// `same` is taken for keeping the size at any stride.
//
// title: `same` with a stride
// fault: same_output_differs
// expect: expects<56, 56, 64>, receives<28, 28, 64>, on_axis<0>, from_map<56, 56, 64>, stride_is<2, 2>
// expect: after<0, fixed_string<7>{"conv2d"}
// expect: Only stride 1 keeps the size
// fix: Correct `expect<...>` to 28 x 28, which is 56 / 2 rounded up, or leave the stride out.
// pytorch: padding='same' is not supported for strided convolutions
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>, conv2d<64, 3, same>, expect<56, 56, 64>>;
#else
using net = network<input<56, 56, 64>, conv2d<64, 3, same, stride<2>>, expect<56, 56, 64>>;
#endif
static_assert(net::output == shape{56, 56, 64});
