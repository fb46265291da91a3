// SPDX-License-Identifier: BSL-1.0
// The outputs of Winograd's convolution to few channels: transformed by vectors of filters, or by
// vectors of pairs, whose halves are added here. A pool whose windows are parts of a tile is made
// before anything is written.
#pragma once

#include <ctnn/kernels/pool.hpp>
#include <ctnn/kernels/winograd.hpp>

namespace ctnn::winograd_detail {

/// kernel_key::detail.
namespace few_way {
inline constexpr int pairs = 1;
inline constexpr int pool = 2; ///< times a pool_way
} // namespace few_way

/// Adds what is to be added to a tile's outputs in `cells`, clamps and writes them, as many filters
/// as there are. Pixels lie `step` floats apart there, `across` in a row.
template <isa Machine, int Lanes>
[[gnu::noinline]] void few_finish(const float* cells, int step, int across,
                                  const output_place& place, int count) noexcept {
    const auto low = simd::broadcast<Lanes>(place.low);
    const auto high = simd::broadcast<Lanes>(place.high);
    for (int y = 0; y < math::min(across, place.rows); ++y)
        for (int x = 0; x < math::min(across, place.columns); ++x) {
            const long at = y * place.row + x * place.column;
            auto sum = simd::load<Lanes>(cells + (y * across + x) * step);
            if (place.other) sum += simd::load_part<Machine, Lanes>(place.other + at, count);
            simd::store_part<Machine, Lanes>(place.output + at, simd::clamp<Lanes>(sum, low, high),
                                             count);
        }
}

/// Has a tile's outputs written to `cells` as they are: what is left to do is few_finish's.
[[gnu::always_inline]] inline void few_aside(output_place& place, float* cells, int step,
                                             int across) noexcept {
    place.other = nullptr;
    place.output = cells;
    place.row = long{across} * step;
    place.column = step;
    place.rows = place.columns = across;
    place.low = -__builtin_inff();
    place.high = __builtin_inff();
}

/// Adds, clamps and writes a vector; if it may be a Part of one, as much of it as there are
/// filters.
template <isa Machine, int Lanes, bool Part>
[[gnu::always_inline]] inline void few_write(simd::floats<Lanes> sum, const output_place& place,
                                             long at, int count) noexcept {
    const auto low = simd::broadcast<Lanes>(place.low);
    const auto high = simd::broadcast<Lanes>(place.high);
    if (!Part || count >= Lanes) {
        if (place.other) sum += simd::load<Lanes>(place.other + at);
        simd::store<Lanes>(place.output + at, simd::clamp<Lanes>(sum, low, high));
    } else {
        if (place.other) sum += simd::load_part<Machine, Lanes>(place.other + at, count);
        simd::store_part<Machine, Lanes>(place.output + at, simd::clamp<Lanes>(sum, low, high),
                                         count);
    }
}

/// The outputs of a tile, whose lanes are pairs: two pixels at a time.
template <kernel_key Key>
[[gnu::always_inline]] inline void few_pairs(const float* from, long apart,
                                             const output_place& place, int filters) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int made = made_by(Key);
    float cells[(made * made + 1) * (lanes / 2)]; // the last pixel is read as a whole vector
    const bool whole = 2 * filters == lanes && place.columns >= made;
    output_place to = place;
    if (!whole) few_aside(to, cells, lanes / 2, made);
    simd::floats<lanes> half[made][Key.rows];
    half_outputs<Key.rows, made, lanes>(half, from, apart);
    const auto bias = simd::load<lanes>(place.bias);
    _Pragma("GCC unroll 4") for (int y = 0; y < made; ++y) {
        if (y >= to.rows) break;
        simd::floats<lanes> row[made];
        transform_output<Key.rows, made, lanes>(row, half[y]);
        _Pragma("GCC unroll 4") for (int x = 0; x < made; x += 2)
            few_write<Key.machine, lanes, false>(
                join_pairs<lanes>(row[x], row[x + 1], simd::lanes_of<lanes>{}) + bias, to,
                y * to.row + x * to.column, lanes);
    }
    if (!whole) few_finish<Key.machine, lanes>(cells, lanes / 2, made, place, filters);
}

