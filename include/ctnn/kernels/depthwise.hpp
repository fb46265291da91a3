// SPDX-License-Identifier: BSL-1.0
// Depthwise convolution, multiplier 1: rows outside, blocks of channels inside, the weights of a
// block in registers. Three ways, by the shape:
// * tiled: C >= lanes, dilation 1. A register tile is some pixels of a row and one vector of
//   channels; the tiles at the ends of a row leave out the taps that miss the map.
// * flat: C < lanes, stride 1. A row is one run of numbers in which a tap is C floats further, so a
//   vector holds several pixels. Rows are copied between zeros first.
// * any: whatever is left, a pixel at a time.
// Nothing is added (operands::other).
#pragma once

#include <ctnn/kernels/depthwise_tile.hpp>

namespace ctnn {

namespace detail {

/// Channels that go through the map together: all, unless the rows under a window are more than a
/// first-level cache of 32 KB holds.
[[gnu::always_inline]] constexpr int depthwise_group(const geometry& g, int rows,
                                                     int lanes) noexcept {
    const int most = 6144 / (rows * g.in[2]) / lanes * lanes;
    if (g.channels <= most) return g.channels;
    return most > 2 * lanes ? most : 2 * lanes;
}

template <kernel_key Key>
[[gnu::always_inline]] inline void depthwise_tiled(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long channels = g.channels;
    const long long group = depthwise_group(g, Key.rows, lanes);
    constexpr bool pairs = Key.vectors == 2;
    constexpr depthwise_rows best = pairs                ? depthwise_rows::pair
                                    : holds_weights(Key) ? depthwise_rows::held
                                                         : depthwise_rows::loaded;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    const float* weights = o.weights;
    depthwise_row row{};
    row.step = channels;
    row.next_output = g.out[2] * channels;
    for (long long begin = 0; begin < channels; begin += group) {
        const long long end = math::min(begin + group, channels);
        for (int y = 0; y < g.out[1]; ++y) {
            const int top = y * g.stride[1] - g.before[1];
            row.first = math::max(0, -top);
            row.last = math::min(Key.rows, g.in[1] - top);
            row.weights = weights;
            find_rows(row, g, top, pairs ? rows_of_pair(Key) : Key.rows);
            // Two rows whose windows lie on the map.
            const bool pair =
                pairs && top >= 0 && y + 1 < g.out[1] && top + rows_of_pair(Key) <= g.in[1];
            for (long long c = begin; c < end; c += lanes) {
                const long long channel = math::min(c, channels - lanes);
                row.input = o.input + channel;
                row.output = o.output + (y * row.next_output + channel);
                if (pairs && pair)
                    depthwise_pixels<Key, best>(row, g, low, high);
                else if (!pairs && row.first == 0 && row.last == Key.rows)
                    depthwise_pixels<Key, best>(row, g, low, high);
                else
                    depthwise_pixels<Key, depthwise_rows::loaded>(row, g, low, high);
                row.weights += (1 + Key.rows * Key.window) * lanes;
            }
            if (pair) ++y;
        }
        weights = row.weights;
    }
}

/// Vectors of several pixels, of one or two rows: each starts at a pixel, and each lane is right
/// whose pixel exists. The rows of the map are one after the other those that the windows see.
template <kernel_key Key, int Lines, int Vectors>
[[gnu::always_inline]] inline void
depthwise_flat_sums(simd::floats<Key.lanes> (&sums)[Lines][Vectors], const float* const* rows,
                    int at, const float* weights) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int whole = lanes / Key.step * Key.step;
    constexpr int seen = Key.rows + Lines - 1;
    const auto bias = simd::load<lanes>(weights);
    weights += lanes;
    _Pragma("GCC unroll 2") for (int q = 0; q < Lines; ++q)
        _Pragma("GCC unroll 16") for (int v = 0; v < Vectors; ++v) sums[q][v] = bias;
    _Pragma("GCC unroll 16") for (int r = 0; r < seen; ++r)
        _Pragma("GCC unroll 16") for (int k = 0; k < Key.window; ++k) {
        simd::floats<lanes> taps[Lines]{};
        _Pragma("GCC unroll 2") for (int q = 0; q < Lines; ++q) if (r >= q && r - q < Key.rows)
            taps[q] = simd::load<lanes>(weights + ((r - q) * Key.window + k) * lanes);
        _Pragma("GCC unroll 16") for (int v = 0; v < Vectors; ++v) {
            auto cells = simd::load<lanes>(rows[r] + at + v * whole + k * Key.step);
            if constexpr (Lines > 1) simd::keep(cells);
            _Pragma("GCC unroll 2") for (int q = 0; q < Lines; ++q) if (r >= q && r - q < Key.rows)
                sums[q][v] += cells * taps[q];
        }
    }
}

/// One or two rows of the output, each of `width` numbers.
template <kernel_key Key, int Lines>
[[gnu::always_inline]] inline void depthwise_flat_rows(const float* const* rows, float* to,
                                                       int width, const operands& o,
                                                       const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int whole = lanes / Key.step * Key.step;
    constexpr int tile = Key.pixels * whole;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    int at = 0;
    for (; at + tile - whole + lanes <= width; at += tile) {
        simd::floats<lanes> sums[Lines][Key.pixels];
        depthwise_flat_sums<Key>(sums, rows, at, o.weights);
        _Pragma("GCC unroll 2") for (int q = 0; q < Lines; ++q)
            _Pragma("GCC unroll 16") for (int v = 0; v < Key.pixels; ++v) simd::store<lanes>(
                to + q * width + at + v * whole, simd::clamp<lanes>(sums[q][v], low, high));
    }
    for (; at < width; at += whole) {
        simd::floats<lanes> sums[Lines][1];
        depthwise_flat_sums<Key>(sums, rows, at, o.weights);
        for (int q = 0; q < Lines; ++q) {
            const auto cells = simd::clamp<lanes>(sums[q][0], low, high);
            if (at + lanes <= width)
                simd::store<lanes>(to + q * width + at, cells);
            else
                simd::store_part<Key.machine, lanes>(to + q * width + at, cells, width - at);
        }
    }
}

template <kernel_key Key>
[[gnu::always_inline]] inline void depthwise_flat(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int channels = Key.step;
    constexpr bool pairs = Key.vectors == 2;
    constexpr int slots = pairs ? Key.rows + 1 : Key.rows;
    const int read = g.in[2] * channels;
    const int width = g.out[2] * channels;
    const int before = Key.left * channels;
    const int room = width + (Key.window - 1) * channels + lanes;
    float* const zeros = o.scratch + static_cast<long long>(slots) * room;
    simd::fill_row<lanes>(o.scratch, 0, static_cast<long long>(slots + 1) * room);
    int copied = 0; // rows of the map that are in the ring, or were
    for (int y = 0; y < g.out[1]; ++y) {
        const int top = y * g.stride[1] - g.before[1];
        const bool pair = pairs && y + 1 < g.out[1];
        const float* rows[slots];
        _Pragma("GCC unroll 16") for (int r = 0; r < slots; ++r) {
            const bool met = top + r >= 0 && top + r < g.in[1];
            rows[r] = zeros;
            if (!met || (r == Key.rows && !pair)) continue;
            float* slot = o.scratch + static_cast<long long>((top + r) % slots) * room;
            rows[r] = slot;
            if (top + r < copied) continue;
            copied = top + r + 1;
            const int from = g.ring != 0 ? (top + r) % g.ring : top + r;
            simd::copy_row<lanes>(slot + before, o.input + static_cast<long long>(from) * read,
                                  math::min(read, room - before));
        }
        float* to = o.output + static_cast<long long>(y) * width;
        if constexpr (pairs) {
            if (pair) {
                depthwise_flat_rows<Key, 2>(rows, to, width, o, g);
                ++y;
                continue;
            }
        }
        depthwise_flat_rows<Key, 1>(rows, to, width, o, g);
    }
}

template <kernel_key Key>
[[gnu::always_inline]] inline void depthwise_any(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long channels = g.channels;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    const int taps = g.window[0] * g.window[1] * g.window[2];
    float* to = o.output;
    for (int z = 0; z < g.out[0]; ++z)
        for (int y = 0; y < g.out[1]; ++y)
            for (int x = 0; x < g.out[2]; ++x, to += channels) {
                const tap_range deep{g, 0, z}, high_{g, 1, y}, wide{g, 2, x};
                const float* weights = o.weights;
                for (long long c = 0; c < channels; c += lanes) {
                    const long long channel = math::min(c, channels - lanes);
                    auto sum = simd::load<lanes>(weights);
                    for (int i = deep.first; i < deep.last; ++i)
                        for (int j = high_.first; j < high_.last; ++j)
                            for (int k = wide.first; k < wide.last; ++k) {
                                const int row = y * g.stride[1] - g.before[1] + j * g.dilation[1];
                                const long long plane =
                                    (static_cast<long long>(z * g.stride[0] - g.before[0] +
                                                            i * g.dilation[0]) *
                                         g.in[1] +
                                     (g.ring != 0 ? row % g.ring : row)) *
                                        g.in[2] +
                                    x * g.stride[2] - g.before[2] + k * g.dilation[2];
                                const int tap = (i * g.window[1] + j) * g.window[2] + k;
                                sum += simd::load<lanes>(o.input + plane * channels + channel) *
                                       simd::load<lanes>(weights + (1 + tap) * lanes);
                            }
                    simd::store<lanes>(to + channel, simd::clamp<lanes>(sum, low, high));
                    weights += (1 + taps) * lanes;
                }
            }
}

} // namespace detail

