// SPDX-License-Identifier: BSL-1.0
// The weights are in a vector, whose size is not known to the compiler.
//
// title: A blob of unknown size
// fault: blob_size_differs
// expect: blob_has<-1>, network_has<49378>
// expect: a span or array of fixed extent
// fix: Check the size once where the data come in, and make a `std::span<const float, net::parameters>`.
#include <span>
#include <vector>

#include <ctnn/ctnn.hpp>
using namespace ctnn;

using net = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;
std::vector<float> blob(49'378);

#ifdef RIGHT
std::span<const float, net::parameters> checked(blob);
auto kernel = weights_of<"conv2d_1/kernel", net>(checked);
#else
auto kernel = weights_of<"conv2d_1/kernel", net>(blob);
#endif
