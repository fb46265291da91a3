// SPDX-License-Identifier: BSL-1.0
// Cells in another order, as a value: every layer that only moves cells by a rule of fixed steps
// says so by one, and one kernel runs them all.
#pragma once

#include <ctnn/core/shape.hpp>

namespace ctnn {

/// The cells of a tensor in the order in which another one has them: its cell (i, j, ...) is the
/// cell `first + i * steps[0] + j * steps[1] + ...`.
struct strided_view {
    int extents[max_rank]{};
    long long steps[max_rank]{};
    int count = 0;
    long long first = 0;

    constexpr strided_view() = default;
    constexpr explicit strided_view(long long first_cell) noexcept : first(first_cell) {}

    /// Adds an axis inside those that are there. An axis of one cell is none, and one that goes on
    /// where the inner one ends is one with it.
    constexpr void append(long long extent, long long step) noexcept {
        if (extent == 1) return;
        const bool goes_on = count > 0 && steps[count - 1] == extent * step;
        const int at = goes_on ? count - 1 : count;
        extents[at] = static_cast<int>(goes_on ? extents[at] * extent : extent);
        steps[at] = step;
        count = at + 1;
    }
};

} // namespace ctnn