template <kernel_key Key> void depthwise(const operands& o, const geometry& g) noexcept {
    if constexpr (Key.detail == depthwise_way::flat)
        detail::depthwise_flat<Key>(o, g);
    else if constexpr (Key.detail == depthwise_way::any)
        detail::depthwise_any<Key>(o, g);
    else
        detail::depthwise_tiled<Key>(o, g);
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::depthwise) inline constexpr kernel_function kernel_of<Key> = &depthwise<Key>;

/// Blocks of channels, the last one ending with the channels: bias, then the taps in their order.
/// A block that is longer than the channels goes on with the first one again.
constexpr void pack_depthwise(const weight_source& source, const geometry& g, const kernel_key& key,
                              float* to) noexcept {
    const int taps = g.window[0] * g.window[1] * g.window[2];
    for (int c = 0; c < g.channels; c += key.lanes) {
        const int first = math::max(0, math::min(c, g.channels - key.lanes));
        for (int tap = -1; tap < taps; ++tap)
            for (int i = 0; i < key.lanes; ++i) {
                const int channel = (first + i) % g.channels;
                const double factor = source.scale(channel);
                *to++ = static_cast<float>(
                    tap < 0
                        ? source.shift(channel)
                        : factor * static_cast<double>(source.kernel[tap * g.channels + channel]));
            }
    }
}

