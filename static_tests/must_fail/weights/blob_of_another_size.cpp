// SPDX-License-Identifier: BSL-1.0
// The weights of another network are bound, which has no biases.
//
// title: A blob of another size
// fault: blob_size_differs
// expect: blob_has<49320>, network_has<49378>
// expect: a blob of weights must have as many elements as the network has parameters
// fix: Use the weights of this network. 58 are missing: the biases of 40 + 8 + 10 filters and units.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;

#ifdef RIGHT
float blob[49'378];
#else
float blob[49'320];
#endif
auto kernel = weights_of<"conv2d_1/kernel", net>(blob);
