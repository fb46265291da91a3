// SPDX-License-Identifier: BSL-1.0
// Scaling by two roundings of 32-bit products, and when that gives what two multiplications by the
// rule do. All of it is decided where weights are packed, from the weights themselves: of each
// filter it is known between which numbers its sum lies for any input.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>

namespace ctnn::detail {

/// Between which numbers a filter's sum lies.
struct sum_range {
    long long least = 0;
    long long greatest = 0;

    constexpr void add(int weight) noexcept {
        least += weight * (weight > 0 ? least_int8 : greatest_int8);
        greatest += weight * (weight > 0 ? greatest_int8 : least_int8);
    }
    constexpr void add_start(int start) noexcept {
        least += start;
        greatest += start;
    }
    constexpr bool within(long long size) const noexcept {
        return least > -size && greatest < size;
    }
};

/// A filter's numbers as kernels that scale in short read them.
struct short_scale {
    int start = 0;         ///< what a sum begins with
    int multiplier = 0;    ///< twice the factor's
    int power = 0;         ///< 2^32 over what it is divided by
    bool constant = false; ///< the filter gives one cell for all inputs: its weights count as 0
    bool exact = true;     ///< sums fit into 24 bits, what is scaled into 16, and factors are small
};

/// One cell for all inputs, without weights.
constexpr short_scale constant_scale(int cell) noexcept {
    return {8 * cell, -fixed::greatest - 1, 1 << 30, true, true};
}

constexpr short_scale short_scale_of(const sum_range& range, int start, const rescale& factor,
                                     const int8_geometry& g) noexcept {
    if (!range.within(fixed::greatest)) return {start, 0, 0, false, false};
    const int least = fixed::scaled(static_cast<int>(range.least), factor);
    const int greatest = fixed::scaled(static_cast<int>(range.greatest), factor);
    const int cell = math::clamp(least + g.output_zero, g.low, g.high);
    if (factor.shift <= 0 && cell == math::clamp(greatest + g.output_zero, g.low, g.high))
        return constant_scale(cell - g.output_zero);
    constexpr int sum_limit = 1 << 23;
    constexpr int cell_limit = 32000;
    const bool exact = range.within(sum_limit) && least > -cell_limit && greatest < cell_limit &&
                       factor.multiplier >= 1 << 30 && factor.shift <= -2 && factor.shift >= -31;
    if (!exact) return {start, factor.multiplier, factor.shift, false, false};
    return {start, static_cast<int>(2U * static_cast<unsigned>(factor.multiplier)),
            static_cast<int>(1U << (32 + factor.shift)), false, true};
}

} // namespace ctnn::detail
