// SPDX-License-Identifier: BSL-1.0
// Convolutions and dense layers on int8 by vectors of filters. Some rows of the map at a time are
// copied, with what lies beyond it, in the form in which the machine multiplies them: all windows
// are inside then, and each of their rows is one run of cells. A tile is some pixels of a row by
// some vectors of filters, whose sums stay in registers.
//
// Packed: blocks of filters, each a block_head, then for each run groups of weights, filter by
// filter. What a run lacks to whole groups has weights of 0. Where neighbouring windows share their
// columns, a group of cells is read once for all of them: weights are in order of the channels
// then, and of the columns for each.
#pragma once

#include <ctnn/kernels/int8/vector_cells.hpp>
#include <ctnn/kernels/int8/vector_rescale.hpp>

namespace ctnn {

namespace detail {

/// What is copied at a time.
struct vector_room {
    dots way;
    bool row;      ///< the map is a row of pixels, which is copied in parts
    int span;      ///< rows under a window
    int columns;   ///< of a copied row
    int band;      ///< rows of the output made at a time; of a row, pixels
    int runs;      ///< of a window
    int run_cells; ///< in each
    int groups;    ///< in each

    static constexpr int most_bytes = 24 * 1024;

    constexpr vector_room(const geometry& map, dots by, int pixels) noexcept
        : way(by),
          row(map.window[2] == 1 && map.stride[2] == 1 && map.before[2] == 0 &&
              map.out[2] == map.in[2] && map.in[1] == 1 && map.out[1] == 1 && map.window[1] == 1),
          span((map.window[1] - 1) * map.dilation[1] + 1),
          columns((map.out[2] - 1) * map.stride[2] + (map.window[2] - 1) * map.dilation[2] + 1),
          band(1), runs(map.window[1] * (map.dilation[2] == 1 ? 1 : map.window[2])),
          run_cells(map.channels * (map.dilation[2] == 1 ? map.window[2] : 1)),
          groups(math::ceil_div(run_cells, cells_of(by))) {
        const int cell = map.channels * bytes_of_cell(way);
        if (row) {
            columns = math::min(map.out[2], math::max(2 * pixels, most_bytes / cell));
            return;
        }
        const int more = math::max(most_bytes / (cell * columns) - span, 0) / map.stride[1];
        band = math::min(map.out[1], 1 + more);
    }
    constexpr int rows(const geometry& map) const noexcept {
        return (band - 1) * map.stride[1] + span;
    }
    constexpr long long row_bytes(const geometry& map) const noexcept {
        return 1LL * columns * map.channels * bytes_of_cell(way);
    }
    /// Tiles may read pixels that are not there.
    constexpr long long bytes(const geometry& map, int pixels) const noexcept {
        return rows(map) * row_bytes(map) + cells_beyond +
               1LL * pixels * map.stride[2] * map.channels * bytes_of_cell(way);
    }
};

constexpr long long vector_block_bytes(const vector_room& room, const kernel_key& key) noexcept {
    const block_head head{key.lanes, key.vectors * key.lanes};
    return head.bytes() + 1LL * room.runs * room.groups * head.block * bytes_of_group(room.way);
}

/// The place of a run's group of weights.
constexpr int place_of_group(int group, int groups, const kernel_key& key) noexcept {
    if (key.window == 0) return group;
    const int each = groups / key.window; // of a column
    return group % each * key.window + group / each;
}

constexpr void pack_conv_vectors(const int8_source& source, const int8_geometry& g,
                                 const kernel_key& key, unsigned char* to) noexcept {
    const dots way = static_cast<dots>(key.detail);
    const vector_room room{g.map, way, key.pixels};
    const int block = key.vectors * key.lanes;
    const block_head head{key.lanes, block};
    const int filters = g.map.filters;
    const int size = bytes_of_cell(way);
    for (int first = 0; first < filters; first += block) {
        unsigned char* weights = to + head.bytes();
        head.begin(to);
        for (int v = 0; v < block; ++v) {
            const int f = first + v;
            const bool real = f < filters;
            int sum = 0;
            for (int run = 0; run < room.runs; ++run)
                for (int k = 0; k < room.groups * cells_of(way); ++k) {
                    const long long cell = 1LL * run * room.run_cells + k;
                    const int8 weight =
                        real && k < room.run_cells ? source.kernel[cell * filters + f] : int8{};
                    sum += weight;
                    const long long group = 1LL * run * room.groups +
                                            place_of_group(k / cells_of(way), room.groups, key);
                    unsigned char* const place =
                        weights + ((group * block + v) * cells_of(way) + k % cells_of(way)) * size;
                    place[0] = static_cast<unsigned char>(weight);
                    if (size == 2) place[1] = weight < 0 ? 255 : 0;
                }
            const int bias = real && source.bias ? source.bias[f] : 0;
            const rescale factor = real ? source.factors[f] : rescale{};
            head.write(to, v, bias - (g.input_zero + cell_shift(way)) * sum, factor);
        }
        to += vector_block_bytes(room, key);
    }
}

/// Where a tile's cells and weights are.
struct vector_tile_call {
    const unsigned char* cells;
    const unsigned char* weights; ///< of the block
    long long row;                ///< bytes from one row of the window to the next
    long long tap;                ///< from one run of a row to the next
    int rows;
    int taps; ///< runs in a row
    int groups;
};

/// One run of windows that move by one column: each column's cells by the weights of all columns.
template <kernel_key Key>
[[gnu::always_inline]] inline void
add_shared_columns(const vector_tile_call& call, const unsigned char* cells,
                   const unsigned char*& weights,
                   simd::ints<Key.lanes> (&sums)[Key.pixels][Key.vectors]) noexcept {
    constexpr dots way = static_cast<dots>(Key.detail);
    constexpr int lanes = Key.lanes;
    constexpr int vectors = Key.vectors;
    constexpr int window = Key.window;
    constexpr int group = bytes_of_group(way);
    for (int k = 0; k < call.groups; k += window, cells += group) {
        simd::groups<way, lanes> factors[window][vectors];
        _Pragma("GCC unroll 4") for (int t = 0; t < window; ++t)
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; ++v, weights += lanes * group)
                factors[t][v] = simd::load_groups<way, lanes>(weights);
        _Pragma("GCC unroll 32") for (int x = 0; x < Key.pixels + window - 1; ++x) {
            const auto cell = simd::spread_group<way, lanes>(cells + x * Key.step);
            _Pragma("GCC unroll 4") for (int t = 0; t < window; ++t) {
                if (x - t < 0 || x - t >= Key.pixels) continue;
                _Pragma("GCC unroll 4") for (int v = 0; v < vectors; ++v) sums[x - t][v] =
                    simd::dot<way, lanes>(sums[x - t][v], cell, factors[t][v]);
            }
        }
    }
}

template <kernel_key Key>
[[gnu::always_inline]] inline void sum_vector_tile(const vector_tile_call& call,
                                                   simd::ints<Key.lanes>* made) noexcept {
    constexpr dots way = static_cast<dots>(Key.detail);
    constexpr int lanes = Key.lanes;
    constexpr int vectors = Key.vectors;
    constexpr int pixels = Key.pixels;
    constexpr int group = bytes_of_group(way);
    simd::ints<lanes> sums[pixels][vectors];
    _Pragma("GCC unroll 16") for (int v = 0; v < vectors; ++v) {
        const simd::ints<lanes> bias =
            load_ints<lanes>(call.weights + block_head::flag_bytes + 4 * v * lanes);
        _Pragma("GCC unroll 16") for (int p = 0; p < pixels; ++p) sums[p][v] = bias;
    }
    const unsigned char* weights = call.weights + block_head{lanes, vectors * lanes}.bytes();
    for (int r = 0; r < call.rows; ++r)
        for (int t = 0; t < call.taps; ++t) {
            const unsigned char* cells = call.cells + r * call.row + t * call.tap;
            if constexpr (Key.window != 0) {
                add_shared_columns<Key>(call, cells, weights, sums);
                continue;
            }
            for (int k = 0; k < call.groups;
                 ++k, cells += group, weights += vectors * lanes * group) {
                simd::groups<way, lanes> factors[vectors];
                _Pragma("GCC unroll 16") for (int v = 0; v < vectors; ++v) factors[v] =
                    simd::load_groups<way, lanes>(weights + v * lanes * group);
                _Pragma("GCC unroll 16") for (int p = 0; p < pixels; ++p) {
                    const auto cell = simd::spread_group<way, lanes>(cells + p * Key.step);
                    _Pragma("GCC unroll 16") for (int v = 0; v < vectors; ++v) sums[p][v] =
                        simd::dot<way, lanes>(sums[p][v], cell, factors[v]);
                }
            }
        }
    _Pragma("GCC unroll 16") for (int p = 0; p < pixels; ++p)
        _Pragma("GCC unroll 16") for (int v = 0; v < vectors; ++v) made[p * vectors + v] =
            sums[p][v];
}

/// One row of the output, or of a part of it, by one block of filters.
template <kernel_key Key>
[[gnu::noinline]] void conv_vector_row(const vector_tile_call& row, int width, int8* output,
                                       int count, const int8_geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int vectors = Key.vectors;
    constexpr int pixels = Key.pixels;
    constexpr int batch = math::max(64 / (pixels * vectors), 1) * pixels;
    constexpr int each = vectors < 4 ? vectors : 4;
    const int filters = g.map.filters;
    vector_tile_call call = row;
    for (int next = 0; next < width; next += batch) {
        // A row ends with a whole tile: some pixels are made twice.
        const int first = math::max(0, math::min(next, width - pixels));
        const int made = math::min(batch, width - first);
        simd::ints<lanes> sums[batch * vectors];
        for (int x = 0; x < made; x += pixels) {
            const int own = math::max(0, math::min(x, made - pixels));
            call.cells = row.cells + 1LL * (first + own) * Key.step;
            sum_vector_tile<Key>(call, sums + own * vectors);
        }
        for (int v = 0; v < vectors; v += each) {
            const int cells = math::min(count - v * lanes, each * lanes);
            if (cells <= 0) break;
            write_int8_sums<lanes, each>(sums + v,
                                         {row.weights, v * lanes, vectors * lanes,
                                          output + 1LL * first * filters + v * lanes, filters,
                                          1LL * made * filters, made, cells, vectors},
                                         g);
        }
    }
}

/// Copies rows of the map, from one that may lie before it on, with what is beyond.
template <dots Way>
inline void copy_vector_rows(const int8_operands& o, const int8_geometry& g, int columns, int top,
                             int rows) noexcept {
    const geometry& map = g.map;
    const int size = bytes_of_cell(Way) * map.channels;
    const int used = math::max(0, math::min(map.in[2], columns - map.before[2]));
    const int after = math::max(0, columns - map.before[2] - used);
    const int before = math::min(map.before[2], columns);
    unsigned char* to = o.scratch;
    for (int row = top; row < top + rows; ++row, to += 1LL * columns * size) {
        if (row < 0 || row >= map.in[1]) {
            fill_cells<Way>(to, g.input_zero, 1LL * columns * map.channels);
            continue;
        }
        fill_cells<Way>(to, g.input_zero, 1LL * before * map.channels);
        copy_cells<Way>(to + 1LL * before * size, o.input + 1LL * row * map.in[2] * map.channels,
                        1LL * used * map.channels);
        fill_cells<Way>(to + 1LL * (before + used) * size, g.input_zero,
                        1LL * after * map.channels);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void conv_vectors_kernel(const int8_operands& o,
                                           const int8_geometry& g) noexcept {
    constexpr dots way = static_cast<dots>(Key.detail);
    constexpr int block = Key.vectors * Key.lanes;
    const geometry& map = g.map;
    const vector_room room{map, way, Key.pixels};
    const int filters = map.filters;
    const int size = bytes_of_cell(way) * map.channels;
    const long long row_bytes = room.row_bytes(map);
    vector_tile_call call{o.scratch,
                          nullptr,
                          row_bytes * map.dilation[1],
                          1LL * size * map.dilation[2],
                          map.window[1],
                          room.runs / map.window[1],
                          room.groups};
    const int parts = room.row ? map.out[2] : map.out[1];
    const int step = room.row ? room.columns : room.band;
    for (int first = 0; first < parts; first += step) {
        const int count = math::min(step, parts - first);
        if (room.row)
            copy_cells<way>(o.scratch, o.input + 1LL * first * map.channels,
                            1LL * count * map.channels);
        else
            copy_vector_rows<way>(o, g, room.columns, first * map.stride[1] - map.before[1],
                                  (count - 1) * map.stride[1] + room.span);
        const unsigned char* weights = o.weights;
        for (int f = 0; f < filters; f += block, weights += vector_block_bytes(room, Key)) {
            call.weights = weights;
            const int cells = math::min(block, filters - f);
            if (room.row) {
                call.cells = o.scratch;
                conv_vector_row<Key>(call, count, o.output + 1LL * first * filters + f, cells, g);
                continue;
            }
            for (int y = 0; y < count; ++y) {
                call.cells = o.scratch + y * map.stride[1] * row_bytes;
                conv_vector_row<Key>(call, map.out[2],
                                     o.output + 1LL * (first + y) * map.out[2] * filters + f, cells,
                                     g);
            }
        }
    }
}

/// Vectors of filters and pixels of a tile that fits into the registers.
struct vector_tile {
    int vectors;
    int pixels;
};
constexpr int most_vector_pixels(int vectors, int registers, dots way) noexcept {
    // Besides the sums: the weights, a cell, and a product where it is not added at once.
    const int others = vectors + 1 + (way == dots::word_pairs || way == dots::byte_pairs ? 1 : 0);
    return math::min(vectors == 1 ? 12 : 14, (registers - others) / vectors);
}
/// Whether windows of three columns are worth reading once: one or two vectors of filters leave
/// registers for their weights.
constexpr bool shares_columns(const geometry& map, const target& machine) noexcept {
    return machine.lanes == 16 && map.window[2] == 3 && map.stride[2] == 1 &&
           map.dilation[2] == 1 && map.out[2] >= 8 &&
           map.channels % cells_of(dots_of(machine)) == 0 && map.filters <= 2 * machine.lanes;
}
constexpr vector_tile choose_shared_tile(int filters, int width, const target& machine) noexcept {
    const int vectors = math::ceil_div(filters, machine.lanes);
    const int most = vectors == 1 ? 16 : 10;
    return {vectors, math::ceil_div(width, math::ceil_div(width, most))};
}
constexpr vector_tile choose_vector_tile(int filters, int width, const target& machine) noexcept {
    const dots way = dots_of(machine);
    const int needed = math::ceil_div(filters, machine.lanes);
    if (width == 1) return {needed > 4 ? 8 : needed, 1};
    vector_tile best{};
    int least = 0;
    for (int vectors = 1; vectors <= 4; ++vectors) {
        const int most = most_vector_pixels(vectors, machine.registers, way);
        if (most < 1) continue;
        const int pixels = math::ceil_div(width, math::ceil_div(width, most));
        // Loads and products of all filters and the whole row, two of which begin together.
        const int tiles = math::ceil_div(width, pixels) * math::ceil_div(needed, vectors);
        const int cost = tiles * math::max(2 * pixels * vectors + pixels + vectors, 24);
        if (least != 0 && cost > least) continue;
        least = cost;
        best = {vectors, pixels};
    }
    return best;
}

} // namespace detail

/// A kernel of that key for a call of which it knows the step.
constexpr int8_choice conv_vectors_of(const int8_geometry& g, const kernel_key& key) noexcept {
    int8_choice choice;
    choice.key = key;
    choice.pack = &detail::pack_conv_vectors;
    const detail::vector_room room{g.map, static_cast<dots>(key.detail), key.pixels};
    choice.packed_bytes = detail::vector_block_bytes(room, key) *
                          math::ceil_div(g.map.filters, key.vectors * key.lanes);
    choice.kept_bytes = room.bytes(g.map, key.pixels);
    return choice;
}

constexpr int8_choice choose_conv_vectors(const int8_geometry& g, const target& machine) noexcept {
    const geometry& map = g.map;
    const dots way = dots_of(machine);
    if (way == dots::none || map.groups != 1 || map.window[0] != 1 || map.in[0] != 1) return {};
    const bool shared = detail::shares_columns(map, machine);
    const detail::vector_tile tile =
        shared ? detail::choose_shared_tile(map.filters, map.out[2], machine)
               : detail::choose_vector_tile(map.filters, map.out[2], machine);
    kernel_key key;
    key.window = shared ? map.window[2] : 0;
    key.kind = kernel_kind::conv_vectors;
    key.machine = machine.instructions;
    key.weights = dtype::int8;
    key.detail = static_cast<int>(way);
    key.lanes = machine.lanes;
    key.vectors = tile.vectors;
    key.pixels = tile.pixels;
    key.step = tile.pixels == 1 ? 0 : map.stride[2] * map.channels * bytes_of_cell(way);
    return conv_vectors_of(g, key);
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_vectors) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::conv_vectors_kernel<Key>;

} // namespace ctnn
