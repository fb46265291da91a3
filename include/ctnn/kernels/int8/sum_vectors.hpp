// SPDX-License-Identifier: BSL-1.0
// Sums of two tensors on int8 by vectors. Of the two the one with the greater scale is only halved,
// which is a shift.
#pragma once

#include <ctnn/kernels/int8/vector_rescale.hpp>
#include <ctnn/quantized/merges.hpp>

namespace ctnn {

namespace detail {

/// fixed::rescale_by(0.5).
inline constexpr rescale half_of{1 << 30, 0};

/// The same factor, below one half, in all lanes.
template <int Lanes>
[[gnu::always_inline]] inline simd::short_factors<Lanes> factors_from(const rescale& by) noexcept {
    const unsigned long long added = simd::added_to_product(by.shift);
    simd::ints<Lanes> both{};
    for (int i = 0; i < Lanes; ++i)
        both[i] = static_cast<int>(static_cast<unsigned>(added >> (i % 2 * 32)));
    return {by.multiplier - simd::ints<Lanes>{}, by.shift - simd::ints<Lanes>{}, both, both};
}

/// One of the two that are added.
template <int Lanes, bool Halved> struct added_cells {
    simd::short_factors<Lanes> factors;
    int zero;

    [[gnu::always_inline]] simd::ints<Lanes> part(const int8* from) const noexcept {
        constexpr int bits = sum_int8<false>::more_bits;
        const simd::ints<Lanes> read = simd::widen<Lanes>(from) - zero;
        if constexpr (Halved) return read * (1 << (bits - 1));
        return factors.scaled(read * (1 << bits));
    }
};

/// The cells from four vectors on.
template <int Lanes, bool Halved>
[[gnu::always_inline]] inline simd::quad_bytes<Lanes>
add_cells(const int8* first, const int8* second, const added_cells<Lanes, true>& left,
          const added_cells<Lanes, Halved>& right, const simd::short_factors<Lanes>& both,
          const lane_cells<Lanes>& cells) noexcept {
    simd::ints<Lanes> sums[4];
    _Pragma("GCC unroll 4") for (int v = 0; v < 4; ++v) sums[v] =
        both.scaled(left.part(first + v * Lanes) + right.part(second + v * Lanes));
    return cells.of(sums);
}

/// The first of the two is only halved.
template <int Lanes, bool Halved>
[[gnu::always_inline]] inline void sum_vectors(const int8_operands& o, const int8_geometry& g,
                                               long long count) noexcept {
    constexpr int size = 4 * Lanes;
    const added_cells<Lanes, true> left{factors_from<Lanes>(g.factors[0]), g.input_zero};
    const added_cells<Lanes, Halved> right{factors_from<Lanes>(g.factors[1]), g.other_zero};
    const auto both = factors_from<Lanes>(g.factors[2]);
    const lane_cells<Lanes> cells{g};
    long long i = 0;
    for (; i <= count - size; i += size)
        simd::store_bytes(o.output + i,
                          add_cells<Lanes>(o.input + i, o.other + i, left, right, both, cells),
                          size);
    if (i == count) return;
    int8 rest[2][size]{};
    for (int k = 0; k < count - i; ++k) {
        rest[0][k] = o.input[i + k];
        rest[1][k] = o.other[i + k];
    }
    simd::store_bytes(o.output + i, add_cells<Lanes>(rest[0], rest[1], left, right, both, cells),
                      static_cast<int>(count - i));
}

template <kernel_key Key>
[[gnu::noinline]] void sum_vectors_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const long long count = 1LL * g.map.out[2] * g.map.filters;
    int8_operands swapped = o;
    int8_geometry numbers = g;
    if (!(g.factors[0] == half_of)) {
        swapped.input = o.other;
        swapped.other = o.input;
        numbers.input_zero = g.other_zero;
        numbers.other_zero = g.input_zero;
        numbers.factors[0] = g.factors[1];
        numbers.factors[1] = g.factors[0];
    }
    if (numbers.factors[1] == half_of)
        sum_vectors<Key.lanes, true>(swapped, numbers, count);
    else
        sum_vectors<Key.lanes, false>(swapped, numbers, count);
}

} // namespace detail

constexpr int8_choice choose_sum_vectors(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    if (dots_of(machine) == dots::none || g.factors[2].shift >= 0) return choice;
    for (int i = 0; i < 2; ++i) // one is halved, and the other at least
        if (!(g.factors[i] == detail::half_of) &&
            (g.factors[i].shift >= 0 || !(g.factors[1 - i] == detail::half_of)))
            return choice;
    choice.key.kind = kernel_kind::sum_vectors;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.key.lanes = machine.lanes;
    choice.in_place = true;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::sum_vectors) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::sum_vectors_kernel<Key>;

} // namespace ctnn
