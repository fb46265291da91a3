// SPDX-License-Identifier: BSL-1.0
// The network that the seeds in corpus/safetensors are for: 47 weights, so that files stay small.
#pragma once

#include <ctnn/ctnn.hpp>

namespace tiny {

using net = ctnn::network<ctnn::input<4, 4, 1>, ctnn::conv2d<2, 3>, ctnn::flatten, ctnn::dense<3>>;
static_assert(net::parameters == 47);

} // namespace tiny
