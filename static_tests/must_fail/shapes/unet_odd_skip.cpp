// SPDX-License-Identifier: BSL-1.0
// A U-Net's skip is odd-sized: pooled and upsampled again, a map has lost a row and a column.
//
// title: An odd-sized U-Net skip
// fault: concat_extents_differ
// expect: at<4, fixed_string<12>{"concatenate"}
// expect: first_is<100, 100, 16>, second_is<101, 101, 8>, on_axis<0>
// expect: after<3, fixed_string<14>{"up_sampling2d"}, up_sampling2d<2>>, and_after<0, fixed_string<7>{"conv2d"}
// expect: Where a pool or stride rounded an odd extent
// fix: Pad after upsampling, `zero_padding2d<0, 1, 0, 1>`; or crop the skip; or use an input whose size divides by the strides.
// keras: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: input_shape=[(None, 101, 101, 8), (None, 100, 100, 8)]
// pytorch: Sizes of tensors must match except in dimension 1. Expected size 101 but got size 100 for tensor number 1 in the list.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<101, 101, 1>, conv2d<8, 3, same>, save<"skip">, max_pool2d<2>,
                    conv2d<16, 3, same>, up_sampling2d<2>, zero_padding2d<0, 1, 0, 1>,
                    concat_with<"skip">>;
#else
using net = network<input<101, 101, 1>, conv2d<8, 3, same>, save<"skip">, max_pool2d<2>,
                    conv2d<16, 3, same>, up_sampling2d<2>, concat_with<"skip">>;
#endif
static_assert(net::output.channels() == 24);
