// SPDX-License-Identifier: BSL-1.0
// The outer loops of a convolution: groups, blocks of output channels, rows of the output, tiles of
// a row. The tiles are functions, so that this is compiled once for an instruction set.
#pragma once

#include <ctnn/kernels/conv_tile.hpp>
#include <ctnn/kernels/taps.hpp>

#include <cstddef>

namespace ctnn {

/// What kernel_key::detail says of a convolution.
namespace conv_detail {
inline constexpr int one_tile = 1;     ///< a row is one tile that misses taps
inline constexpr int inner_wide = 2;   ///< there are tiles that miss none
inline constexpr int inner_narrow = 4; ///< there are such tiles of one pixel less
inline constexpr int last_narrow = 8;  ///< the last tile, which misses taps, is one
inline constexpr int border_loop = 16; ///< pixels that miss taps are done one by one
inline constexpr int apart = 32;       ///< the taps of a row do not follow one another
inline constexpr int padded = 64;      ///< the map is copied between cells of padding first
inline constexpr int ahead = 128;      ///< weights are asked for before they are needed
inline constexpr int together = 256;   ///< the window is one cell, and a call is for several tiles
inline constexpr int depth = 512;      ///< times the channels that a tap reads, if they are few
} // namespace conv_detail

/// A row of `width` pixels as tiles of `pixels`, and after them narrower ones by one pixel.
struct conv_tiling {
    int wide = 0;
    int narrow = 0;

    constexpr conv_tiling(int width, int pixels) noexcept {
        const int tiles = math::ceil_div(width, pixels);
        wide = width - tiles * (pixels - 1);
        narrow = tiles - wide;
    }
    constexpr int tiles() const noexcept { return wide + narrow; }
};

/// The tiles of a kernel.
struct conv_tiles {
    conv_tile_function first = nullptr; ///< of a row, if they miss taps
    conv_tile_function wide = nullptr;
    conv_tile_function narrow = nullptr;
    conv_tile_function last = nullptr;
    bool borders = false;               ///< the first and last tile of a row miss taps
    bool together = false;              ///< one call may be for several
    conv_tile_function pixel = nullptr; ///< one pixel, any taps
    int width = 0;                      ///< output channels of a tile
    int pixels = 0;
    dtype weights = dtype::float32;
    bool pairs = false;   ///< lanes hold pairs of elements of the reduction, as conv_few says
    bool by_taps = false; ///< rows of weights are there a second time for borders
};

/// Floats of packed weights for one row of the window.
constexpr long conv_row_weights(const geometry& g, const conv_tiles& tiles) noexcept {
    const int depth = g.channels / g.groups;
    if (!tiles.pairs) return long{g.window[2]} * depth * stored_floats(tiles.weights, tiles.width);
    const int joined = math::ceil_div(g.window[2] * depth, 2);
    const int apart = tiles.by_taps ? g.window[2] * math::ceil_div(depth, 2) : 0;
    return long{joined + apart} * 2 * tiles.width;
}

/// Floats before the weights of a block.
constexpr int conv_biases(const conv_tiles& tiles) noexcept {
    return tiles.pairs ? 2 * tiles.width : stored_begin(tiles.weights, tiles.width);
}

/// Whether a window is one cell that visits every cell of the map.
constexpr bool is_pointwise(const geometry& g) noexcept {
    for (int axis = 0; axis < 3; ++axis)
        if (g.window[axis] != 1 || g.stride[axis] != 1 || g.before[axis] != 0 ||
            g.in[axis] != g.out[axis])
            return false;
    return true;
}

/// The same convolution with as long rows as it can have.
constexpr geometry with_long_rows(geometry g) noexcept {
    if (!is_pointwise(g)) return g;
    g.in[2] = g.out[2] = g.in[0] * g.in[1] * g.in[2];
    g.in[0] = g.out[0] = g.in[1] = g.out[1] = 1;
    return g;
}

/// The first output pixel of a row that has all taps, and the first after it that has not.
struct pixel_range {
    int first = 0;
    int end = 0;
};

constexpr pixel_range inner_pixels(const geometry& g) noexcept {
    const int span = (g.window[2] - 1) * g.dilation[2] + 1;
    const int room = g.in[2] + g.before[2] - span;
    pixel_range inner{math::ceil_div(g.before[2], g.stride[2]),
                      room < 0 ? 0 : room / g.stride[2] + 1};
    inner.end = math::min(inner.end, g.out[2]);
    inner.first = math::min(inner.first, g.out[2]);
    inner.end = math::max(inner.end, inner.first);
    return inner;
}

/// Whether a layer's weights are too many to stay in the second cache: each block of them is then
/// read once, and used for as much of the map as stays there.
constexpr bool weights_are_streamed(long long packed) noexcept { return 4 * packed > 512 * 1024; }

/// How much of a map is done with one block of output channels before the next: rows of the output,
/// or so many tiles of one row. What they read shall stay in a cache meanwhile.
struct conv_strip {
    int rows = 1;
    int tiles = 1;

