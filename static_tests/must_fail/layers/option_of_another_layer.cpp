// SPDX-License-Identifier: BSL-1.0
// An option is given to a layer that has no such option.
//
// title: An option that the layer does not have
// fault: unknown_option
// expect: at<0, fixed_string<11>{"max_pool2d"}, max_pool2d<2, same, groups<2>>>
// expect: option_is<2, groups<2>>
// expect: a layer does not know one of its options
// fix: Leave groups out: a pool works on each channel alone.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<8, 8, 4>, max_pool2d<2, same>>;
#else
using net = network<input<8, 8, 4>, max_pool2d<2, same, groups<2>>>;
#endif
static_assert(net::output == shape{4, 4, 4});
