// SPDX-License-Identifier: BSL-1.0
// A kernel of a 3-D convolution declares another number of channels than the map has.
//
// title: The channels of a 3-D kernel
// fault: kernel_depth_mismatch
// expect: kernel_is<2, 3, 3, 3>, expects<2, 3, 3, 2>
// expect: receives<16, 28, 28, 2>
// fix: Leave the channels out: kernel<2, 3, 3>. Its depth of 2 slides along the map's 16.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<16, 28, 28, 2>, conv3d<8, kernel<2, 3, 3>>>;
#else
using net = network<input<16, 28, 28, 2>, conv3d<8, kernel<2, 3, 3, 3>>>;
#endif
static_assert(net::output == shape{15, 26, 26, 8});
