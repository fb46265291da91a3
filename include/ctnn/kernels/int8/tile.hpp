// SPDX-License-Identifier: BSL-1.0
// The sums of a tile, pixels by filters, on int8: what differs between machines.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/keep.hpp>

namespace ctnn::detail {

/// Where the windows of a tile's pixels are, and what becomes of them.
struct int8_runs_call {
    const int8* const* starts; ///< the first run of each pixel
    long long stride;          ///< from one run to the next
    int runs;
    int groups;                   ///< of cells in a run
    const unsigned char* weights; ///< of the block of filters
    int8* output;                 ///< the first pixel's cells
    int used;                     ///< pixels that are written
};

/// What a machine adds to each cell before it multiplies, which a bias has to take away again.
constexpr int int8_shift(const kernel_key&) noexcept { return 0; }

constexpr kernel_key int8_tile_key(const geometry& map, const target& machine) noexcept {
    kernel_key key;
    key.kind = kernel_kind::conv_direct;
    key.machine = machine.instructions;
    key.weights = dtype::int8;
    key.lanes = 1;
    key.step = 1; // cells in a group
    key.vectors = math::min(4, map.filters);
    key.pixels = map.out[1] * map.out[2] == 1 ? 1 : 2;
    return key;
}

/// One number after the other.
template <kernel_key Key>
[[gnu::always_inline]] inline void int8_tile(const int8_runs_call& call, const int8_geometry& g,
                                             int filter) noexcept {
    constexpr int pixels = Key.pixels;
    constexpr int block = Key.vectors;
    const int filters = g.map.filters;
    int sums[pixels][block];
    const unsigned char* weights = call.weights + 12 * block;
    for (int v = 0; v < block; ++v)
        for (int p = 0; p < pixels; ++p) sums[p][v] = read_int(call.weights + 4 * v);
    for (int r = 0; r < call.runs; ++r) {
        const int8* cells[pixels];
        for (int p = 0; p < pixels; ++p) cells[p] = call.starts[p] + r * call.stride;
        for (int k = 0; k < call.groups; ++k, weights += block)
            _Pragma("GCC unroll 4") for (int v = 0; v < block; ++v) {
                int weight = static_cast<int8>(weights[v]);
                simd::keep(weight);
                _Pragma("GCC unroll 4") for (int p = 0; p < pixels; ++p) sums[p][v] +=
                    cells[p][k] * weight;
            }
    }
    const unsigned char* factors = call.weights + 4 * block;
    for (int v = 0; v < block && filter + v < filters; ++v) {
        const rescale factor{read_int(factors + 4 * v), read_int(factors + 4 * (block + v))};
        for (int p = 0; p < call.used; ++p)
            call.output[1LL * p * filters + filter + v] = static_cast<int8>(
                math::clamp(fixed::scaled(sums[p][v], factor) + g.output_zero, g.low, g.high));
    }
}

} // namespace ctnn::detail
