// SPDX-License-Identifier: BSL-1.0
// Convolutions and dense layers on int8. A tile is some pixels of the output by a block of filters;
// all its sums stay in registers. The cells under a window are runs in memory, one for each row of
// the window. Pixels whose windows meet the edge are gathered first, cells beyond it being the zero
// point: since -zero * sum of weights is part of the bias, those give nothing then. So are all
// pixels where a run is not a whole number of groups, or the window has gaps.
//
// Packed: blocks of filters, each its biases, multipliers and shifts, then the cells of the window
// in groups, and in a group for each filter as many weights in a row as the group has cells.
#pragma once

#include <ctnn/kernels/int8/tile.hpp>

#include <cstddef>

namespace ctnn {

namespace detail {

/// Cells of a whole window, and of one with full groups.
constexpr int int8_depth(const geometry& map) noexcept {
    return map.window[0] * map.window[1] * map.window[2] * map.channels;
}
constexpr int int8_room(const geometry& map, int group) noexcept {
    return math::ceil_div(int8_depth(map), group) * group;
}

/// Whether windows inside the map are read where they are.
constexpr bool int8_runs(const geometry& map, int group) noexcept {
    return map.window[0] == 1 && map.dilation[2] == 1 && map.window[2] * map.channels % group == 0;
}

constexpr long long int8_block_bytes(const geometry& map, const kernel_key& key) noexcept {
    const int block = key.vectors * key.lanes;
    return 12LL * block + static_cast<long long>(int8_room(map, key.step)) * block;
}

constexpr void pack_int8_conv(const int8_source& source, const int8_geometry& g,
                              const kernel_key& key, unsigned char* to) noexcept {
    const int block = key.vectors * key.lanes;
    const int group = key.step;
    const int depth = int8_depth(g.map);
    const int filters = g.map.filters;
    for (int first = 0; first < filters; first += block) {
        unsigned char* weights = to + 12 * block;
        for (int v = 0; v < block; ++v) {
            const int f = first + v;
            const bool real = f < filters;
            int sum = 0;
            for (int k = 0; k < int8_room(g.map, group); ++k) {
                const int8 weight = real && k < depth
                                        ? source.kernel[static_cast<long long>(k) * filters + f]
                                        : int8{};
                sum += weight;
                weights[(k / group * block + v) * group + k % group] =
                    static_cast<unsigned char>(weight);
            }
            const int bias = real && source.bias ? source.bias[f] : 0;
            const rescale factor = real ? source.factors[f] : rescale{};
            write_int(to + 4 * v, bias - (g.input_zero + int8_shift(key)) * sum);
            write_int(to + 4 * (block + v), factor.multiplier);
            write_int(to + 4 * (2 * block + v), factor.shift);
        }
        to += int8_block_bytes(g.map, key);
    }
}

/// One pixel's window, the cells beyond the map being the zero point.
inline void gather_int8(const int8_operands& o, const int8_geometry& g, int y, int x,
                        int8* to) noexcept {
    const geometry& map = g.map;
    for (int j = 0; j < map.window[1]; ++j) {
        const int row = y * map.stride[1] - map.before[1] + j * map.dilation[1];
        for (int k = 0; k < map.window[2]; ++k, to += map.channels) {
            const int column = x * map.stride[2] - map.before[2] + k * map.dilation[2];
            const bool inside = row >= 0 && row < map.in[1] && column >= 0 && column < map.in[2];
            if (inside)
                __builtin_memcpy(to, o.input + (1LL * row * map.in[2] + column) * map.channels,
                                 static_cast<std::size_t>(map.channels));
            else
                __builtin_memset(to, g.input_zero, static_cast<std::size_t>(map.channels));
        }
    }
}

template <kernel_key Key>
[[gnu::noinline]] void conv_int8_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    constexpr int pixels = Key.pixels;
    const geometry& map = g.map;
    const int room = int8_room(map, Key.step);
    const int count = map.out[1] * map.out[2];
    const bool in_place = int8_runs(map, Key.step);
    const int8* starts[pixels];
    for (int first = 0; first < count; first += pixels) {
        const int used = math::min(pixels, count - first);
        bool direct = in_place;
        for (int p = 0; p < pixels; ++p) {
            const int pixel = first + math::min(p, used - 1);
            const int y = pixel / map.out[2] * map.stride[1] - map.before[1];
            const int x = pixel % map.out[2] * map.stride[2] - map.before[2];
            starts[p] = o.input + (1LL * y * map.in[2] + x) * map.channels;
            if (y < 0 || x < 0 || y + (map.window[1] - 1) * map.dilation[1] >= map.in[1] ||
                x + map.window[2] > map.in[2])
                direct = false;
        }
        int8_runs_call call{starts,        1LL * map.in[2] * map.channels * map.dilation[1],
                            map.window[1], map.window[2] * map.channels / Key.step,
                            o.weights,     o.output + 1LL * first * map.filters,
                            used};
        if (!direct) {
            int8* cells = reinterpret_cast<int8*>(o.scratch);
            for (int p = 0; p < used; ++p) {
                const int pixel = first + p;
                starts[p] = cells + p * room;
                gather_int8(o, g, pixel / map.out[2], pixel % map.out[2], cells + p * room);
            }
            for (int p = used; p < pixels; ++p) starts[p] = starts[used - 1];
            call.runs = 1;
            call.groups = room / Key.step;
        }
        for (int f = 0; f < map.filters; f += Key.vectors * Key.lanes) {
            int8_tile<Key>(call, g, f);
            call.weights += int8_block_bytes(map, Key);
        }
    }
}

} // namespace detail

/// How convolutions and dense layers on int8 are tiled on a machine.
constexpr int8_choice choose_int8_conv(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.groups != 1 || map.window[0] != 1 || map.in[0] != 1) return choice;
    choice.key = detail::int8_tile_key(map, machine);
    choice.pack = &detail::pack_int8_conv;
    choice.packed_bytes = detail::int8_block_bytes(map, choice.key) *
                          math::ceil_div(map.filters, choice.key.vectors * choice.key.lanes);
    bool gathers = !detail::int8_runs(map, choice.key.step);
    for (int axis = 1; axis < 3; ++axis)
        gathers = gathers || map.before[axis] > 0 || map.after[axis] > 0;
    if (gathers)
        choice.kept_bytes = 1LL * choice.key.pixels * detail::int8_room(map, choice.key.step);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_direct &&
         Key.weights == dtype::int8) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::conv_int8_kernel<Key>;

} // namespace ctnn
