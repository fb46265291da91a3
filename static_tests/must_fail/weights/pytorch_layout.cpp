// SPDX-License-Identifier: BSL-1.0
// A kernel is written in PyTorch's layout: filters, depth, height, width.
//
// title: A kernel in another layout
// fault: weight_layout_differs
// expect: layer_path<fixed_string<16>{"conv2d_1/kernel"}>, declares<8, 40, 3, 3>, weights_are<3, 3, 40, 8>
// expect: A kernel is height, width, input depth, filters
// fix: Transpose the kernel to height, width, depth, filters, as Keras has it.
// keras: Layer conv2d_9 weight shape (3, 3, 3, 4) is not compatible with provided weight shape (4, 3, 3, 3).
// pytorch: size mismatch for weight: copying a param with shape torch.Size([3, 3, 3, 4]) from checkpoint, the shape in current model is torch.Size([4, 3, 3, 3]).
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
float blob[net::parameters];

#ifdef RIGHT
auto kernels = weights_of<"conv2d_1/kernel", net, shape{3, 3, 40, 8}>(blob);
#else
auto kernels = weights_of<"conv2d_1/kernel", net, shape{8, 40, 3, 3}>(blob);
#endif
static_assert(kernels.extent == 3 * 3 * 40 * 8);
