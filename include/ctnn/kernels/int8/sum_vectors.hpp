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

/// One of the two that are added.
template <int Lanes> struct added_cells {
    lane_factors<Lanes> factors;
    int zero;
    bool halved;

    [[gnu::always_inline]] simd::ints<Lanes> part(const int8* from) const noexcept {
        using cells = typename simd::vector_of<signed char, Lanes>::anywhere;
        const auto read =
            __builtin_convertvector(*reinterpret_cast<const cells*>(from), simd::ints<Lanes>) -
            zero;
        constexpr int bits = sum_int8<false>::more_bits;
        return halved ? read * (1 << (bits - 1)) : factors.scaled(read * (1 << bits));
    }
};

/// The cells from four vectors on.
template <int Lanes>
[[gnu::always_inline]] inline simd::quad_bytes<Lanes>
add_cells(const int8* first, const int8* second, const added_cells<Lanes>& left,
          const added_cells<Lanes>& right, const lane_factors<Lanes>& both,
          const lane_cells<Lanes>& cells) noexcept {
    simd::ints<Lanes> sums[4];
    _Pragma("GCC unroll 4") for (int v = 0; v < 4; ++v) sums[v] =
        both.scaled(left.part(first + v * Lanes) + right.part(second + v * Lanes));
    return cells.of(sums);
}

template <kernel_key Key>
[[gnu::noinline]] void sum_vectors_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int size = 4 * lanes;
    const bool first_halved = g.factors[0] == half_of;
    const bool swapped = !first_halved && g.factors[1] == half_of;
    const int8* const halved = swapped ? o.other : o.input;
    const int8* const other = swapped ? o.input : o.other;
    const added_cells<lanes> left{lane_factors<lanes>{g.factors[swapped ? 1 : 0]},
                                  swapped ? g.other_zero : g.input_zero, first_halved || swapped};
    const added_cells<lanes> right{lane_factors<lanes>{g.factors[swapped ? 0 : 1]},
                                   swapped ? g.input_zero : g.other_zero,
                                   first_halved && g.factors[1] == half_of};
    const lane_factors<lanes> both{g.factors[2]};
    const lane_cells<lanes> cells{g};
    const long long count = 1LL * g.map.out[2] * g.map.filters;
    long long i = 0;
    for (; i <= count - size; i += size)
        simd::store_bytes(o.output + i,
                          add_cells<lanes>(halved + i, other + i, left, right, both, cells), size);
    if (i == count) return;
    int8 rest[2][size]{};
    for (int k = 0; k < count - i; ++k) {
        rest[0][k] = halved[i + k];
        rest[1][k] = other[i + k];
    }
    simd::store_bytes(o.output + i, add_cells<lanes>(rest[0], rest[1], left, right, both, cells),
                      static_cast<int>(count - i));
}

} // namespace detail

constexpr int8_choice choose_sum_vectors(const int8_geometry&, const target& machine) noexcept {
    int8_choice choice;
    if (dots_of(machine) == dots::none) return choice;
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
