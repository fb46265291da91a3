// SPDX-License-Identifier: BSL-1.0
// Rows that are normalised by themselves: out[2] rows of `channels` floats, whose mean becomes 0
// and whose variance 1, or whose mean square or length becomes 1. Then gamma and beta, if there are
// any: output = clamp(normalised * gamma + beta, low, high). geometry::alpha is epsilon. The output
// may be the input.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/machine/root.hpp>
#include <ctnn/kernels/softmax.hpp>

namespace ctnn {

/// kernel_key::detail of a row norm.
namespace row_norm_way {
inline constexpr int standard = 0;    ///< mean 0, variance 1
inline constexpr int mean_square = 1; ///< mean of the squares 1
inline constexpr int length = 2;      ///< sum of the squares 1; a root below epsilon counts as it
} // namespace row_norm_way

namespace detail {

/// What norms add up: cells, or the squares of their distances from a centre.
template <bool Squares, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes> norm_term(simd::floats<Lanes> cells,
                                                            simd::floats<Lanes> center) noexcept {
    const auto distance = cells - center;
    return Squares ? distance * distance : cells;
}

/// The sum of a row's cells, or with Squares of the squares of their distances from `center`.
template <kernel_key Key, bool Squares>
[[gnu::always_inline]] inline float row_sum(const float* row, int count, float center) noexcept {
    constexpr int lanes = Key.lanes;
    const auto middle = simd::broadcast<lanes>(center);
    simd::floats<lanes> sums[4]{};
    int i = 0;
    for (; i + 4 * lanes <= count; i += 4 * lanes)
        _Pragma("GCC unroll 4") for (int k = 0; k < 4; ++k) sums[k] +=
            norm_term<Squares, lanes>(simd::load<lanes>(row + i + k * lanes), middle);
    for (; i + lanes <= count; i += lanes)
        sums[0] += norm_term<Squares, lanes>(simd::load<lanes>(row + i), middle);
    if (i < count)
        sums[1] += norm_term<Squares, lanes>(
            simd::load_part<Key.machine, lanes>(row + i, count - i, Squares ? center : 0), middle);
    return total_of<lanes>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/// What a row's cells become: times gamma and plus beta, which lie apart, between bounds.
template <int Lanes> struct normalised_row {
    simd::floats<Lanes> middle;
    simd::floats<Lanes> factor;
    simd::floats<Lanes> low;
    simd::floats<Lanes> high;
    const float* gammas;
    const float* betas;

    [[gnu::always_inline]] simd::floats<Lanes> operator()(simd::floats<Lanes> cells,
                                                          int i) const noexcept {
        return simd::clamp<Lanes>((cells - middle) * factor * simd::load<Lanes>(gammas + i) +
                                      simd::load<Lanes>(betas + i),
                                  low, high);
    }
};

/// Floats of packed gammas; as many betas follow.
constexpr int row_norm_weights(const geometry& g, int lanes) noexcept {
    return math::ceil_div(g.channels, lanes) * lanes;
}

} // namespace detail

template <kernel_key Key> void row_norm(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int way = Key.detail;
    const int count = g.channels;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    const float part = 1 / static_cast<float>(count);
    const float* betas = o.weights + detail::row_norm_weights(g, lanes);
    for (long long row = 0; row < g.out[2]; ++row) {
        const float* from = o.input + row * count;
        float* to = o.output + row * count;
        float center = 0;
        if constexpr (way == row_norm_way::standard)
            center = detail::row_sum<Key, false>(from, count, 0) * part;
        const float squares = detail::row_sum<Key, true>(from, count, center);
        float size = 0;
        if constexpr (way == row_norm_way::length) {
            size = simd::root(squares);
            size = size < g.alpha ? g.alpha : size; // a NaN stays
        } else {
            size = simd::root(squares * part + g.alpha);
        }
        const detail::normalised_row<lanes> normalised{simd::broadcast<lanes>(center),
                                                       simd::broadcast<lanes>(1 / size),
                                                       low,
                                                       high,
                                                       o.weights,
                                                       betas};
        int i = 0;
        for (; i + lanes <= count; i += lanes)
            simd::store<lanes>(to + i, normalised(simd::load<lanes>(from + i), i));
        if (i < count)
            simd::store_part<Key.machine, lanes>(
                to + i, normalised(simd::load_part<Key.machine, lanes>(from + i, count - i), i),
                count - i);
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::row_norm) inline constexpr kernel_function kernel_of<Key> = &row_norm<Key>;

/// Gammas, then betas: 1 and 0 where there are none.
constexpr void pack_row_norm(const weight_source& source, const geometry& g, const kernel_key& key,
                             float* to) noexcept {
    const int room = detail::row_norm_weights(g, key.lanes);
    for (int i = 0; i < room; ++i) {
        to[i] = source.gamma && i < g.channels ? source.gamma[i] : 1;
        to[room + i] = source.beta && i < g.channels ? source.beta[i] : 0;
    }
}

/// The kernel for rows that are normalised, `way` of row_norm_way.
constexpr kernel_choice choose_row_norm(const geometry& g, const target& machine,
                                        int way) noexcept {
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::row_norm;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    while (key.lanes > 4 && key.lanes >= 2 * g.channels) key.lanes /= 2;
    key.detail = way;
    choice.pack = pack_row_norm;
    choice.packed_floats = 2LL * detail::row_norm_weights(g, key.lanes);
    return choice;
}

} // namespace ctnn
