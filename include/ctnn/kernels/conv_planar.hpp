// SPDX-License-Identifier: BSL-1.0
// Convolution from few channels to few filters along a row: lanes are neighbouring pixels, and each
// filter has vectors of sums of its own, so that no lane is of no use where filters are not a power
// of two. The map is copied first, a plane for each channel, between the padding of its rows. Sums
// are brought into the order of pixels at the end, and a pool of 2x2 that follows is made before
// that.
// Weights are packed as [biases][channel][height][width][filter].
#pragma once

#include <ctnn/kernels/conv_few.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/kernels/taps.hpp>

namespace ctnn {

namespace planar_detail {

/// A key's `pixels` are the filters, its `vectors` those of pixels; its `detail` is a pool_way.
/// Filters, as many as a power of two.
constexpr int filter_room(int filters) noexcept {
    int room = 4;
    while (room < filters) room *= 2;
    return room;
}

/// Cells of a row with its padding, and behind it what the last vectors of a row read of it.
constexpr int row_room(const geometry& g, const kernel_key& key) noexcept {
    const int block = key.vectors * key.lanes;
    return math::ceil_div(g.out[2], block) * block + key.window - 1;
}

/// Zeros from `from` to `end`, and up to a vector behind: that is written later.
template <int Lanes>
[[gnu::always_inline]] inline void fill_over(float* from, const float* end) noexcept {
    simd::floats<Lanes> zeros{};
    simd::keep(zeros); // or g++ calls memset
    for (; from < end; from += Lanes) simd::store<Lanes>(from, zeros);
}

template <kernel_key Key>
[[gnu::noinline]] void copy_planes(const float* from, const geometry& g, float* to) noexcept {
    constexpr int lanes = Key.lanes;
    const int row = row_room(g, Key);
    const int cells = math::min(g.in[2], row - g.before[2]);
    const long step = long{g.in[2]} * g.channels;
    for (int c = 0; c < g.channels; ++c) {
        const float* cell = from + c;
        for (int y = 0; y < g.in[1]; ++y, to += row, cell += step) {
            float* const first = to + g.before[2];
            fill_over<lanes>(to, first);
            if (g.channels == 1)
                simd::copy_row<lanes>(first, cell, cells);
            else
                for (int x = 0; x < cells; ++x) first[x] = cell[long{x} * g.channels];
            fill_over<lanes>(first + cells, to + row);
        }
    }
}

/// Every lane of the first half of both vectors in turn, or of the second half.
template <int Lanes, int Half, int... Lane>
[[gnu::always_inline]] inline simd::floats<Lanes>
mix(simd::floats<Lanes> left, simd::floats<Lanes> right,
    simd::lane_list<Lane...> /*numbers*/) noexcept {
    return __builtin_shufflevector(left, right,
                                   (Half * Lanes / 2 + Lane / 2 + (Lane % 2 == 0 ? 0 : Lanes))...);
}

/// Every second lane of two vectors, from lane First on.
template <int Lanes, int First, int... Lane>
[[gnu::always_inline]] inline simd::floats<Lanes>
every_second(simd::floats<Lanes> left, simd::floats<Lanes> right,
             simd::lane_list<Lane...> /*numbers*/) noexcept {
    return __builtin_shufflevector(left, right, (2 * Lane + First)...);
}

/// From vectors of the pixels of a filter to vectors of the filters of pixels: each step mixes the
/// first half of the vectors with the second, lane by lane.
template <int Lanes, int Count>
[[gnu::always_inline]] inline void interleave(simd::floats<Lanes> (&v)[Count]) noexcept {
    _Pragma("GCC unroll 4") for (int step = 1; step < Count; step *= 2) {
        simd::floats<Lanes> mixed[Count];
        _Pragma("GCC unroll 16") for (int i = 0; i < Count / 2; ++i) {
            mixed[2 * i] = mix<Lanes, 0>(v[i], v[i + Count / 2], simd::lanes_of<Lanes>{});
            mixed[2 * i + 1] = mix<Lanes, 1>(v[i], v[i + Count / 2], simd::lanes_of<Lanes>{});
        }
        _Pragma("GCC unroll 16") for (int i = 0; i < Count; ++i) v[i] = mixed[i];
    }
}

/// Writes `pixels` pixels that have room for Room filters each. One may be written over the
/// beginning of the next, which is written after it, but not beyond `end`.
template <isa Machine, int Room, int Lanes>
[[gnu::always_inline]] inline void write_pixels(const float* cells, int pixels, int filters,
                                                float* to, const float* end) noexcept {
    constexpr int part = math::min(Room, Lanes);
    int i = 0;
    for (; i < pixels && end - to >= Room; ++i, to += filters)
        _Pragma("GCC unroll 4") for (int f = 0; f < Room; f += part)
            simd::store<part>(to + f, simd::load<part>(cells + i * Room + f));
    for (; i < pixels; ++i, to += filters) simd::copy_first<Machine>(to, cells + i * Room, filters);
}

/// The sums of a block of pixels of one row.
template <kernel_key Key>
[[gnu::always_inline]] inline void
row_sums(simd::floats<Key.lanes> (&sums)[Key.pixels][Key.vectors], const float* in, long row,
         long plane, const float* weights, long weights_plane, int rows, int channels,
         const float* biases) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int filters = Key.pixels;
    _Pragma("GCC unroll 16") for (int f = 0; f < filters; ++f)
        _Pragma("GCC unroll 8") for (int n = 0; n < Key.vectors; ++n) sums[f][n] =
            simd::broadcast<lanes>(biases[f]);
    for (int c = 0; c < channels; ++c) {
        const float* cells = in;
        const float* factors = weights;
        for (int y = 0; y < rows; ++y) {
            _Pragma("GCC unroll 8") for (int x = 0; x < Key.window; ++x) {
                simd::floats<lanes> cell[Key.vectors];
                _Pragma("GCC unroll 8") for (int n = 0; n < Key.vectors; ++n) cell[n] =
                    simd::load<lanes>(cells + x + n * lanes);
                _Pragma("GCC unroll 16") for (int f = 0; f < filters; ++f) {
                    const auto factor = simd::broadcast<lanes>(factors[x * filters + f]);
                    _Pragma("GCC unroll 8") for (int n = 0; n < Key.vectors; ++n) sums[f][n] +=
                        cell[n] * factor;
                }
            }
            cells += row;
            factors += Key.window * filters;
        }
        in += plane;
        weights += weights_plane;
    }
}

} // namespace planar_detail

