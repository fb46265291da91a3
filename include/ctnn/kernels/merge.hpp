// SPDX-License-Identifier: BSL-1.0
// Two tensors of one shape, cell by cell, or a map and a gate of one cell per channel:
// output = clamp(input with other, low, high). The output may be either of the two. Three and more
// inputs are several calls; their average is sums, and last a mean with geometry::divisor inputs.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/simd.hpp>

namespace ctnn {

/// kernel_key::detail of a merge: one of these, and `gate` added to it.
namespace merge_way {
inline constexpr int sum = 0;
inline constexpr int difference = 1;
inline constexpr int product = 2;
inline constexpr int mean = 3;
inline constexpr int greatest = 4;
inline constexpr int least = 5;
inline constexpr int gate = 8; ///< operands::other has one cell for each channel
} // namespace merge_way

namespace detail {

template <int Way, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes> merge_cells(simd::floats<Lanes> left,
                                                              simd::floats<Lanes> right,
                                                              simd::floats<Lanes> factor) noexcept {
    static_cast<void>(factor);
    if constexpr (Way == merge_way::sum) {
        return left + right;
    } else if constexpr (Way == merge_way::difference) {
        return left - right;
    } else if constexpr (Way == merge_way::product) {
        return left * right;
    } else if constexpr (Way == merge_way::mean) {
        return (left + right) * factor;
    } else { // a NaN stays
        if constexpr (Way == merge_way::greatest)
            left = right > left ? right : left;
        else
            left = right < left ? right : left;
        return right != right ? right : left;
    }
}

[[gnu::always_inline]] constexpr long long greatest_divisor(long long left,
                                                            long long right) noexcept {
    while (right != 0) {
        const long long rest = left % right;
        left = right;
        right = rest;
    }
    return left;
}

/// The least number of floats that is whole pixels and whole vectors: what is per channel is
/// repeated up to there, and then read as vectors.
[[gnu::always_inline]] constexpr long long channel_period(long long channels, int lanes) noexcept {
    return channels / greatest_divisor(channels, lanes) * lanes;
}

template <int Way, int Lanes> struct clamped_merge {
    simd::floats<Lanes> factor, low, high;

    [[gnu::always_inline]] simd::floats<Lanes>
    operator()(simd::floats<Lanes> left, simd::floats<Lanes> right) const noexcept {
        return simd::clamp<Lanes>(merge_cells<Way, Lanes>(left, right, factor), low, high);
    }
};

} // namespace detail

template <kernel_key Key> void merge(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int way = Key.detail & 7;
    constexpr bool gated = (Key.detail & merge_way::gate) != 0;
    const long long cells = 1LL * g.out[0] * g.out[1] * g.out[2] * g.filters;
    const float inputs = way == merge_way::mean ? static_cast<float>(g.divisor) : 1;
    const detail::clamped_merge<way, lanes> join{simd::broadcast<lanes>(1 / inputs),
                                                 simd::broadcast<lanes>(g.low),
                                                 simd::broadcast<lanes>(g.high)};
    const float* other = o.other;
    long long period = cells;
    if constexpr (gated) {
        period = detail::channel_period(g.filters, lanes);
        if (period != g.filters) {
            for (long long i = 0; i < period; ++i) o.scratch[i] = o.other[i % g.filters];
            other = o.scratch;
        }
    }
    for (long long start = 0; start < cells; start += period) {
        const float* left = o.input + start;
        float* to = o.output + start;
        const long long count = math::min(period, cells - start);
        long long i = 0;
        for (; i + 4 * lanes <= count; i += 4 * lanes)
            _Pragma("GCC unroll 4") for (int k = 0; k < 4 * lanes; k += lanes)
                simd::store<lanes>(to + i + k, join(simd::load<lanes>(left + i + k),
                                                    simd::load<lanes>(other + i + k)));
        for (; i + lanes <= count; i += lanes)
            simd::store<lanes>(to + i,
                               join(simd::load<lanes>(left + i), simd::load<lanes>(other + i)));
        if (i == count) continue;
        const int rest = static_cast<int>(count - i);
        simd::store_part<Key.machine, lanes>(
            to + i,
            join(simd::load_part<Key.machine, lanes>(left + i, rest),
                 simd::load_part<Key.machine, lanes>(other + i, rest)),
            rest);
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::merge) inline constexpr kernel_function kernel_of<Key> = &merge<Key>;

/// The kernel for a merge of two tensors, `way` of merge_way. Nothing is packed.
constexpr kernel_choice choose_merge(const geometry& g, const target& machine, int way) noexcept {
    kernel_choice choice;
    choice.key.kind = kernel_kind::merge;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    choice.key.detail = way;
    if ((way & merge_way::gate) != 0 && g.filters % machine.lanes != 0)
        choice.scratch_floats = detail::channel_period(g.filters, machine.lanes);
    return choice;
}

} // namespace ctnn
