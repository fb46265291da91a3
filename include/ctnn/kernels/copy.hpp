// SPDX-License-Identifier: BSL-1.0
// Cells that go elsewhere as they are: concatenation, slices, padding, cropping, upsampling. Runs
// of floats are copied as vectors. The output is another tensor than the input.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/simd.hpp>
#include <ctnn/layers/window.hpp>

namespace ctnn {

/// kernel_key::detail of a copy.
namespace copy_way {
/// One input of a concatenation: each of out[0] out[1] out[2] rows of `channels` floats goes into a
/// row of `filters` floats, before[2] floats behind its start.
inline constexpr int insert = 0;
/// A slice: rows of `filters` floats out of rows of `channels` floats, from before[2] on.
inline constexpr int extract = 1;
/// `before` cells of alpha and what the output has after the map; negative: cells are cut off.
inline constexpr int pad = 2;
/// Every cell window[axis] times (nearest neighbour, whole factors).
inline constexpr int repeat = 3;
/// As pad, but what lies around the map is the map again, as the border `divisor` has it.
inline constexpr int border = 4;
/// Six axes whose extents are out and then window: a cell is before[2] floats from the input's
/// first and stride, then dilation, floats from the next along each of them.
inline constexpr int view = 5;
} // namespace copy_way

namespace detail {

template <int Lanes>
[[gnu::always_inline]] inline void copy_parts(const operands& o, const geometry& g,
                                              bool insert) noexcept {
    const long long rows = 1LL * g.out[0] * g.out[1] * g.out[2];
    const float* from = o.input + (insert ? 0 : g.before[2]);
    float* to = o.output + (insert ? g.before[2] : 0);
    const int count = insert ? g.channels : g.filters;
    for (long long row = 0; row < rows; ++row, from += g.channels, to += g.filters)
        simd::copy_row<Lanes>(to, from, count);
}

template <int Lanes>
[[gnu::always_inline]] inline void copy_padded(const operands& o, const geometry& g) noexcept {
    const long long channels = g.channels;
    const long long width = g.out[2] * channels;
    const int first = math::clamp(g.before[2], 0, g.out[2]);
    const int last = math::clamp(g.in[2] + g.before[2], first, g.out[2]);
    float* to = o.output;
    for (int z = -g.before[0]; z < g.out[0] - g.before[0]; ++z)
        for (int y = -g.before[1]; y < g.out[1] - g.before[1]; ++y, to += width) {
            const bool met = z >= 0 && z < g.in[0] && y >= 0 && y < g.in[1] && first < last;
            const int begin = met ? first : g.out[2];
            const int end = met ? last : g.out[2];
            simd::fill_row<Lanes>(to, g.alpha, begin * channels);
            if (met)
                simd::copy_row<Lanes>(
                    to + begin * channels,
                    o.input + ((1LL * z * g.in[1] + y) * g.in[2] + begin - g.before[2]) * channels,
                    (end - begin) * channels);
            simd::fill_row<Lanes>(to + end * channels, g.alpha, width - end * channels);
        }
}

template <int Lanes>
[[gnu::always_inline]] inline void copy_repeated(const operands& o, const geometry& g) noexcept {
    const long long channels = g.channels;
    const long long width = g.out[2] * channels;
    float* to = o.output;
    for (int z = 0; z < g.out[0]; ++z)
        for (int y = 0; y < g.out[1]; ++y, to += width) {
            const int row = z / g.window[0] * g.in[1] + y / g.window[1];
            const float* from = o.input + 1LL * row * g.in[2] * channels;
            if (y % g.window[1] != 0) { // the row before is the same
                simd::copy_row<Lanes>(to, to - width, width);
                continue;
            }
            float* cell = to;
            for (int x = 0; x < g.in[2]; ++x, from += channels)
                for (int i = 0; i < g.window[2]; ++i, cell += channels)
                    simd::copy_row<Lanes>(cell, from, channels);
        }
}

template <int Lanes>
[[gnu::always_inline]] inline void copy_bordered(const operands& o, const geometry& g) noexcept {
    const auto beyond = static_cast<border>(g.divisor);
    const long long channels = g.channels;
    const int first = math::clamp(g.before[2], 0, g.out[2]);
    const int last = math::clamp(g.in[2] + g.before[2], first, g.out[2]);
    float* to = o.output;
    for (int z = 0; z < g.out[0]; ++z)
        for (int y = 0; y < g.out[1]; ++y) {
            const long long plane = border_index(beyond, z - g.before[0], g.in[0]);
            const long long row = plane * g.in[1] + border_index(beyond, y - g.before[1], g.in[1]);
            const float* from = o.input + row * g.in[2] * channels;
            for (int x = 0; x < g.out[2]; ++x, to += channels) {
                if (x == first) {
                    const long long count = (last - first) * channels;
                    simd::copy_row<Lanes>(to, from + (x - g.before[2]) * channels, count);
                    x = last;
                    to += count;
                    if (x == g.out[2]) break;
                }
                const int cell = border_index(beyond, x - g.before[2], g.in[2]);
                simd::copy_row<Lanes>(to, from + cell * channels, channels);
            }
        }
}

/// The lanes of two vectors in turn: the first halves of them, or the second.
template <int Lanes, int Half, int... Lane>
[[gnu::always_inline]] inline simd::floats<Lanes>
zip(simd::floats<Lanes> even, simd::floats<Lanes> odd, simd::lane_list<Lane...>) noexcept {
    return __builtin_shufflevector(even, odd, (Half * Lanes / 2 + Lane / 2 + Lane % 2 * Lanes)...);
}

/// Two rows of `count` floats, `apart` one another, in turn.
template <int Lanes>
[[gnu::always_inline]] inline void copy_zipped(float* to, const float* from, long long count,
                                               long long apart) noexcept {
    long long i = 0;
    if constexpr (Lanes > 1) {
        using lanes = simd::lanes_of<Lanes>;
        for (; i + Lanes <= count; i += Lanes) {
            const auto even = simd::load<Lanes>(from + i);
            const auto odd = simd::load<Lanes>(from + apart + i);
            simd::store<Lanes>(to + 2 * i, zip<Lanes, 0>(even, odd, lanes{}));
            simd::store<Lanes>(to + 2 * i + Lanes, zip<Lanes, 1>(even, odd, lanes{}));
        }
    }
    for (; i < count; ++i) {
        to[2 * i] = from[i];
        to[2 * i + 1] = from[apart + i];
    }
}

/// Rows of `width` floats that are `step` apart; a float of the next row is `down` further.
template <int Lanes>
[[gnu::always_inline]] inline void copy_strided(float* to, const float* from, int rows, int width,
                                                long long down, long long step) noexcept {
    if (step == 1) {
        for (int row = 0; row < rows; ++row)
            simd::copy_row<Lanes>(to + 1LL * row * width, from + row * down, width);
    } else if (width == 2 && down == 1) {
        copy_zipped<Lanes>(to, from, rows, step);
    } else {
        // Few columns at a time, so that what is read stays in the first cache for the next rows.
        constexpr int most = 16;
        for (int first = 0; first < width; first += most) {
            const int last = math::min(first + most, width);
            for (int row = 0; row < rows; ++row)
                for (int column = first; column < last; ++column)
                    to[1LL * row * width + column] = from[row * down + column * step];
        }
    }
}

template <int Lanes>
[[gnu::always_inline]] inline void copy_viewed(const operands& o, const geometry& g) noexcept {
    float* to = o.output;
    const long long plane = 1LL * g.window[1] * g.window[2];
    for (int a = 0; a < g.out[0]; ++a)
        for (int b = 0; b < g.out[1]; ++b)
            for (int c = 0; c < g.out[2]; ++c)
                for (int d = 0; d < g.window[0]; ++d, to += plane)
                    copy_strided<Lanes>(to,
                                        o.input + (g.before[2] + 1LL * a * g.stride[0] +
                                                   1LL * b * g.stride[1] + 1LL * c * g.stride[2] +
                                                   1LL * d * g.dilation[0]),
                                        g.window[1], g.window[2], g.dilation[1], g.dilation[2]);
}

} // namespace detail

template <kernel_key Key> void copy_cells(const operands& o, const geometry& g) noexcept {
    if constexpr (Key.detail == copy_way::pad)
        detail::copy_padded<Key.lanes>(o, g);
    else if constexpr (Key.detail == copy_way::repeat)
        detail::copy_repeated<Key.lanes>(o, g);
    else if constexpr (Key.detail == copy_way::border)
        detail::copy_bordered<Key.lanes>(o, g);
    else if constexpr (Key.detail == copy_way::view)
        detail::copy_viewed<Key.lanes>(o, g);
    else
        detail::copy_parts<Key.lanes>(o, g, Key.detail == copy_way::insert);
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::copy) inline constexpr kernel_function kernel_of<Key> = &copy_cells<Key>;

/// The kernel for a copy, `way` of copy_way. Nothing is packed.
constexpr kernel_choice choose_copy(const geometry&, const target& machine, int way) noexcept {
    kernel_choice choice;
    choice.key.kind = kernel_kind::copy;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    choice.key.detail = way;
    return choice;
}

} // namespace ctnn