template <kernel_key Key> void conv_planar(const operands& places, const geometry& g) noexcept {
    using namespace planar_detail;
    constexpr int lanes = Key.lanes;
    constexpr int filters = Key.pixels;
    constexpr int room = filter_room(filters);
    constexpr int side = Key.pool;
    constexpr int vectors = Key.vectors / side; // of pooled pixels
    copy_planes<Key>(places.input, g, places.scratch);
    const long row = row_room(g, Key);
    const long plane = g.in[1] * row;
    const long row_weights = long{Key.window} * filters;
    const int height = g.out[1] / side;
    const int width = g.out[2] / side;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    const float* const end = places.output + long{height} * width * filters;
    float* to = places.output;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; x += vectors * lanes) {
            simd::floats<lanes> joined[filters][Key.vectors];
            _Pragma("GCC unroll 2") for (int i = 0; i < side; ++i) {
                const detail::tap_range taps{g, 1, y * side + i};
                simd::floats<lanes> sums[filters][Key.vectors];
                row_sums<Key>(sums, places.scratch + taps.cell(g, 1, y * side + i) * row + x * side,
                              row * g.dilation[1], plane,
                              places.weights + filters + taps.first * row_weights,
                              g.window[1] * row_weights, taps.count(), g.channels, places.weights);
                _Pragma("GCC unroll 16") for (int f = 0; f < filters; ++f)
                    _Pragma("GCC unroll 8") for (int n = 0; n < Key.vectors; ++n) {
                    auto sum = sums[f][n];
                    if constexpr (Key.detail == pool_way::mean)
                        sum = simd::clamp<lanes>(sum, low, high);
                    joined[f][n] =
                        i == 0 ? sum : detail::pool_join<Key.detail, lanes>(joined[f][n], sum);
                }
            }
            _Pragma("GCC unroll 8") for (int n = 0; n < vectors; ++n) {
                simd::floats<lanes> pooled[room]{};
                _Pragma("GCC unroll 16") for (int f = 0; f < filters; ++f) {
                    if constexpr (side == 1) {
                        pooled[f] = joined[f][n];
                    } else {
                        const auto left = joined[f][2 * n];
                        const auto right = joined[f][2 * n + 1];
                        pooled[f] = detail::pool_join<Key.detail, lanes>(
                            every_second<lanes, 0>(left, right, simd::lanes_of<lanes>{}),
                            every_second<lanes, 1>(left, right, simd::lanes_of<lanes>{}));
                        if constexpr (Key.detail == pool_way::mean) pooled[f] *= 0.25F;
                    }
                    if constexpr (side == 1 || Key.detail != pool_way::mean)
                        pooled[f] = simd::clamp<lanes>(pooled[f], low, high);
                }
                interleave<lanes, room>(pooled);
                float cells[room * lanes];
                _Pragma("GCC unroll 16") for (int f = 0; f < room; ++f)
                    simd::store<lanes>(cells + f * lanes, pooled[f]);
                const int pixels = math::clamp(width - x - n * lanes, 0, lanes);
                write_pixels<Key.machine, room, lanes>(cells, pixels, filters, to, end);
                to += pixels * filters;
            }
        }
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_planar) inline constexpr kernel_function kernel_of<Key> =
    &conv_planar<Key>;

