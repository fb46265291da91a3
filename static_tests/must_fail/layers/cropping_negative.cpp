// SPDX-License-Identifier: BSL-1.0
// Cropping is taken for padding.
//
// title: Negative cropping
// fault: negative_padding
// expect: at<0, fixed_string<11>{"cropping2d"}, cropping2d<0, -1, 0, -1>>, value_is<0, -1, 0, -1>
// fix: Write `zero_padding2d<0, 1, 0, 1>`.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<27, 27, 1>, zero_padding2d<0, 1, 0, 1>>;
#else
using net = network<input<27, 27, 1>, cropping2d<0, -1, 0, -1>>;
#endif
static_assert(net::output == shape{28, 28, 1});
