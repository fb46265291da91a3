// SPDX-License-Identifier: BSL-1.0
// Tiles and rows of a depthwise convolution: some pixels of one block of channels, whose weights
// may stay in registers.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/machine/keep.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/simd.hpp>
#include <ctnn/kernels/taps.hpp>

namespace ctnn {

/// kernel_key::detail of a depthwise kernel.
namespace depthwise_way {
inline constexpr int tiled = 0;  ///< several tiles a row
inline constexpr int single = 1; ///< one tile is the row
inline constexpr int flat = 2;
inline constexpr int any = 3;
} // namespace depthwise_way

namespace detail {

[[gnu::always_inline]] constexpr int registers_of(isa machine) noexcept {
    return machine == isa::avx512 || machine == isa::neon ? 32 : 16;
}

/// Whether a block's weights stay in registers beside a tile.
[[gnu::always_inline]] constexpr bool holds_weights(const kernel_key& key) noexcept {
    return key.rows * key.window + key.pixels + 4 <= registers_of(key.machine);
}

/// Adds the taps of one row of the window to a tile. `at` is the first tap's place in the row,
/// which lies before the map if Left > 0.
template <kernel_key Key, int Left, int Right>
[[gnu::always_inline]] inline void depthwise_taps(simd::floats<Key.lanes> (&sums)[Key.pixels],
                                                  const float* row, long long at, long long step,
                                                  const simd::floats<Key.lanes>* taps) noexcept {
    constexpr int span = (Key.pixels - 1) * Key.stride + Key.window;
    const float* from = row + (at + Left * step);
    _Pragma("GCC unroll 64") for (int x = Left; x < span - Right; ++x) {
        auto cells = simd::load<Key.lanes>(from);
        simd::keep(cells);
        from += step;
        simd::keep(from);
        _Pragma("GCC unroll 16") for (int k = 0; k < Key.window; ++k) {
            const int first = x - k;
            if (first >= 0 && first % Key.stride == 0 && first / Key.stride < Key.pixels)
                sums[first / Key.stride] += cells * taps[k];
        }
    }
}

inline constexpr int most_depthwise_rows = 7;

/// Where a row of output pixels reads and writes, for one block of channels.
struct depthwise_row {
    const float* input; ///< the first channel of the block
    long long
        offset[2 * most_depthwise_rows]; ///< from there to the rows of the window, and of the next
    const float* weights;
    float* output;
    long long next_output; ///< from there to the next row of the output
    int first, last;       ///< rows of the window that meet the map
    long long step;
};

template <kernel_key Key, int Left, int Right, bool Held>
[[gnu::always_inline]] inline void
depthwise_tile(const depthwise_row& row, int pixel, int before, const simd::floats<Key.lanes>* held,
               simd::floats<Key.lanes> low, simd::floats<Key.lanes> high) noexcept {
    constexpr int lanes = Key.lanes;
    const long long at = (static_cast<long long>(pixel) * Key.stride - before) * row.step;
    simd::floats<lanes> sums[Key.pixels];
    const auto bias = Held ? held[0] : simd::load<lanes>(row.weights);
    _Pragma("GCC unroll 16") for (int w = 0; w < Key.pixels; ++w) sums[w] = bias;
    if constexpr (Held) {
        _Pragma("GCC unroll 16") for (int r = 0; r < Key.rows; ++r)
            depthwise_taps<Key, Left, Right>(sums, row.input + row.offset[r], at, row.step,
                                             held + 1 + r * Key.window);
    } else {
        const float* weights = row.weights + (1 + row.first * Key.window) * lanes;
        for (int r = row.first; r < row.last; ++r) {
            simd::floats<lanes> taps[Key.window];
            _Pragma("GCC unroll 16") for (int k = 0; k < Key.window; ++k) taps[k] =
                simd::load<lanes>(weights + k * lanes);
            depthwise_taps<Key, Left, Right>(sums, row.input + row.offset[r], at, row.step, taps);
            weights += Key.window * lanes;
        }
    }
    float* to = row.output + pixel * row.step;
    _Pragma("GCC unroll 16") for (int w = 0; w < Key.pixels; ++w)
        simd::store<lanes>(to + w * row.step, simd::clamp<lanes>(sums[w], low, high));
}

/// Finds the rows of a window that begins at row `top`, in a ring of rows too.
[[gnu::always_inline]] constexpr void find_rows(depthwise_row& row, const geometry& g, int top,
                                                int count) noexcept {
    const long long next = static_cast<long long>(g.in[2]) * g.channels;
    int slot = g.ring == 0 ? top : top < 0 ? top + g.ring : top % g.ring;
    for (int r = 0; r < count; ++r, ++slot) {
        if (g.ring != 0 && slot >= g.ring) slot = 0;
        row.offset[r] = slot * next;
    }
}

/// Rows of the map that two rows of output pixels see.
constexpr int rows_of_pair(const kernel_key& key) noexcept { return key.rows + key.stride; }

/// A tile of two rows of output pixels: the rows that both windows see are read once.
template <kernel_key Key, int Left, int Right>
[[gnu::always_inline]] inline void
depthwise_pair(const depthwise_row& row, int pixel, int before, const simd::floats<Key.lanes>* held,
               simd::floats<Key.lanes> low, simd::floats<Key.lanes> high) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int span = (Key.pixels - 1) * Key.stride + Key.window;
    constexpr int rows = rows_of_pair(Key);
    const long long at = (static_cast<long long>(pixel) * Key.stride - before + Left) * row.step;
    simd::floats<lanes> sums[2][Key.pixels];
    _Pragma("GCC unroll 16") for (int w = 0; w < Key.pixels; ++w) sums[0][w] = sums[1][w] = held[0];
    _Pragma("GCC unroll 16") for (int r = 0; r < rows; ++r) {
        const float* from = row.input + (row.offset[r] + at);
        _Pragma("GCC unroll 64") for (int x = Left; x < span - Right; ++x) {
            auto cells = simd::load<lanes>(from);
            simd::keep(cells);
            from += row.step;
            simd::keep(from);
            _Pragma("GCC unroll 16") for (int k = 0; k < Key.window; ++k) {
                const int first = x - k;
                if (first < 0 || first % Key.stride != 0 || first / Key.stride >= Key.pixels)
                    continue;
                const int w = first / Key.stride;
                if (r < Key.rows) sums[0][w] += cells * held[1 + r * Key.window + k];
                if (r >= Key.stride)
                    sums[1][w] += cells * held[1 + (r - Key.stride) * Key.window + k];
            }
        }
    }
    _Pragma("GCC unroll 2") for (int q = 0; q < 2; ++q)
        _Pragma("GCC unroll 16") for (int w = 0; w < Key.pixels; ++w)
            simd::store<lanes>(row.output + (q * row.next_output + (pixel + w) * row.step),
                               simd::clamp<lanes>(sums[q][w], low, high));
}

/// What a call for a row of output pixels does.
enum class depthwise_rows : unsigned char {
    loaded, ///< one row, whose window may miss the map; weights are loaded
    held,   ///< one row, with all weights in registers
    pair    ///< two rows, with all weights in registers
};

template <kernel_key Key, int Left, int Right, depthwise_rows Rows>
[[gnu::always_inline]] inline void
depthwise_some(const depthwise_row& row, int pixel, int before, const simd::floats<Key.lanes>* held,
               simd::floats<Key.lanes> low, simd::floats<Key.lanes> high) noexcept {
    if constexpr (Rows == depthwise_rows::pair)
        depthwise_pair<Key, Left, Right>(row, pixel, before, held, low, high);
    else
        depthwise_tile<Key, Left, Right, Rows == depthwise_rows::held>(row, pixel, before, held,
                                                                       low, high);
}

/// One or two rows of output pixels. The last tile ends with the row and may compute pixels again.
template <kernel_key Key, depthwise_rows Rows>
[[gnu::always_inline]] inline void depthwise_pixels(const depthwise_row& row, const geometry& g,
                                                    simd::floats<Key.lanes> low,
                                                    simd::floats<Key.lanes> high) noexcept {
    constexpr int taps = Rows != depthwise_rows::loaded ? 1 + Key.rows * Key.window : 1;
    simd::floats<Key.lanes> held[taps]{}; // without optimisation g++ warns otherwise
    if constexpr (Rows != depthwise_rows::loaded)
        _Pragma("GCC unroll 64") for (int i = 0; i < taps; ++i) held[i] =
            simd::load<Key.lanes>(row.weights + i * Key.lanes);
    if constexpr (Key.detail == depthwise_way::single) {
        depthwise_some<Key, Key.left, Key.right, Rows>(row, 0, Key.left, held, low, high);
        return;
    }
    int pixel = 0;
    const int last = g.out[2] - Key.pixels;
    if constexpr (Key.left == 0 && Key.right == 0) {
        for (; pixel < g.out[2]; pixel += Key.pixels)
            depthwise_some<Key, 0, 0, Rows>(row, math::min(pixel, last), 0, held, low, high);
        return;
    }
    if constexpr (Key.left > 0) {
        depthwise_some<Key, Key.left, 0, Rows>(row, 0, Key.left, held, low, high);
        pixel = Key.pixels;
    }
    for (; pixel < last; pixel += Key.pixels)
        depthwise_some<Key, 0, 0, Rows>(row, pixel, Key.left, held, low, high);
    depthwise_some<Key, 0, Key.right, Rows>(row, last, Key.left, held, low, high);
}

} // namespace detail

} // namespace ctnn
