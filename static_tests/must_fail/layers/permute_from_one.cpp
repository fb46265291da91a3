// SPDX-License-Identifier: BSL-1.0
// An order of axes is counted from 1, as in Keras.
//
// title: Axes counted from 1
// fault: not_a_permutation
// expect: permute<3, 1, 2>
// expect: value_is<3, 1, 2>, receives<3, 4, 5>
// expect: Axes are counted from 0
// fix: Take one off each: Keras' Permute counts the batch as axis 0.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<3, 4, 5>, permute<2, 0, 1>>;
#else
using net = network<input<3, 4, 5>, permute<3, 1, 2>>;
#endif
static_assert(net::layer_count == 1);
