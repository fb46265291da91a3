// SPDX-License-Identifier: BSL-1.0
// A network that two translation units share.
#pragma once

#include <ctnn/ctnn.hpp>

using shared_network = ctnn::network<ctnn::input<4, 4, 1>, ctnn::conv2d<2, 3, ctnn::relu>,
                                     ctnn::flatten, ctnn::dense<2, ctnn::softmax>>;

inline constexpr float shared_weights[shared_network::parameters] = {1,  -1, 1,  -1, 1,
                                                                     -1, 1,  -1, 1,  -1};

/// Runs the network in the other translation unit.
float run_elsewhere(const float (&image)[16]);
/// The address of the launch table, which both units must share.
const void* table_elsewhere();