/// Writes the outputs of a tile, one vector of filters. Of a pool, a window at a time.
template <kernel_key Key, bool Part>
[[gnu::always_inline]] inline void few_vector(const float* from, long apart,
                                              const output_place& place, int filters) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int made = made_by(Key);
    constexpr int side = Key.pool;
    constexpr int way = Key.detail / few_way::pool;
    simd::floats<lanes> half[made][Key.rows];
    half_outputs<Key.rows, made, lanes>(half, from, apart);
    const auto bias = simd::load<lanes>(place.bias);
    const auto low = simd::broadcast<lanes>(place.low);
    const auto high = simd::broadcast<lanes>(place.high);
    _Pragma("GCC unroll 4") for (int y = 0; y < made / side; ++y) {
        if (y >= place.rows) return;
        simd::floats<lanes> joined[made];
        _Pragma("GCC unroll 4") for (int i = 0; i < side; ++i) {
            simd::floats<lanes> row[made];
            transform_output<Key.rows, made, lanes>(row, half[y * side + i]);
            _Pragma("GCC unroll 4") for (int x = 0; x < made; ++x) {
                row[x] += bias;
                if constexpr (side > 1 && way == pool_way::mean)
                    row[x] = simd::clamp<lanes>(row[x], low, high);
                joined[x] = i == 0 ? row[x] : detail::pool_join<way, lanes>(joined[x], row[x]);
            }
        }
        _Pragma("GCC unroll 4") for (int x = 0; x < made / side; ++x) {
            auto pooled = joined[x * side];
            _Pragma("GCC unroll 4") for (int i = 1; i < side; ++i) pooled =
                detail::pool_join<way, lanes>(pooled, joined[x * side + i]);
            if constexpr (side > 1 && way == pool_way::mean) pooled *= 1.0F / (side * side);
            if (x < place.columns)
                few_write<Key.machine, lanes, Part>(pooled, place, y * place.row + x * place.column,
                                                    filters);
        }
    }
}

/// The same; many outputs that are part of a vector each are written by a loop, since the code for
/// each of them would be long.
template <kernel_key Key>
[[gnu::always_inline]] inline void few_vectors(const float* from, long apart,
                                               const output_place& place, int filters) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int across = made_by(Key) / Key.pool;
    if constexpr (across <= 2) {
        few_vector<Key, true>(from, apart, place, filters);
    } else {
        // A mean is of what was clamped.
        static_assert(Key.pool == 1);
        float cells[across * across * lanes];
        output_place to = place;
        if (filters < lanes) few_aside(to, cells, lanes, across);
        few_vector<Key, false>(from, apart, to, filters);
        if (filters < lanes) few_finish<Key.machine, lanes>(cells, lanes, across, place, filters);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void few_outputs(const operands& places, const geometry& g, int first, int count,
                                   const float* from, long apart) noexcept {
    constexpr int made = made_by(Key);
    constexpr int side = Key.pool;
    const int across = tiles_along(g.out[2], made);
    const int height = g.out[1] / side;
    const int width = g.out[2] / side;
    output_place place{};
    place.row = long{width} * g.filters;
    place.column = g.filters;
    place.low = g.low;
    place.high = g.high;
    for (int tile = first; tile < first + count; ++tile) {
        const int y = tile / across * (made / side);
        const int x = tile % across * (made / side);
        place.rows = height - y;
        place.columns = width - x;
        for (int n = 0; n < Key.vectors; ++n) {
            const int filter = n * Key.lanes;
            const long at = (long{y} * width + x) * g.filters + filter;
            place.bias = places.weights + filter;
            place.output = places.output + at;
            place.other = places.other ? places.other + at : nullptr;
            if constexpr ((Key.detail & few_way::pairs) != 0)
                few_pairs<Key>(from, apart, place, g.filters);
            else
                few_vectors<Key>(from, apart, place, g.filters - filter);
            from += Key.lanes;
        }
    }
}

} // namespace ctnn::winograd_detail
