// SPDX-License-Identifier: BSL-1.0
// Convolutions and dense layers on int8 by dot products of sixteen cells: the windows of some
// pixels are copied, and all blocks of four filters made of two at a time.
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
    int pixels;  ///< whose windows are copied at once: an even number

    constexpr explicit dot_room(const geometry& map, int multiple = 1) noexcept
        : depth(map.window[1] * map.window[2] * map.channels),
          groups(math::ceil_div(depth, mve::lanes)), run(map.window[2] * map.channels),
          blocks(math::ceil_div(map.filters, 4 * multiple) * multiple),
          single(map.in[1] == 1 && map.window[1] == 1 && map.window[2] == 1 &&
                 map.in[2] == map.out[2]),
          pixels(math::clamp(1024 / (single ? depth : room()) / 2 * 2, 2, 32)) {}

    constexpr int head_bytes() const noexcept { return math::ceil_div(blocks, 16) * 16; }
    constexpr int block_bytes() const noexcept { return 48 + 4 * mve::lanes * groups; }
    constexpr int room() const noexcept { return groups * mve::lanes; }
    /// Of windows that are copied. Single pixels stand close, and vectors are read whole.
    constexpr int cells() const noexcept {
        return single ? math::ceil_div(pixels * depth, 16) * 16 + 16 : pixels * room();
    }
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

/// Pixels by a block of filters after the other, by the rule in full where these need it.
[[gnu::noinline]] inline void dot_pixels_by_blocks(mve::tile_call& call, int pixels,
                                                   const unsigned char* exact,
                                                   const unsigned char* weights,
                                                   const int8_geometry& g) noexcept {
    const int8* const cells = call.cells;
    const int step = call.step;
    const int filters = g.map.filters;
    int8* output = call.output;
    int8 made[8];
    call.output = made;
    call.gap = 4;
    call.blocks = call.pairs = 1;
    for (int filter = 0; filter < filters; filter += 4, output += 4, ++exact) {
        const int count = math::min(4, filters - filter);
        for (int p = 0; p < pixels; p += 2) {
            const bool pair = p + 1 < pixels;
            call.cells = cells + p * step;
            call.step = pair ? step : 0;
            if (*exact != 0) {
                mve::tile(call, weights);
            } else {
                dot_block_in_full(call.cells, call.groups, weights, g, made);
                dot_block_in_full(call.cells + call.step, call.groups, weights, g, made + 4);
            }
            mve::copy(output + p * filters, made, count);
            if (pair) mve::copy(output + (p + 1) * filters, made + 4, count);
        }
        weights += 48 + 4 * mve::lanes * call.groups;
    }
}

/// Pixels by all filters: those whose windows were copied, `step` cells apart.
inline void dot_pixels(const unsigned char* weights, const dot_room& room, const int8_geometry& g,
                       const int8* cells, int step, int8* output, int pixels, bool even) noexcept {
    const unsigned char* const blocks = weights + room.head_bytes();
    mve::tile_call call{cells,         step,        room.groups, output,
                        g.map.filters, room.blocks, pixels / 2,  g.output_zero};
    if (!even) {
        dot_pixels_by_blocks(call, pixels, weights, blocks, g);
        return;
    }
    if (call.pairs > 0) mve::tile(call, blocks);
    if (pixels % 2 == 0) return;
    call.cells += (pixels - 1) * step;
    call.output += (pixels - 1) * g.map.filters;
    call.step = call.gap = 0;
    call.pairs = 1;
    mve::tile(call, blocks);
}

template <kernel_key Key>
[[gnu::noinline]] void conv_dots_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const dot_room room{map};
    int8* const cells = reinterpret_cast<int8*>(o.scratch);
    bool even = map.filters % 4 == 0;
    for (int b = 0; b < room.blocks; ++b) even = even && o.weights[b] != 0;
    const int width = map.out[2];
    const int most = room.pixels;
    int8* row = o.output;
    if (room.single) {
        // Over its input it writes from where there is room.
        const bool backwards = o.input == o.output && map.filters > map.channels;
        for (int done = 0; done < width; done += most) {
            const int pixels = math::min(most, width - done);
            const int x = backwards ? width - done - pixels : done;
            mve::copy(cells, o.input + x * map.channels, pixels * map.channels);
            dot_pixels(o.weights, room, g, cells, map.channels, row + x * map.filters, pixels,
                       even);
        }
    } else {
        for (int p = 0; p < most; ++p)
            mve::fill(cells + p * room.room() + room.depth, 0, room.room() - room.depth);
        padded_rows rows{map, o.input, g.input_zero, cells + room.cells()};
        const int step = map.stride[2] * map.channels;
        for (int y = 0; y < map.out[1]; ++y) {
            rows.go_to(y);
            const int top = y * map.stride[1] % map.window[1];
            mve::windows_call call{cells,    rows.row(y, 0), room.room(),   step,
                                   room.run, map.window[1],  rows.stride(), map.window[1] - top};
            for (int x = 0; x < width; x += most, row += most * map.filters) {
                const int pixels = math::min(most, width - x);
                for (int p = 0; p < pixels; p += 2) {
                    call.to = cells + p * room.room();
                    call.gap = p + 1 < pixels ? step : 0;
                    mve::copy_windows(call);
                    call.from += 2 * step;
                }
                dot_pixels(o.weights, room, g, cells, room.room(), row, pixels, even);
            }
            row = o.output + (y + 1) * width * map.filters;
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
    choice.kept_bytes = room.cells() + (room.single ? 0 : detail::padded_room{map}.bytes());
    choice.in_place = room.single || detail::padded_in_place(map);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_dots) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::conv_dots_kernel<Key>;

} // namespace ctnn
