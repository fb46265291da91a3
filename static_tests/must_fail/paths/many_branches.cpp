// SPDX-License-Identifier: BSL-1.0
// A merge has more paths than it can take.
//
// title: A merge of 17 paths
// fault: too_many_paths
// expect: fixed_string<4>{"add"}
// expect: a merge takes at most 16 paths
// fix: Add some of them first.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

using path = branch<dense<8>>;

#ifdef RIGHT
using net = network<input<8>, add<path, path, path, path, path, path, path, path, path, path, path,
                                  path, path, path, path, path>>;
#else
using net = network<input<8>, add<path, path, path, path, path, path, path, path, path, path, path,
                                  path, path, path, path, path, path>>;
#endif
static_assert(net::output == shape{8});
