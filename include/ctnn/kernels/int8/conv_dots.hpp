// SPDX-License-Identifier: BSL-1.0
// Convolutions and dense layers on int8 by dot products of sixteen cells: the windows of two pixels
// are copied, and all blocks of four filters made of them.
//
// Packed: a byte for each block, 0 where it needs the rule in full; then for each block what its
// sums begin with, sixteen weights of each filter in turn, multipliers, shifts.
#pragma once

#include <ctnn/kernels/int8/padded_rows.hpp>
#include <ctnn/kernels/int8/pairs.hpp>
#include <ctnn/kernels/machine/mve_tile.hpp>

namespace ctnn {

namespace detail {

struct dot_room {
    int depth; ///< cells of a window
    int groups;
    int run; ///< cells of a row of the window
    int blocks;
    bool single; ///< windows are single pixels, in order

    constexpr explicit dot_room(const geometry& map, int multiple = 1) noexcept
        : depth(map.window[1] * map.window[2] * map.channels),
          groups(math::ceil_div(depth, mve::lanes)), run(map.window[2] * map.channels),
          blocks(math::ceil_div(map.filters, 4 * multiple) * multiple),
          single(map.in[1] == 1 && map.window[1] == 1 && map.window[2] == 1 &&
                 map.in[2] == map.out[2]) {}

    constexpr int head_bytes() const noexcept { return math::ceil_div(blocks, 16) * 16; }
    constexpr int block_bytes() const noexcept { return 48 + 4 * mve::lanes * groups; }
    constexpr int room() const noexcept { return groups * mve::lanes; }
};

constexpr void pack_conv_dots(const int8_source& source, const int8_geometry& g,
                              const kernel_key& key, unsigned char* to) noexcept {
    const dot_room room{g.map, key.kind == kernel_kind::dense_dots ? 2 : 1};
    const int filters = g.map.filters;
    unsigned char* block = to + room.head_bytes();
    for (int b = 0; b < room.blocks; ++b, block += room.block_bytes()) {
        unsigned char* const factors = block + 16 + 4 * room.room();
        bool exact = true;
        for (int v = 0; v < 4; ++v) {
            const int f = 4 * b + v;
            const bool real = f < filters;
            int sum = 0;
            for (int k = 0; k < room.room(); ++k) {
                const int8 weight =
                    real && k < room.depth ? source.kernel[1LL * k * filters + f] : int8{};
                sum += weight;
                block[16 + (k / 16 * 4 + v) * 16 + k % 16] = static_cast<unsigned char>(weight);
            }
            const int bias = real && source.bias ? source.bias[f] : 0;
            const rescale factor = real ? source.factors[f] : rescale{};
            write_int(block + 4 * v, bias - g.input_zero * sum);
            write_int(factors + 4 * v, factor.multiplier);
            write_int(factors + 16 + 4 * v, factor.shift);
            exact = exact && factor.shift <= 0;
        }
        to[b] = exact ? 1 : 0;
    }
}

/// One pixel by one block by the rule in full.
[[gnu::noinline, gnu::cold]] inline void dot_block_in_full(const int8* cells, int groups,
                                                           const unsigned char* block,
                                                           const int8_geometry& g,
                                                           int8* to) noexcept {
    const unsigned char* const factors = block + 16 + 64 * groups;
    for (int f = 0; f < 4; ++f) {
        int sum = dsp::load_word(block + 4 * f);
        for (int k = 0; k < 16 * groups; ++k)
            sum += cells[k] * static_cast<int8>(block[16 + (k / 16 * 4 + f) * 16 + k % 16]);
        const rescale factor{dsp::load_word(factors + 4 * f), dsp::load_word(factors + 16 + 4 * f)};
        to[f] = static_cast<int8>(
            math::clamp(fixed::scaled(sum, factor) + g.output_zero, g.low, g.high));
    }
}

/// Two pixels by all filters: blocks that are alike at once.
inline void dot_pixels(const unsigned char* weights, const dot_room& room, const int8_geometry& g,
                       const int8* cells, int8* first, int8* second, bool even) noexcept {
    const unsigned char* head = weights;
    weights += room.head_bytes();
    mve::tile_call call{cells,  cells + room.room(), room.groups,  first,
                        second, room.blocks,         g.output_zero};
    if (even) {
        mve::tile(call, weights);
        return;
    }
    for (int filter = 0; filter < g.map.filters; filter += 4, weights += room.block_bytes()) {
        int8 made[8];
        if (*head++ != 0) {
            call.first = made;
            call.second = made + 4;
            call.blocks = 1;
            mve::tile(call, weights);
        } else {
            for (int p = 0; p < 2; ++p)
                dot_block_in_full(cells + p * room.room(), room.groups, weights, g, made + 4 * p);
        }
        const int count = math::min(4, g.map.filters - filter);
        mve::copy(second + filter, made + 4, count);
        mve::copy(first + filter, made, count);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void conv_dots_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const dot_room room{map};
    int8* const cells = reinterpret_cast<int8*>(o.scratch);
    for (int p = 0; p < 2; ++p)
        mve::fill(cells + p * room.room() + room.depth, 0, room.room() - room.depth);
    bool even = map.filters % 4 == 0;
    for (int b = 0; b < room.blocks; ++b) even = even && o.weights[b] != 0;
    const int width = map.out[2];
    const int step = map.stride[2] * map.channels;
    int8* row = o.output;
    if (room.single) {
        const bool backwards = o.input == o.output && map.filters > map.channels;
        for (int pixel = 0; pixel < width; pixel += 2) {
            const int x = backwards ? (width - 1 - pixel) & ~1 : pixel;
            const int other = math::min(x + 1, width - 1);
            mve::copy_windows(
                {cells, o.input + x * step, room.room(), (other - x) * step, room.depth, 1, 0, 1});
            dot_pixels(o.weights, room, g, cells, row + x * map.filters, row + other * map.filters,
                       even);
        }
    } else {
        padded_rows rows{map, o.input, g.input_zero, cells + 2 * room.room()};
        for (int y = 0; y < map.out[1]; ++y, row += width * map.filters) {
            rows.go_to(y);
            const int top = y * map.stride[1] % map.window[1];
            const int8* const first = rows.row(y, 0);
            for (int x = 0; x < width; x += 2) {
                const int other = math::min(x + 1, width - 1);
                mve::copy_windows({cells, first + x * step, room.room(), (other - x) * step,
                                   room.run, map.window[1], rows.stride(), map.window[1] - top});
                dot_pixels(o.weights, room, g, cells, row + x * map.filters,
                           row + other * map.filters, even);
            }
        }
    }
    clamp_cells(o.output, map.out[1] * width * map.filters, g);
}

} // namespace detail

constexpr int8_choice choose_conv_dots(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.groups != 1 || map.window[0] != 1 || map.in[0] != 1 || map.dilation[1] != 1 ||
        map.dilation[2] != 1 || map.filters > 65'000)
        return choice;
    choice.key.kind = kernel_kind::conv_dots;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.pack = &detail::pack_conv_dots;
    const detail::dot_room room{map};
    choice.packed_bytes = room.head_bytes() + 1LL * room.blocks * room.block_bytes();
    choice.kept_bytes = 2 * room.room() + (room.single ? 0 : detail::padded_room{map}.bytes());
    choice.in_place = room.single || detail::padded_in_place(map);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_dots) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::conv_dots_kernel<Key>;

} // namespace ctnn
