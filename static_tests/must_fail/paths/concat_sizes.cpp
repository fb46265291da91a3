// SPDX-License-Identifier: BSL-1.0
// Branches of an inception block have different heights and widths.
//
// title: Branches of different size
// fault: concat_extents_differ
// expect: at<2, fixed_string<12>{"concatenate"}
// expect: first_is<12, 12, 8>, second_is<10, 10, 8>, on_axis<0>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<8, 1>>, and_after<1, fixed_string<9>{"conv2d_1"}, conv2d<8, 3>>
// fix: Use `same` in every branch, and the same stride.
// keras: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: input_shape=[(None, 12, 12, 8), (None, 13, 13, 8)]
// pytorch: Sizes of tensors must match except in dimension 1. Expected size 12 but got size 13 for tensor number 1 in the list.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<12, 12, 4>, concat<branch<conv2d<8, 1>>, branch<conv2d<8, 3, same>>>>;
#else
using net = network<input<12, 12, 4>, concat<branch<conv2d<8, 1>>, branch<conv2d<8, 3>>>>;
#endif
static_assert(net::output == shape{12, 12, 16});
