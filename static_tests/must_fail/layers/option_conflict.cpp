// SPDX-License-Identifier: BSL-1.0
// `same` and explicit padding are given together.
//
// title: `same` and `padding<...>`
// fault: conflicting_options
// expect: at<0, fixed_string<7>{"conv2d"}
// expect: option_is<1, same>, option_is<3, padding<1>>
// expect: two exclude each other, as same, valid and padding<...> do
// fix: Keep one. At stride 2, `same` pads more at the end, as TensorFlow does; `padding<1>` pads both ends, as PyTorch does.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<56, 56, 64>, conv2d<64, 3, stride<2>, padding<1>>>;
#else
using net = network<input<56, 56, 64>, conv2d<64, 3, same, stride<2>, padding<1>>>;
#endif
static_assert(net::output == shape{28, 28, 64});
