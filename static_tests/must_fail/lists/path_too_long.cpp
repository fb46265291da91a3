// SPDX-License-Identifier: BSL-1.0
// The names of nested blocks add up to a path that is too long.
//
// title: A name path that is too long
// fault: path_too_long
// expect: conv2d<8, 3>
// expect: has more than 127 characters
// fix: Shorten the names of the blocks.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

template <class Layer> using long_name = block<"a_name_of_a_stage_that_goes_on_for_a_while", Layer>;

#ifdef RIGHT
using net = network<input<28, 28, 1>, long_name<long_name<conv2d<8, 3>>>>;
#else
using net = network<input<28, 28, 1>, long_name<long_name<long_name<conv2d<8, 3>>>>>;
#endif
static_assert(net::output == shape{26, 26, 8});