    /// Of sizes in memory, so that machines with addresses of 32 bits need no division of 64.
    static constexpr long long quotient(long long bytes, long long by) noexcept {
        return static_cast<long long>(static_cast<std::size_t>(bytes) /
                                      static_cast<std::size_t>(by));
    }

    /// For `packed` weights in `blocks` blocks, and rows of `all` tiles of `pixels`.
    constexpr conv_strip(const geometry& g, long long packed, int blocks, int pixels,
                         int all) noexcept {
        const long long map = 4LL * g.in[0] * g.in[1] * g.in[2] * g.channels;
        const long long tile = 4LL * pixels * math::min(g.stride[2], g.window[2]) * g.channels;
        // A row may have no tile: pixels that miss taps are done one by one.
        const long long row = math::max(tile * all * math::min(g.stride[1], g.window[1]), 1LL);
        const int all_rows = g.out[0] * g.out[1];
        long long room = map <= 24 * 1024 ? 2 * map : 16 * 1024;
        if (weights_are_streamed(packed)) {
            // Weights are read again for every strip, or the whole map for every block of them.
            const long long reads = row * all_rows;
            room = 384 * 1024;
            const long long strips = quotient(reads + room - 1, room);
            if (strips * 4 * packed + reads >= blocks * reads) room = reads;
        }
        tiles = math::max(all, 1);
        if (all_rows > 1 && 2 * row <= room)
            rows =
                static_cast<int>(math::min(quotient(room, row), static_cast<long long>(all_rows)));
        else if (row > room)
            tiles = static_cast<int>(math::max(quotient(room, tile), 1LL));
    }
};

template <isa Machine>
[[gnu::noinline]] void conv_rows(const operands& places, const geometry& given,
                                 const conv_tiles& tiles) noexcept {
    static constexpr float zeros[128]{};
    const geometry g = with_long_rows(given);
    const int depth = g.channels / g.groups;
    const int filters = g.filters / g.groups;
    const int blocks = math::ceil_div(filters, tiles.width);
    const long row_weights = conv_row_weights(g, tiles);
    const long tap_weights = long{depth} * stored_floats(tiles.weights, tiles.width);
    const long plane_weights = g.window[1] * row_weights;
    const long block_weights = g.window[0] * plane_weights + conv_biases(tiles);
    const long in_row = long{g.in[2]} * g.channels;
    const long in_plane = g.in[1] * in_row;

    conv_call call;
    call.plane = g.dilation[0] * in_plane;
    call.row = g.dilation[1] * in_row;
    call.tap = long{g.dilation[2]} * g.channels;
    call.step = long{g.stride[2]} * g.channels;
    call.depth = depth;
    call.weights_plane = plane_weights;
    call.weights_row = row_weights;
    call.output_step = g.filters;

    const pixel_range inner = tiles.pixel ? inner_pixels(g) : pixel_range{0, g.out[2]};
    const conv_tiling tiling{inner.end - inner.first, tiles.pixels};
    const int all = tiling.tiles();
    const long packed = block_weights * blocks * g.groups;
    const bool streamed = weights_are_streamed(packed);
    const conv_strip strip{g, packed, blocks, tiles.pixels, all};
    const int all_rows = g.out[0] * g.out[1];
    // A block that would crowd the second cache is taken row by row of the window; the sums so far
    // are what is added to the next row's.
    const bool by_rows = !tiles.pairs && tiles.weights == dtype::float32 && g.window[0] == 1 &&
                         4 * block_weights > 320 * 1024;
    const int parts = by_rows ? g.window[1] : 1;
    const long part_weights = by_rows ? row_weights : block_weights;

    for (int group = 0; group < g.groups; ++group)
        for (int row = 0; row < all_rows; row += strip.rows)
            for (int start = 0; start == 0 || start < all; start += strip.tiles)
                for (int each = 0; each < blocks * parts; ++each) {
                    const int block = each / parts;
                    const int part = each % parts;
                    const float* const group_weights =
                        places.weights + long{group} * blocks * block_weights;
                    const float* const weights = group_weights + block * block_weights;
                    const long filter = long{group} * filters + long{block} * tiles.width;
                    const bool again = each + 1 == blocks * parts &&
                                       (start + strip.tiles < all || row + strip.rows < all_rows);
                    const float* ahead =
                        again ? group_weights : weights + (part + 1) * part_weights;
                    const float* const ahead_end = ahead + part_weights;
                    call.filters = filters - block * tiles.width;
                    call.map = places.input + group * depth;
                    for (int at = row; at < math::min(row + strip.rows, all_rows); ++at) {
                        const int z = at / g.out[1];
                        const int y = at % g.out[1];
                        const detail::tap_range planes{g, 0, z};
                        const detail::tap_range rows{g, 1, y};
                        call.planes = planes.count();
                        call.rows = rows.count();
                        int first_row = rows.first;
                        bool begins = true;
                        bool ends = true;
                        if (by_rows && rows.count() > 0) {
                            if (part < rows.first || part >= rows.last) continue;
                            call.rows = 1;
                            first_row = part;
                            begins = part == rows.first;
                            ends = part + 1 == rows.last;
                        } else if (part > 0) {
                            continue;
                        }
                        const float* const added = begins ? places.other : places.output;
                        call.bias = begins ? weights : zeros;
                        call.low = ends ? g.low : -__builtin_inff();
                        call.high = ends ? g.high : __builtin_inff();
                        const long first_cell =
                            (z * g.stride[0] - g.before[0] + planes.first * g.dilation[0]) *
                                in_plane +
                            (y * g.stride[1] - g.before[1] + first_row * g.dilation[1]) * in_row -
                            long{g.before[2]} * g.channels;
                        const long out_row = (long{z} * g.out[1] + y) * g.out[2] * g.filters;
                        const long first_weight = planes.first * plane_weights +
                                                  first_row * row_weights + conv_biases(tiles);
                        const long asked =
                            long{call.planes} * call.rows * g.window[2] * depth / 4 * ahead_floats;
                        const auto place = [&](int x) noexcept {
                            const long to = out_row + long{x} * g.filters + filter;
                            call.output = places.output + to;
                            call.other = added ? added + to : nullptr;
                            call.first = first_cell + x * call.step;
                        };
                        call.weights = weights + first_weight;
                        call.taps = g.window[2];
                        const int end = math::min(start + strip.tiles, all);
                        for (int tile = start; tile < end; tile += call.count) {
                            const int narrow = math::max(tile - tiling.wide, 0);
                            place(inner.first + tile * tiles.pixels - narrow);
                            call.ahead_step = streamed && ahead < ahead_end ? ahead_floats : 0;
                            call.ahead = call.ahead_step != 0 ? ahead : call.weights;
                            const bool at_left = tiles.borders && tile == 0;
                            const bool at_right = tiles.borders && tile == all - 1;
                            const int alike =
                                math::min(end, tile < tiling.wide ? tiling.wide : all) - tile;
                            // Of tiles that ask for weights each asks for others.
                            call.count = tiles.together && call.ahead_step == 0 ? alike : 1;
                            (at_left              ? tiles.first
                             : at_right           ? tiles.last
                             : tile < tiling.wide ? tiles.wide
                                                  : tiles.narrow)(call);
                            if (call.ahead_step != 0) ahead += asked;
                        }
                        if (!tiles.pixel || start != 0) continue;
                        for (int x = 0; x < g.out[2]; ++x) {
                            if (x == inner.first) x = inner.end;
                            if (x == g.out[2]) break;
                            const detail::tap_range taps{g, 2, x};
                            place(x);
                            call.first += taps.first * call.tap;
                            call.weights = weights + first_weight + taps.first * tap_weights;
                            call.taps = taps.count();
                            call.count = 1;
                            tiles.pixel(call);
                        }
                    }
                }
}

} // namespace ctnn
