// SPDX-License-Identifier: BSL-1.0
// A merge has one path.
//
// title: A merge of one path
// fault: too_few_paths
// expect: at<1, fixed_string<12>{"concatenate"}, concat<sequence<conv2d<8, 1>>>>, paths_are<1>
// expect: a merge needs at least two paths
// fix: Put each path into a `branch<...>` of its own.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<12, 12, 4>, concat<branch<conv2d<4, 1>>, branch<conv2d<4, 3, same>>>>;
#else
using net = network<input<12, 12, 4>, concat<branch<conv2d<8, 1>>>>;
#endif
static_assert(net::output == shape{12, 12, 8});
