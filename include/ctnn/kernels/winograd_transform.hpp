// SPDX-License-Identifier: BSL-1.0
// The transforms of Winograd's minimal filtering along one axis: F(m, r) makes m outputs of r taps
// from m + r - 1 cells and as many products. Source of the matrices: A. Lavin and S. Gray, Fast
// Algorithms for Convolutional Neural Networks, 2015 (arXiv 1509.09308). They evaluate polynomials
// at the points 0, 1, -1, 2, -2 and infinity (at 0, 1, -1 and infinity for 4 cells), so the inputs'
// transform depends on the cells alone: F(4, 3) and F(2, 5) share it.
#pragma once

#include <ctnn/kernels/simd.hpp>
#include <ctnn/plan/target.hpp>

namespace ctnn::winograd_detail {

/// B^T d: from the cells of a tile.
template <int Read, int Lanes>
[[gnu::always_inline]] inline void transform_input(simd::floats<Lanes> (&to)[Read],
                                                   const simd::floats<Lanes> (&d)[Read]) noexcept {
    static_assert(Read == 4 || Read == 6);
    if constexpr (Read == 4) {
        to[0] = d[0] - d[2];
        to[1] = d[1] + d[2];
        to[2] = d[2] - d[1];
        to[3] = d[1] - d[3];
    } else {
        const auto even = d[4] - d[2] * 4.0F;
        const auto odd = d[3] - d[1] * 4.0F;
        const auto near = d[4] - d[2];
        const auto far = (d[3] - d[1]) * 2.0F;
        to[0] = d[0] * 4.0F - d[2] * 5.0F + d[4];
        to[1] = even + odd;
        to[2] = even - odd;
        to[3] = near + far;
        to[4] = near - far;
        to[5] = d[1] * 4.0F - d[3] * 5.0F + d[5];
    }
}

/// A^T m: from products to outputs.
template <int Read, int Made, int Lanes>
[[gnu::always_inline]] inline void transform_output(simd::floats<Lanes> (&to)[Made],
                                                    const simd::floats<Lanes> (&m)[Read]) noexcept {
    static_assert(Made <= Read && (Made == 2 || Made == 4));
    const auto sum = m[1] + m[2];
    const auto difference = m[1] - m[2];
    if constexpr (Read == 4) {
        to[0] = m[0] + sum;
        to[1] = difference - m[3];
    } else {
        const auto far_sum = m[3] + m[4];
        const auto far_difference = m[3] - m[4];
        to[0] = m[0] + sum + far_sum;
        to[1] = difference + far_difference * 2.0F;
        if constexpr (Made == 2) {
            to[1] += m[5];
        } else {
            to[2] = sum + far_sum * 4.0F;
            to[3] = difference + far_difference * 8.0F + m[5];
        }
    }
}

/// G g: from `window` weights to `read` numbers.
constexpr void transform_weights(double* to, const double* g, int window, int read) noexcept {
    constexpr double points[]{0, 1, -1, 2, -2};
    constexpr double parts_of_4[]{1, 0.5, 0.5};
    constexpr double parts_of_6[]{1.0 / 4, -1.0 / 6, -1.0 / 6, 1.0 / 24, 1.0 / 24};
    for (int i = 0; i + 1 < read; ++i) {
        double sum = 0;
        for (int tap = window - 1; tap >= 0; --tap) sum = sum * points[i] + g[tap];
        to[i] = sum * (read == 4 ? parts_of_4[i] : parts_of_6[i]);
    }
    to[read - 1] = g[window - 1];
}

/// Two halves of a vector.
template <int Lanes, int... Lane>
[[gnu::always_inline]] inline simd::floats<Lanes>
load_halves(const float* first, const float* second,
            simd::lane_list<Lane...> /*numbers*/) noexcept {
    return __builtin_shufflevector(simd::load<Lanes / 2>(first), simd::load<Lanes / 2>(second),
                                   Lane...);
}

/// A^T m of one vector of a tile's products, which are `apart` floats apart: along the height.
template <int Read, int Made, int Lanes>
[[gnu::always_inline]] inline void half_outputs(simd::floats<Lanes> (&half)[Made][Read],
                                                const float* from, long apart) noexcept {
    _Pragma("GCC unroll 6") for (int x = 0; x < Read; ++x) {
        simd::floats<Lanes> cells[Read];
        _Pragma("GCC unroll 6") for (int y = 0; y < Read; ++y) cells[y] =
            simd::load<Lanes>(from + (y * Read + x) * apart);
        simd::floats<Lanes> made[Made];
        transform_output<Read, Made, Lanes>(made, cells);
        _Pragma("GCC unroll 4") for (int y = 0; y < Made; ++y) half[y][x] = made[y];
    }
}

} // namespace ctnn::winograd_detail
