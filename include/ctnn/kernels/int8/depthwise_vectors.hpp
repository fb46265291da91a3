// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on int8 by vectors of channels. The rows under a window are zipped once
// for each row of the output, so that a column of the window is a group of cells or a few of them,
// and each of them one dot product. Where there are few channels and windows move by one pixel, a
// vector has the channels of several pixels.
//
// Packed: blocks of channels, each a block_head, then for each column of the
// window and each group of its rows the weights.
#pragma once

#include <ctnn/kernels/int8/vector_columns.hpp>
#include <ctnn/kernels/int8/vector_rescale.hpp>

#include <cstddef>

namespace ctnn {

namespace detail {

/// Groups of weights that a vector of channels may have: its loop has no others.
inline constexpr int most_column_groups = 25;

struct column_room {
    dots way;
    int planes;    ///< groups of rows under a window
    int columns;   ///< of a zipped row
    int together;  ///< pixels that count as one
    int positions; ///< channels of so many pixels

    constexpr column_room(const geometry& map, dots by, int lanes) noexcept
        : way(by), planes(math::ceil_div(map.window[1], cells_of(by))),
          columns((map.out[2] - 1) * map.stride[2] + (map.window[2] - 1) * map.dilation[2] + 1),
          together(1), positions(map.channels) {
        if (map.stride[2] != 1) return;
        int even = 1; // pixels of which all vectors are whole
        while (even * map.channels % lanes != 0) ++even;
        if (even > map.out[2]) return;
        together = even;
        while ((together + even) * map.channels <= 4 * lanes && together + even <= map.out[2])
            together += even;
        positions = together * map.channels;
    }
    constexpr long long plane_bytes(const geometry& map) const noexcept {
        const long long beyond = 1LL * positions + 4 * 16;
        return (1LL * columns * map.channels + beyond) * bytes_of_group(way) / 64 * 64 + 64;
    }
    constexpr long long beyond_bytes(const geometry& map) const noexcept {
        return (1LL * map.in[2] * map.channels + 63) / 64 * 64;
    }
};

constexpr long long column_block_bytes(const kernel_key& key) noexcept {
    const block_head head{key.lanes, key.vectors * key.lanes};
    return head.bytes() +
           1LL * head.block * key.window * key.rows * bytes_of_group(static_cast<dots>(key.detail));
}

constexpr void pack_depthwise_vectors(const int8_source& source, const int8_geometry& g,
                                      const kernel_key& key, unsigned char* to) noexcept {
    const dots way = static_cast<dots>(key.detail);
    const column_room room{g.map, way, key.lanes};
    const int block = key.vectors * key.lanes;
    const block_head head{key.lanes, block};
    const int channels = g.map.channels;
    const int size = bytes_of_cell(way);
    for (int first = 0; first < room.positions; first += block) {
        unsigned char* weights = to + head.bytes();
        head.begin(to);
        for (int v = 0; v < block; ++v) {
            const bool real = first + v < room.positions;
            const int c = (first + v) % channels;
            int sum = 0;
            for (int k = 0; k < key.window; ++k)
                for (int j = 0; j < key.rows * cells_of(way); ++j) {
                    const int8 weight = real && j < g.map.window[1]
                                            ? source.kernel[(j * key.window + k) * channels + c]
                                            : int8{};
                    sum += weight;
                    const int group = (k * key.rows + j / cells_of(way)) * block + v;
                    unsigned char* const place =
                        weights + (group * cells_of(way) + j % cells_of(way)) * size;
                    place[0] = static_cast<unsigned char>(weight);
                    if (size == 2) place[1] = weight < 0 ? 255 : 0;
                }
            const int bias = real && source.bias ? source.bias[c] : 0;
            const rescale factor = real ? source.factors[c] : rescale{};
            head.write(to, v, bias - (g.input_zero + cell_shift(way)) * sum, factor);
        }
        to += column_block_bytes(key);
    }
}

/// Where the groups and weights of some pixels are.
struct column_call {
    const unsigned char* groups;
    long long plane; ///< bytes from one group of rows to the next
    long long tap;   ///< from one column of the window to the next
    long long step;  ///< from one pixel to the next
    const unsigned char* weights;
    int pixels;
};

template <kernel_key Key>
[[gnu::always_inline]] inline void sum_columns(const column_call& call,
                                               simd::ints<Key.lanes>* made) noexcept {
    constexpr dots way = static_cast<dots>(Key.detail);
    constexpr int lanes = Key.lanes;
    constexpr int vectors = Key.vectors;
    constexpr int size = lanes * bytes_of_group(way);
    constexpr int taps = Key.window * Key.rows;
    simd::groups<way, lanes> weights[vectors][taps];
    simd::ints<lanes> bias[vectors];
    _Pragma("GCC unroll 4") for (int v = 0; v < vectors; ++v) {
        bias[v] = load_ints<lanes>(call.weights + block_head::flag_bytes + 4 * v * lanes);
        _Pragma("GCC unroll 64") for (int tap = 0; tap < taps; ++tap) weights[v][tap] =
            simd::load_groups<way, lanes>(call.weights +
                                          block_head{lanes, vectors * lanes}.bytes() +
                                          (tap * vectors + v) * size);
    }
    const unsigned char* groups = call.groups;
    for (int p = 0; p < call.pixels; ++p, groups += call.step, made += vectors)
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; ++v) {
            simd::ints<lanes> sum = bias[v];
            _Pragma("GCC unroll 16") for (int k = 0; k < Key.window; ++k)
                _Pragma("GCC unroll 4") for (int j = 0; j < Key.rows; ++j) sum =
                    simd::dot<way, lanes>(sum,
                                          simd::load_groups<way, lanes>(groups + k * call.tap +
                                                                        j * call.plane + v * size),
                                          weights[v][k * Key.rows + j]);
            made[v] = sum;
        }
}

/// One row of the output.
template <kernel_key Key>
[[gnu::noinline]] void depthwise_vector_row(column_call call, const column_room& room, int8* output,
                                            const int8_geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int block = Key.vectors * lanes;
    constexpr int pixels = 64 / Key.vectors; // whose sums are kept at a time
    const int cells = g.map.out[2] * g.map.channels;
    const unsigned char* const row = call.groups;
    const int count = math::ceil_div(g.map.out[2], room.together);
    for (int first = 0; first < room.positions; first += block) {
        for (int x = 0; x < count; x += pixels) {
            simd::ints<lanes> sums[pixels * Key.vectors];
            call.pixels = math::min(pixels, count - x);
            call.groups = row + x * call.step + first * bytes_of_group(room.way);
            sum_columns<Key>(call, sums);
            const long long from = 1LL * x * room.positions + first;
            write_int8_sums<lanes, Key.vectors>(
                sums,
                {call.weights, 0, block, output + from, room.positions, cells - from, call.pixels,
                 math::min(block, room.positions - first), Key.vectors},
                g);
        }
        call.weights += column_block_bytes(Key);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void depthwise_vectors_kernel(const int8_operands& o,
                                                const int8_geometry& g) noexcept {
    constexpr dots way = static_cast<dots>(Key.detail);
    constexpr int group = bytes_of_group(way);
    const geometry& map = g.map;
    const column_room room{map, way, Key.lanes};
    const int channels = map.channels;
    const long long plane = room.plane_bytes(map);
    const int8* const beyond = reinterpret_cast<const int8*>(o.scratch);
    unsigned char* const zipped = o.scratch + room.beyond_bytes(map);
    __builtin_memset(o.scratch, g.input_zero, static_cast<std::size_t>(map.in[2] * channels));
    for (int j = 0; j < Key.rows; ++j)
        fill_cells<way>(zipped + j * plane, g.input_zero,
                        1LL * room.columns * channels * cells_of(way));
    const int before = math::min(map.before[2], room.columns);
    const int used = math::max(0, math::min(map.in[2], room.columns - before));
    const column_call call{zipped,
                           plane,
                           1LL * map.dilation[2] * channels * group,
                           1LL * room.together * map.stride[2] * channels * group,
                           o.weights,
                           0};
    for (int y = 0; y < map.out[1]; ++y) {
        for (int j = 0; j < Key.rows; ++j) {
            const int8* rows[cells_of(way)];
            for (int i = 0; i < cells_of(way); ++i) {
                const int tap = j * cells_of(way) + i;
                const int row = y * map.stride[1] - map.before[1] + tap * map.dilation[1];
                rows[i] = tap < map.window[1] && row >= 0 && row < map.in[1]
                              ? o.input + 1LL * row * map.in[2] * channels
                              : beyond;
            }
            zip_rows<way>(zipped + j * plane + 1LL * before * channels * group, rows,
                          1LL * used * channels);
        }
        depthwise_vector_row<Key>(call, room, o.output + 1LL * y * map.out[2] * channels, g);
    }
}

} // namespace detail

/// A kernel of that key for a call with the same window.
constexpr int8_choice depthwise_vectors_of(const int8_geometry& g, const kernel_key& key) noexcept {
    int8_choice choice;
    const detail::column_room room{g.map, static_cast<dots>(key.detail), key.lanes};
    choice.key = key;
    choice.pack = &detail::pack_depthwise_vectors;
    choice.packed_bytes =
        detail::column_block_bytes(key) * math::ceil_div(room.positions, key.vectors * key.lanes);
    choice.kept_bytes = room.beyond_bytes(g.map) + room.planes * room.plane_bytes(g.map);
    return choice;
}

constexpr int8_choice choose_depthwise_vectors(const int8_geometry& g,
                                               const target& machine) noexcept {
    const geometry& map = g.map;
    const dots way = dots_of(machine);
    if (way == dots::none || map.window[0] != 1 || map.in[0] != 1 || map.filters != map.channels)
        return {};
    const detail::column_room room{map, way, machine.lanes};
    if (room.planes * map.window[2] > detail::most_column_groups) return {};
    kernel_key key;
    key.kind = kernel_kind::depthwise_vectors;
    key.machine = machine.instructions;
    key.weights = dtype::int8;
    key.detail = static_cast<int>(way);
    key.lanes = machine.lanes;
    key.window = map.window[2];
    key.rows = room.planes;
    const int needed = math::ceil_div(room.positions, machine.lanes);
    int least = 0;
    for (int vectors = 1; vectors <= math::min(needed, 4); ++vectors) {
        const int all = math::ceil_div(needed, vectors) * vectors;
        if (least != 0 && all > least) continue;
        least = all;
        key.vectors = vectors;
    }
    return depthwise_vectors_of(g, key);
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::depthwise_vectors) inline constexpr int8_function
    int8_kernel_of<Key> = &detail::depthwise_vectors_kernel<Key>;

} // namespace ctnn
