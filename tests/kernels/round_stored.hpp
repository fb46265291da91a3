// SPDX-License-Identifier: BSL-1.0
// What weights are after they were stored: kernels that read 16 bits of them are compared with the
// meaning of these.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <ctnn/core/dtype.hpp>

namespace property {

/// Rounds weights as they are stored: the greatest of a filter, the last axis, is brought between 1
/// and 2 by a power of two first. What `scales` would multiply a filter by is rounded with it.
inline void round_stored(float* weights, std::size_t count, std::size_t filters, ctnn::dtype stored,
                         const double* scales = nullptr) {
    if (stored == ctnn::dtype::float32) return;
    for (std::size_t f = 0; f < filters; ++f) {
        const double scale = scales ? scales[f] : 1;
        double largest = 0;
        for (std::size_t i = f; i < count; i += filters)
            largest = std::max(largest, std::abs(static_cast<double>(weights[i]) * scale));
        if (largest == 0) continue;
        const int highest = std::ilogb(largest);
        for (std::size_t i = f; i < count; i += filters) {
            const double number = std::ldexp(static_cast<double>(weights[i]) * scale, -highest);
            if (number == 0) continue;
            const int exponent = stored == ctnn::dtype::float16
                                     ? std::max(std::ilogb(number), -14) - 10
                                     : std::ilogb(number) - 7;
            const double kept = std::nearbyint(std::ldexp(number, -exponent));
            weights[i] = static_cast<float>(std::ldexp(kept, exponent + highest) / scale);
        }
    }
}

} // namespace property
