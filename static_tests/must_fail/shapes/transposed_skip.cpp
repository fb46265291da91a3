// SPDX-License-Identifier: BSL-1.0
// A transposed convolution gives one row more than the skip connection has.
//
// title: A transposed convolution beside a skip of another size
// fault: concat_extents_differ
// expect: at<3, fixed_string<12>{"concatenate"}, concat_with<fixed_string<5>{"skip"}>>
// expect: first_is<33, 33, 8>, second_is<32, 32, 8>, on_axis<0>
// expect: after<2, fixed_string<17>{"conv2d_transpose"}
// expect: and_after<0, fixed_string<7>{"conv2d"}
// fix: A 3 x 3 kernel gives (16 - 1) * 2 + 3 = 33: use `same`, or a 2 x 2 kernel.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<32, 32, 3>, conv2d<8, 3, same>, save<"skip">, max_pool2d<2>,
                    conv2d_transpose<8, 2, stride<2>>, concat_with<"skip">>;
#else
using net = network<input<32, 32, 3>, conv2d<8, 3, same>, save<"skip">, max_pool2d<2>,
                    conv2d_transpose<8, 3, stride<2>>, concat_with<"skip">>;
#endif
static_assert(net::output.channels() == 16);
