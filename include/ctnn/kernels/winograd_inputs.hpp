// SPDX-License-Identifier: BSL-1.0
// The inputs of Winograd's convolution, B^T d B of the tiles of a map. Where no tile meets the
// border, tile by tile. Else first along the height, whole rows at a time, so that no lane is idle
// and cells that tiles share are transformed once, then along the width, tile by tile: between them
// lies a strip, the rows of some tiles side by side with the padding that they read.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/machine/keep.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/winograd_transform.hpp>

namespace ctnn::winograd_detail {

constexpr int tiles_along(int cells, int made) noexcept { return math::ceil_div(cells, made); }
constexpr int tiles_of(const geometry& g, int made) noexcept {
    return tiles_along(g.out[1], made) * tiles_along(g.out[2], made);
}

/// Whether some tile reads beyond the map, or vectors of `lanes` channels would.
constexpr bool needs_strips(const geometry& g, int read, int made, int lanes) noexcept {
    for (int axis = 1; axis < 3; ++axis) {
        const int end = (tiles_along(g.out[axis], made) - 1) * made + read;
        if (g.before[axis] > 0 || end > g.in[axis]) return true;
    }
    return g.channels < lanes;
}

/// B^T d B of one vector of channels of a tile: cells `row` and `column` floats apart, products
/// `apart` floats apart.
template <isa Machine, int Read, int Lanes>
[[gnu::noinline]] void input_tile(const float* from, long row, long column, float* to,
                                  long apart) noexcept {
    simd::floats<Lanes> half[Read][Read];
    _Pragma("GCC unroll 6") for (int x = 0; x < Read; ++x) {
        simd::floats<Lanes> cells[Read];
        _Pragma("GCC unroll 6") for (int y = 0; y < Read; ++y) cells[y] =
            simd::load<Lanes>(from + (y * row + x * column));
        simd::floats<Lanes> made[Read];
        transform_input<Read, Lanes>(made, cells);
        _Pragma("GCC unroll 6") for (int y = 0; y < Read; ++y) half[y][x] = made[y];
    }
    _Pragma("GCC unroll 6") for (int y = 0; y < Read; ++y) {
        simd::floats<Lanes> made[Read];
        transform_input<Read, Lanes>(made, half[y]);
        _Pragma("GCC unroll 6") for (int x = 0; x < Read; ++x) {
            simd::store<Lanes>(to, made[x]);
            to += apart;
        }
    }
}

/// Floats of a row of a strip of `tiles` tiles: behind it, what vectors reach beyond.
constexpr long strip_row(const geometry& g, int tiles, int read, int made, int lanes) noexcept {
    const long cells = ((tiles - 1L) * made + read) * g.channels;
    return (cells / lanes + 2) * lanes;
}

/// Floats of a strip of one tile at least.
constexpr long least_strip(const geometry& g, int read, int made, int lanes) noexcept {
    return read * strip_row(g, 1, read, made, lanes);
}

/// As many tiles as a strip in `room` floats has, if it shall stay in the first cache.
constexpr int tiles_in_strip(const geometry& g, int read, int made, int lanes, long room) noexcept {
    constexpr long near = 4096;
    const long row = (math::min(room, near) / read - lanes) / g.channels;
    return static_cast<int>(math::max((row - read) / made + 1, 1L));
}

/// Transforms the rows from `y` on of `columns` cells from `x` on, where those beyond the map are
/// 0.
template <isa Machine, int Read, int Lanes>
[[gnu::always_inline]] inline void strip_rows(const geometry& g, const float* input, int y, int x,
                                              int columns, float* to, long pitch) noexcept {
    static constexpr float zeros[Lanes]{};
    const int left = math::clamp(-x, 0, columns);
    const int right = math::clamp(g.in[2] - x, left, columns);
    const long begin = long{left} * g.channels;
    const long count = long{right - left} * g.channels;
    const float* from[Read];
    long mask[Read]; // a row beyond the map is one vector of zeros
    for (int i = 0; i < Read; ++i) {
        const bool is = y + i >= 0 && y + i < g.in[1];
        from[i] = is ? input + (long{y + i} * g.in[2] + x + left) * g.channels : zeros;
        mask[i] = is ? -1 : 0;
    }
    for (long at = 0; at < count; at += Lanes) {
        simd::floats<Lanes> cells[Read];
        if (count < Lanes) {
            _Pragma("GCC unroll 6") for (int i = 0; i < Read; ++i) cells[i] =
                simd::load_part<Machine, Lanes>(from[i], static_cast<int>(count));
        } else {
            at = math::min(at, count - Lanes);
            _Pragma("GCC unroll 6") for (int i = 0; i < Read; ++i) cells[i] =
                simd::load<Lanes>(from[i] + (at & mask[i]));
            _Pragma("GCC unroll 6") for (int i = 0; i < Read; ++i) simd::keep(cells[i]);
        }
        simd::floats<Lanes> made[Read];
        transform_input<Read, Lanes>(made, cells);
        _Pragma("GCC unroll 6") for (int i = 0; i < Read; ++i)
            simd::store<Lanes>(to + i * pitch + begin + at, made[i]);
    }
    const long end = long{columns} * g.channels;
    if (begin + count < end || begin > 0)
        for (int i = 0; i < Read; ++i) {
            simd::fill_row<Lanes>(to + i * pitch, 0, begin);
            simd::fill_row<Lanes>(to + i * pitch + begin + count, 0, end - begin - count);
        }
}

/// Transforms one vector of channels of a tile; of two tiles, `next` floats apart, if they are Two,
/// half a vector each. Products are written `apart` floats from each other.
template <int Read, int Lanes, bool Two>
[[gnu::always_inline]] inline void strip_tile(const float* from, long pitch, long column, long next,
                                              float* to, long apart) noexcept {
    for (int y = 0; y < Read; ++y) {
        simd::floats<Lanes> cells[Read];
        _Pragma("GCC unroll 6") for (int x = 0; x < Read; ++x) {
            if constexpr (Two)
                cells[x] = load_halves<Lanes>(from + x * column, from + x * column + next,
                                              simd::lanes_of<Lanes>{});
            else
                cells[x] = simd::load<Lanes>(from + x * column);
            simd::keep(cells[x]);
        }
        simd::floats<Lanes> made[Read];
        transform_input<Read, Lanes>(made, cells);
        _Pragma("GCC unroll 6") for (int x = 0; x < Read; ++x)
            simd::store<Lanes>(to + x * apart, made[x]);
        from += pitch;
        to += Read * apart;
    }
}

/// Transforms some tiles of a strip, each of which has room for `room` channels, whole vectors.
/// Where the channels do not fill those, the rest is of no meaning.
template <isa Machine, int Read, int Made, int Lanes, bool Two>
[[gnu::always_inline]] inline void strip_tiles(const float* strip, long pitch, int channels,
                                               int tiles, float* to, int room,
                                               long apart) noexcept {
    const long next = long{Made} * channels;
    int i = 0;
    if constexpr (Two)
        for (; i + 1 < tiles; i += 2)
            strip_tile<Read, 2 * Lanes, true>(strip + i * next, pitch, channels, next,
                                              to + long{i} * room, apart);
    for (; i < tiles; ++i)
        for (int c = 0; c < channels; c += Lanes)
            strip_tile<Read, Lanes, false>(strip + (i * next + c), pitch, channels, next,
                                           to + (long{i} * room + c), apart);
}

/// How the inputs of a kernel are transformed.
struct input_way {
    isa machine = isa::scalar;
    int read = 0; ///< cells of a tile along an axis
    int made = 0;
    int lanes = 0;       ///< of vectors of channels
    int wide = 0;        ///< of vectors along a row
    bool strips = false; ///< by strips
    bool two = false;    ///< tiles of which two fit into a vector
};

/// Transforms `count` tiles from tile `first` on, each of which has room for `room` channels.
/// `strip` has room for `strip_floats`, if there are strips.
template <input_way Way>
[[gnu::noinline]] void all_inputs(const operands& places, const geometry& g, int first, int count,
                                  float* to, int room, long apart, float* strip,
                                  long strip_floats) noexcept {
    const int across = tiles_along(g.out[2], Way.made);
    if constexpr (!Way.strips) {
        const long row = long{g.in[2]} * g.channels;
        for (int tile = first; tile < first + count; ++tile, to += room) {
            const float* const cell = places.input + tile / across * Way.made * row +
                                      tile % across * long{Way.made} * g.channels;
            for (int c = 0; c < g.channels; c += Way.lanes) {
                c = math::min(c, g.channels - Way.lanes); // some may be transformed again
                input_tile<Way.machine, Way.read, Way.lanes>(cell + c, row, g.channels, to + c,
                                                             apart);
            }
        }
    } else {
        const int most = tiles_in_strip(g, Way.read, Way.made, Way.wide, strip_floats);
        while (count > 0) {
            const int column = first % across;
            const int tiles = math::min(math::min(across - column, count), most);
            const int columns = (tiles - 1) * Way.made + Way.read;
            const long pitch = strip_row(g, tiles, Way.read, Way.made, Way.wide);
            strip_rows<Way.machine, Way.read, Way.wide>(
                g, places.input, first / across * Way.made - g.before[1],
                column * Way.made - g.before[2], columns, strip, pitch);
            strip_tiles<Way.machine, Way.read, Way.made, Way.lanes, Way.two>(
                strip, pitch, g.channels, tiles, to, room, apart);
            to += long{tiles} * room;
            first += tiles;
            count -= tiles;
        }
    }
}

} // namespace ctnn::winograd_detail
