// SPDX-License-Identifier: BSL-1.0
// The network that reads handwritten digits, and the figures it must have.
#pragma once

#include <ctnn/ctnn.hpp>

namespace digits {

using namespace ctnn;

using network =
    ctnn::network<input<28, 28, 1>, conv2d<40, 3, relu>,
                  conv2d<8, 3, relu>, // kernels of 3 x 3 x 40: as deep as the map they read
                  flatten, dense<10, softmax>>;

static_assert(network::layer<0>.kernel == shape{3, 3, 1});
static_assert(network::layer<1>.kernel == shape{3, 3, 40});
static_assert(network::parameters == 49'378);
static_assert(network::arena_bytes <= 128 * 1024);

inline constexpr int rows = network::input[0];
inline constexpr int columns = network::input[1];
inline constexpr int classes = network::output[0];

} // namespace digits
