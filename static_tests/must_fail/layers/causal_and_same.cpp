// SPDX-License-Identifier: BSL-1.0
// A causal convolution is also asked for `same` padding.
//
// title: Causal and same
// fault: conflicting_options
// expect: conv1d<8, 3, causal, same>
// expect: option_is<1, causal>, option_is<2, same>
// fix: Keep `causal`: with stride 1 it gives as many outputs as `same` does.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

#ifdef RIGHT
using net = network<input<100, 4>, conv1d<8, 3, causal>>;
#else
using net = network<input<100, 4>, conv1d<8, 3, causal, same>>;
#endif
static_assert(net::output == shape{100, 8});