constexpr void pack_conv_planar(const weight_source& source, const geometry& g,
                                const kernel_key& /*key*/, float* to) noexcept {
    for (int f = 0; f < g.filters; ++f) *to++ = static_cast<float>(source.shift(f));
    const int taps = g.window[1] * g.window[2];
    for (int c = 0; c < g.channels; ++c)
        for (int tap = 0; tap < taps; ++tap)
            for (int f = 0; f < g.filters; ++f) {
                const long cell = (long{tap} * g.channels + c) * g.filters + f;
                *to++ =
                    static_cast<float>(static_cast<double>(source.kernel[cell]) * source.scale(f));
            }
}

/// Where it is estimated to be faster than lanes that are filters, or, for tests, always. It adds
/// nothing. Estimates are in halves of a cycle, as conv_tile_cost's.
constexpr kernel_choice choose_conv_planar(const geometry& g, const target& machine,
                                           bool always = false) noexcept {
    const int side = g.pool[2];
    const bool plane = g.window[0] == 1 && g.in[0] == 1 && g.out[0] == 1 && g.before[0] == 0;
    const bool pools = side == 1 || (side == 2 && g.out[1] >= 2 && g.out[2] >= 2);
    if (machine.lanes < 4 || !plane || !pools || g.pool[1] != side || g.groups != 1 ||
        g.channels > 4 || g.filters < 3 || g.filters > 12 || g.window[2] > 7 || g.stride[2] != 1 ||
        g.dilation[2] != 1)
        return {};
    const int most = (machine.registers - 3) / g.filters;
    const int vectors = math::min(most, math::max(math::ceil_div(g.out[2], machine.lanes), side));
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::conv_planar;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    key.pixels = g.filters;
    key.vectors = math::min(vectors, 4) / side * side;
    key.window = g.window[2];
    key.pool = side;
    key.detail = side == 1 ? 0 : g.pool_way;
    if (key.vectors == 0) return {};
    const int room = planar_detail::filter_room(g.filters);
    const int blocks = math::ceil_div(g.out[2], key.vectors * key.lanes);
    const int taps = g.window[1] * g.window[2] * g.channels;
    const int sums = math::max(key.vectors * g.filters, 8);
    const double pixels = 1.0 * g.out[1] * g.out[2];
    const double cost =
        g.out[1] * blocks * (1.1 * sums * taps + 40 + 6 * room * key.vectors / side) +
        2.0 * pixels / (side * side) + 0.5 * g.in[1] * g.in[2] * g.channels;
    const bool few = 2 * g.filters <= machine.lanes;
    const int steps = few ? g.window[1] * math::ceil_div(g.window[2] * g.channels, 2) : taps;
    const double otherwise =
        pixels * (1.2 * steps * math::ceil_div(g.filters, machine.lanes) + (side == 1 ? 2 : 6));
    if (!always && cost > 0.9 * otherwise) return {};
    choice.pack = &pack_conv_planar;
    choice.packed_floats = g.filters + 1LL * taps * g.filters;
    choice.scratch_floats =
        1LL * g.channels * g.in[1] * planar_detail::row_room(g, key) + key.lanes;
    return choice;
}

} // namespace ctnn
