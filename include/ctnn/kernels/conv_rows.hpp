// SPDX-License-Identifier: BSL-1.0
// The outer loops of a convolution: groups, blocks of output channels, rows of the output, tiles of
// a row. The tiles are functions, so that this is compiled once for an instruction set.
#pragma once

#include <ctnn/kernels/conv_tile.hpp>
#include <ctnn/kernels/taps.hpp>

namespace ctnn {

/// What kernel_key::detail says of a convolution.
namespace conv_detail {
inline constexpr int one_tile = 1;     ///< a row is one tile
inline constexpr int inner_wide = 2;   ///< there are wide tiles that are neither first nor last
inline constexpr int inner_narrow = 4; ///< there are such tiles of one pixel less
inline constexpr int last_narrow = 8;  ///< the last tile is one
inline constexpr int border_loop = 16; ///< pixels that miss taps are done one by one
inline constexpr int apart = 32;       ///< the taps of a row do not follow one another
inline constexpr int padded = 64;      ///< the map is copied between cells of padding first
inline constexpr int depth = 128;      ///< times the channels that a tap reads, if they are few
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
    conv_tile_function first = nullptr;
    conv_tile_function wide = nullptr;
    conv_tile_function narrow = nullptr;
    conv_tile_function last = nullptr;
    conv_tile_function pixel = nullptr; ///< one pixel, any taps
    int width = 0;                      ///< output channels of a tile
    int pixels = 0;
    bool pairs = false;   ///< lanes hold pairs of elements of the reduction, as conv_few says
    bool by_taps = false; ///< rows of weights are there a second time for borders
};

/// Floats of packed weights for one row of the window.
constexpr long conv_row_weights(const geometry& g, const conv_tiles& tiles) noexcept {
    const int depth = g.channels / g.groups;
    if (!tiles.pairs) return long{g.window[2]} * depth * tiles.width;
    const int joined = math::ceil_div(g.window[2] * depth, 2);
    const int apart = tiles.by_taps ? g.window[2] * math::ceil_div(depth, 2) : 0;
    return long{joined + apart} * 2 * tiles.width;
}

/// Floats of packed biases before the weights of a block.
constexpr int conv_biases(const conv_tiles& tiles) noexcept {
    return tiles.pairs ? 2 * tiles.width : tiles.width;
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
    if (g.by_rows || !is_pointwise(g)) return g;
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

/// How long a stretch of a row stays with one block of output channels: what it reads shall stay in
/// the first cache meanwhile.
constexpr int tiles_of_a_stretch(const geometry& g, const conv_tiles& tiles) noexcept {
    const long long reads = 4LL * tiles.pixels * g.stride[2] * g.channels;
    return static_cast<int>(math::max(16384 / reads, 1LL));
}

/// Whether all rows are done with one block of output channels before the next: where the map is
/// small enough to be read over and over, or the weights too large for that.
constexpr bool blocks_come_first(const geometry& g, long long packed) noexcept {
    const long long map = 4LL * g.in[0] * g.in[1] * g.in[2] * g.channels;
    return map <= 24 * 1024 || 4 * packed > 512 * 1024;
}

template <isa Machine>
[[gnu::noinline]] void conv_rows(const operands& places, const geometry& given,
                                 const conv_tiles& tiles) noexcept {
    const geometry g = with_long_rows(given);
    const int depth = g.channels / g.groups;
    const int filters = g.filters / g.groups;
    const int blocks = math::ceil_div(filters, tiles.width);
    const long row_weights = conv_row_weights(g, tiles);
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
    call.low = g.low;
    call.high = g.high;

    const pixel_range inner = tiles.pixel ? inner_pixels(g) : pixel_range{0, g.out[2]};
    const conv_tiling tiling{inner.end - inner.first, tiles.pixels};
    const int all = tiling.tiles();
    const bool blocks_first = blocks_come_first(g, block_weights * blocks * g.groups);
    const int outer_blocks = blocks_first ? blocks : 1;
    const int inner_blocks = blocks_first ? 1 : blocks;
    const int stretch = inner_blocks == 1 ? math::max(all, 1) : tiles_of_a_stretch(g, tiles);

    for (int group = 0; group < g.groups; ++group)
        for (int outer = 0; outer < outer_blocks; ++outer)
            for (int z = 0; z < g.out[0]; ++z)
                for (int y = 0; y < g.out[1]; ++y) {
                    const detail::tap_range planes{g, 0, z};
                    const detail::tap_range rows{g, 1, y};
                    call.planes = planes.count();
                    call.rows = rows.count();
                    call.map = places.input + group * depth;
                    const long first_cell =
                        (z * g.stride[0] - g.before[0] + planes.first * g.dilation[0]) * in_plane +
                        (y * g.stride[1] - g.before[1] + rows.first * g.dilation[1]) * in_row -
                        long{g.before[2]} * g.channels;
                    const long out_row = (long{z} * g.out[1] + y) * g.out[2] * g.filters;
                    const long first_weight = planes.first * plane_weights +
                                              rows.first * row_weights + conv_biases(tiles);
                    for (int start = 0; start == 0 || start < all; start += stretch)
                        for (int block = outer; block < outer + inner_blocks; ++block) {
                            const float* weights =
                                places.weights + (long{group} * blocks + block) * block_weights;
                            const long filter = long{group} * filters + long{block} * tiles.width;
                            call.bias = weights;
                            call.weights = weights + first_weight;
                            call.filters = filters - block * tiles.width;
                            const auto place = [&](int x) noexcept {
                                const long to = out_row + long{x} * g.filters + filter;
                                call.output = places.output + to;
                                call.other = places.other ? places.other + to : nullptr;
                                call.first = first_cell + x * call.step;
                            };
                            call.taps = g.window[2];
                            const int end = math::min(start + stretch, all);
                            for (int tile = start; tile < end; ++tile) {
                                const int narrow = math::max(tile - tiling.wide, 0);
                                place(inner.first + tile * tiles.pixels - narrow);
                                (tile == 0            ? tiles.first
                                 : tile == all - 1    ? tiles.last
                                 : tile < tiling.wide ? tiles.wide
                                                      : tiles.narrow)(call);
                            }
                            if (!tiles.pixel || start != 0) continue;
                            for (int x = 0; x < g.out[2]; ++x) {
                                if (x == inner.first) x = inner.end;
                                if (x == g.out[2]) break;
                                const detail::tap_range taps{g, 2, x};
                                place(x);
                                call.first += taps.first * call.tap;
                                call.weights =
                                    weights + first_weight + long{taps.first} * depth * tiles.width;
                                call.taps = taps.count();
                                tiles.pixel(call);
                            }
                        }
                }
}

} // namespace ctnn
