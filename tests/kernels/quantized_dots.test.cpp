// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 by vectors, as Cortex-M55 has them, in plain C++.
#include "quantized_shapes.hpp"

using namespace property;

TEST_CASE("depthwise convolutions on int8 on Cortex-M55") {
    check_networks<targets::cortex_m55, 1, 4>(depthwise_convolutions{});
}

TEST_CASE("dense layers on int8 on Cortex-M55") {
    check_networks<targets::cortex_m55, 1, 4>(dense_layers{});
}

TEST_CASE("sums, means and clamps on int8 on Cortex-M55") {
    check_networks<targets::cortex_m55, 1, 4>(sums{});
}
