// SPDX-License-Identifier: BSL-1.0
// A kernel as a plan calls it.
#pragma once

#include <ctnn/kernels/kernel.hpp>

namespace ctnn {

/// What a step that has a kernel hands to it.
struct kernel_call {
    geometry numbers;
    kernel_choice choice;
    long long scratch = 0; ///< bytes into the arena
    long long packed = 0;  ///< floats into the packed weights
};

} // namespace ctnn
