// SPDX-License-Identifier: BSL-1.0
// Padding is taken for cropping.
//
// title: Negative padding
// fault: negative_padding
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: padding_is<-1, -1, -1, -1>
// expect: cropping2d takes them away
// fix: Put `cropping2d<1>` before the convolution.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, cropping2d<1>, conv2d<8, 3>>;
#else
using net = network<input<28, 28, 1>, conv2d<8, 3, padding<-1>>>;
#endif
static_assert(net::output == shape{24, 24, 8});
