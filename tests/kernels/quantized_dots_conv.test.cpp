// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 by vectors, as Cortex-M55 has them, in plain C++.
#include "quantized_shapes.hpp"

using namespace property;

TEST_CASE("convolutions on int8 of odd shapes on Cortex-M55") {
    check_networks<targets::cortex_m55, 1, 4>(odd_convolutions{});
}

TEST_CASE("convolutions on int8 over what they read on Cortex-M55") {
    check_networks<targets::cortex_m55, 1, 4>(convolutions_in_place{});
}
