// SPDX-License-Identifier: BSL-1.0
// A kernel of the second layer is taken for 3 x 3 x 3, while it reads 40 channels.
//
// title: A kernel's depth
// fault: kernel_depth_mismatch
// expect: at<1, fixed_string<9>{"conv2d_1"}
// expect: kernel_is<3, 3, 3>, expects<3, 3, 40>, receives<26, 26, 40>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<40, 3>>
// expect: a kernel is as deep as the map it reads
// fix: Write 3, `kernel<3, 3>` or `kernel<3, 3, 40>`. A kernel is as deep as the map it reads.
// keras: The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=(3, 3, 3)
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, kernel<3, 3, 40>>, flatten,
                    dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, kernel<3, 3, 3>>, flatten,
                    dense<10>>;
#endif
static_assert(net::output == shape{10});
static_assert(net::parameters == 49'378);