namespace detail {

/// Whether tiles of so many pixels are right: taps miss the map in the first tile and the last one
/// only, and in neither of them at its other end.
constexpr bool tiles_fit(int width, int tile, int missed_left, int missed_right) noexcept {
    const int rest = width - (width - 1) / tile * tile;
    return missed_left <= tile && missed_right <= rest && missed_left <= width - tile;
}

/// Pixels of a tile: the row, if it is short, else about six, so that tiles overlap little. 0 if no
/// tile is right.
constexpr int depthwise_pixels_of(const geometry& g, const target& machine, int left,
                                  int right) noexcept {
    const int width = g.out[2];
    const int most = machine.registers >= 32 ? 8 : 6;
    if (width <= most) return width;
    const int missed_left = math::ceil_div(left, g.stride[2]);
    const int missed_right = math::ceil_div(right, g.stride[2]);
    for (int tile = math::ceil_div(width, math::ceil_div(width, 6)); tile > 0; --tile)
        if (tiles_fit(width, tile, missed_left, missed_right)) return tile;
    return 0;
}

} // namespace detail

/// The kernel for a call, and what it needs.
constexpr kernel_choice choose_depthwise(const geometry& g, const target& machine) noexcept {
    if (g.filters != g.channels || g.groups != g.channels) return {};
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::depthwise;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    choice.pack = pack_depthwise;
    const int left = g.before[2];
    const int right = math::max(0, (g.out[2] - 1) * g.stride[2] + g.window[2] - left - g.in[2]);
    const bool plain = g.dilation[1] == 1 && g.dilation[2] == 1 && g.window[0] == 1 &&
                       g.in[0] == 1 && g.out[0] == 1 && g.window[1] <= 7 && g.window[2] <= 7;
    const int pixels = detail::depthwise_pixels_of(g, machine, left, right);
    const int taps = g.window[0] * g.window[1] * g.window[2];
    if (plain && g.channels < machine.lanes && g.stride[2] == 1) {
        key.detail = depthwise_way::flat;
        const int whole = machine.lanes / g.channels * g.channels;
        const int vectors = (g.out[2] * g.channels - machine.lanes) / whole + 1;
        key.pixels = math::clamp(vectors, 1, machine.registers >= 32 ? 6 : 4);
        key.left = left;
        key.step = g.channels;
        if (g.stride[1] == 1 && g.out[1] > 1) key.vectors = 2;
        choice.scratch_floats = static_cast<long long>(g.window[1] + (key.vectors == 2 ? 2 : 1)) *
                                ((g.out[2] + g.window[2] - 1) * g.channels + machine.lanes);
    } else {
        while (key.lanes > g.channels) key.lanes = key.lanes > 4 ? key.lanes / 2 : 1;
        key.detail = depthwise_way::any;
        if (plain && pixels > 0) {
            key.detail = pixels == g.out[2] ? depthwise_way::single : depthwise_way::tiled;
            key.pixels = pixels;
            key.left = left;
            key.right = right;
            key.stride = g.stride[2];
        }
    }
    if (key.detail != depthwise_way::any) {
        key.window = g.window[2];
        key.rows = g.window[1];
    }
    // Two rows at a time read less. Where windows overlap little that is not worth its sums, unless
    // one row has too few of them.
    const bool tiles = key.detail == depthwise_way::tiled || key.detail == depthwise_way::single;
    if (tiles && g.stride[1] == g.stride[2] && g.stride[1] <= key.rows && g.out[1] > 1 &&
        (g.stride[1] == 1 || key.pixels <= 4) &&
        key.rows * key.window + 2 * key.pixels + 3 <= machine.registers)
        key.vectors = 2;
    choice.packed_floats =
        static_cast<long long>(math::ceil_div(g.channels, key.lanes)) * (1 + taps) * key.lanes;
    return choice;
}

} // namespace ctnn
