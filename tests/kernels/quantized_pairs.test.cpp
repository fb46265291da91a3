// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 by pairs of 16-bit numbers, as Cortex-M4 has them, in plain C++.
#include "quantized_shapes.hpp"

using namespace property;

TEST_CASE("depthwise convolutions on int8 on Cortex-M4") {
    check_networks<targets::cortex_m4, 1, 2, 3>(depthwise_convolutions{});
}

TEST_CASE("dense layers on int8 on Cortex-M4") {
    check_networks<targets::cortex_m4, 1, 2, 3>(dense_layers{});
}

TEST_CASE("sums, means and clamps on int8 on Cortex-M4") {
    check_networks<targets::cortex_m4, 1, 2, 3>(sums{});
}
