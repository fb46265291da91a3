// SPDX-License-Identifier: BSL-1.0
// An order of axes names one axis twice.
//
// title: An order that is none
// fault: not_a_permutation
// expect: permute<2, 0, 2>
// expect: value_is<2, 0, 2>, receives<3, 4, 5>
// expect: every axis of what it reads once
// fix: Name every axis once, from 0.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<3, 4, 5>, permute<2, 0, 1>>;
#else
using net = network<input<3, 4, 5>, permute<2, 0, 2>>;
#endif
static_assert(net::layer_count == 1);
