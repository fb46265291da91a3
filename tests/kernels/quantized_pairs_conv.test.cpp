// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 by pairs of 16-bit numbers, as Cortex-M4 has them, in plain C++.
#include "quantized_shapes.hpp"

using namespace property;

TEST_CASE("convolutions on int8 of odd shapes on Cortex-M4") {
    check_networks<targets::cortex_m4, 1, 2, 3>(odd_convolutions{});
}

TEST_CASE("convolutions on int8 over what they read on Cortex-M4") {
    check_networks<targets::cortex_m4, 1, 2, 3>(convolutions_in_place{});
}
