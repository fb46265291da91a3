// SPDX-License-Identifier: BSL-1.0
// When cells are what is expected.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace backend {

inline constexpr double tolerance = 1e-4;

/// The largest distance of a cell from what is expected, relative where that is more than 1.
inline double distance(const std::vector<double>& found, const std::vector<double>& expected) {
    constexpr double far = std::numeric_limits<double>::infinity();
    double worst = found.size() == expected.size() ? 0 : far;
    for (std::size_t i = 0; i < found.size() && i < expected.size(); ++i) {
        const double wanted = expected[i];
        if (std::isnan(wanted) && std::isnan(found[i])) continue;
        if (wanted == static_cast<double>(static_cast<float>(found[i]))) continue;
        const double off = std::abs(found[i] - wanted) / (1 + std::abs(wanted));
        worst = std::isnan(off) ? far : std::max(worst, off);
    }
    return worst;
}

} // namespace backend
