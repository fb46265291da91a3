// SPDX-License-Identifier: BSL-1.0
// In a grouped convolution a kernel sees the channels of its group only.
//
// title: A kernel's depth with groups
// fault: kernel_depth_mismatch
// expect: kernel_is<3, 3, 64>, expects<3, 3, 32>, receives<14, 14, 64>
// expect: with groups: as the channels of a group
// fix: 64 channels in 2 groups make kernels 32 deep: write `kernel<3, 3, 32>`, or leave the depth out.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<14, 14, 64>, conv2d<128, kernel<3, 3, 32>, groups<2>>>;
#else
using net = network<input<14, 14, 64>, conv2d<128, kernel<3, 3, 64>, groups<2>>>;
#endif
static_assert(net::output == shape{12, 12, 128});
