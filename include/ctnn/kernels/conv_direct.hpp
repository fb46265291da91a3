// SPDX-License-Identifier: BSL-1.0
// Direct convolution in 1, 2 or 3 dimensions: any window, stride, dilation, padding and groups.
// Weights are packed as [group][block of channels][bias, then depth, height, width, input channel]
// [vectors of output channels], so that a tile reads them in order; stored.hpp says what of.
#pragma once

#include <ctnn/kernels/conv_rows.hpp>

namespace ctnn {

/// The tile of a key at one place of a row.
constexpr conv_tile conv_tile_of(const kernel_key& key, int pixels, bool at_left,
                                 bool at_right) noexcept {
    conv_tile tile{key.machine, key.lanes, key.vectors, pixels, key.step};
    tile.weights = key.weights;
    if (at_left) tile.left = key.left;
    if (at_right) tile.right = key.right;
    tile.depth = key.detail / conv_detail::depth;
    tile.apart = (key.detail & conv_detail::apart) != 0;
    tile.ahead = (key.detail & conv_detail::ahead) != 0;
    tile.together = (key.detail & conv_detail::together) != 0;
    if (tile.depth != 0) tile.window = key.window;
    if (tile.left != 0 || tile.right != 0) {
        tile.window = key.window;
        tile.stride = key.stride;
    }
    return tile;
}

/// The tile of one pixel with any taps.
constexpr conv_tile conv_pixel_of(const kernel_key& key) noexcept {
    conv_tile tile{key.machine, key.lanes, key.vectors, 1};
    tile.weights = key.weights;
    tile.apart = (key.detail & conv_detail::apart) != 0;
    return tile;
}

/// The tiles that a key asks for; Function::of<tile> is the code of one.
template <kernel_key Key, class Function> constexpr conv_tiles conv_tiles_of() noexcept {
    conv_tiles tiles;
    tiles.width = Key.vectors * Key.lanes;
    tiles.pixels = Key.pixels;
    tiles.weights = Key.weights;
    tiles.together = (Key.detail & conv_detail::together) != 0;
    tiles.borders = Key.left != 0 || Key.right != 0;
    if constexpr (Key.left != 0 || Key.right != 0) {
        constexpr bool one = (Key.detail & conv_detail::one_tile) != 0;
        constexpr bool narrow = (Key.detail & conv_detail::last_narrow) != 0;
        tiles.first = Function::template of<conv_tile_of(Key, Key.pixels, true, one)>;
        if constexpr (!one)
            tiles.last = Function::template of<conv_tile_of(
                Key, narrow ? Key.pixels - 1 : Key.pixels, false, true)>;
    }
    if constexpr ((Key.detail & conv_detail::inner_wide) != 0)
        tiles.wide = Function::template of<conv_tile_of(Key, Key.pixels, false, false)>;
    if constexpr ((Key.detail & conv_detail::inner_narrow) != 0)
        tiles.narrow = Function::template of<conv_tile_of(Key, Key.pixels - 1, false, false)>;
    if constexpr ((Key.detail & conv_detail::border_loop) != 0)
        tiles.pixel = Function::template of<conv_pixel_of(Key)>;
    return tiles;
}

/// How many functions these are.
constexpr int conv_tile_count(const kernel_key& key) noexcept {
    const auto has = [&](int what) noexcept { return (key.detail & what) != 0 ? 1 : 0; };
    const int ends = key.left != 0 || key.right != 0 ? 2 - has(conv_detail::one_tile) : 0;
    return ends + has(conv_detail::inner_wide) + has(conv_detail::inner_narrow) +
           has(conv_detail::border_loop);
}

struct conv_direct_code {
    template <conv_tile Tile> static constexpr conv_tile_function of = conv_direct_tile<Tile>;
};

template <kernel_key Key> void conv_direct(const operands& places, const geometry& g) noexcept {
    static constexpr conv_tiles tiles = conv_tiles_of<Key, conv_direct_code>();
    conv_rows<Key.machine>(places, g, tiles);
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_direct) inline constexpr kernel_function kernel_of<Key> =
    &conv_direct<Key>;

constexpr void pack_conv_direct(const weight_source& source, const geometry& g,
                                const kernel_key& key, float* to) noexcept {
    const int width = key.vectors * key.lanes;
    const int filters = g.filters / g.groups;
    const long elements = long{g.window[0]} * g.window[1] * g.window[2] * (g.channels / g.groups);
    for (int group = 0; group < g.groups; ++group)
        for (int start = 0; start < filters; start += width) {
            const stored_channels channels(source, g, key.weights, group * filters + start,
                                           filters - start, width, elements, to);
            for (long i = 0; i < elements; ++i)
                to = write_stored(
                    key.weights, key.lanes, key.vectors,
                    [&](int n) noexcept { return channels.weight(source, g, i, n); }, to);
        }
}

/// Cells of padding that the last window of a row reads after the map.
constexpr int padding_after(const geometry& g, int axis) noexcept {
    const int last = (g.out[axis] - 1) * g.stride[axis] - g.before[axis] +
                     (g.window[axis] - 1) * g.dilation[axis];
    return math::max(last - (g.in[axis] - 1), 0);
}

/// A tile that would do, and roughly what a row costs with it, in halves of a cycle for each
/// element of the reduction.
struct conv_fit {
    int vectors = 0;
    int pixels = 0;
    double cost = 0;
};

/// Two multiplications or two loads start in a cycle; a sum waits four cycles for the one before,
/// and fewer than a dozen sums hardly hide that. A vector of weights arrives in `arrival` halves of
/// a cycle.
constexpr double conv_tile_cost(int vectors, int pixels, long elements,
                                double arrival = 0) noexcept {
    const int sums = pixels * vectors;
    const int apart = sums * conv_splits({.vectors = vectors, .pixels = pixels});
    const int work =
        math::max(math::max(sums, pixels + vectors + 1), sums * 8 / math::max(apart, 1));
    const double waits = 1 + 0.02 * math::max(12 - apart, 0);
    const double arrived = vectors * arrival;
    return math::max(work * waits, arrived) + arrived / 8 +
           (40.0 + 2.0 * sums) / static_cast<double>(elements);
}

/// The same where instructions start one by one: sums and loads take turns.
constexpr double conv_tile_steps(int vectors, int pixels, long elements) noexcept {
    return pixels * vectors + pixels + vectors +
           (60.0 + 6.0 * pixels * vectors) / static_cast<double>(elements);
}

/// As many pixels as no compiler keeps anything but sums in memory for.
constexpr int most_pixels(int vectors, int registers) noexcept {
    const bool many = registers > 16;
    const int spare = many ? 3 : 1;
    return math::max(math::min((registers - spare - vectors) / vectors, many ? 16 : 10), 1);
}

/// The best tile for rows of `width` pixels, and for any number of rows of `row` pixels, if that is
/// not 0.
constexpr conv_fit best_conv_tile(const geometry& g, const target& machine, int width,
                                  int row = 0) noexcept {
    const int vectors = math::ceil_div(g.filters / g.groups, machine.lanes);
    const long elements = long{g.window[0]} * g.window[1] * g.window[2] * (g.channels / g.groups);
    conv_fit best;
    for (int n = 1; n <= 6 && n <= vectors; ++n) {
        const int most = most_pixels(n, machine.registers);
        const long long block = 1LL * size_of(machine.weights) * elements * n * machine.lanes;
        if (n > 1 && block * 4 > machine.l2_bytes * 3LL) break;
        // From the second cache a vector of 64 bytes arrives in about two cycles.
        const double vector = machine.lanes * size_of(machine.weights) / 16.0;
        const double arrival = block > machine.l1_bytes * 3LL ? vector : 0;
        for (int w = 1; w <= most && w <= width; ++w) {
            const int tiles = math::ceil_div(width, w);
            const int pixels = math::ceil_div(width, tiles);
            if (pixels != w || conv_tiling{row, pixels}.wide < 0) continue;
            const conv_tiling tiling{width, pixels};
            const auto cost_of = [&](int p) noexcept {
                return machine.lanes == 1 ? conv_tile_steps(n, p, elements)
                                          : conv_tile_cost(n, p, elements, arrival);
            };
            const double work = tiling.wide * cost_of(pixels) + tiling.narrow * cost_of(pixels - 1);
            // Tiles of two widths are more code for hardly less work.
            double cost = work * math::ceil_div(vectors, n) *
                          (tiling.narrow > 0 ? (machine.lanes == 1 ? 1.06 : 1.02) : 1);
            // Split sums fill sixteen registers so that some of them are kept in memory.
            if (machine.lanes > 1 && machine.registers <= 16 &&
                conv_splits({.vectors = n, .pixels = pixels}) > 1)
                cost *= 1.25;
            // Cells 4096 bytes apart push one another out of the first cache.
            if (g.stride[2] * g.channels % 1024 == 0) cost *= 1 + 0.01 * math::max(pixels - 7, 0);
            if (best.vectors == 0 || cost < best.cost) best = {n, pixels, cost};
        }
    }
    return best;
}

constexpr kernel_choice choose_conv_direct(const geometry& given, const target& machine) noexcept {
    const geometry g = with_long_rows(given);
    const int depth = g.channels / g.groups;
    const int before = g.before[2];
    const int after = padding_after(g, 2);
    const bool borders = before > 0 || after > 0;
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::conv_direct;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    key.weights = machine.weights;
    key.step = g.stride[2] * g.channels;
    // Rows that are made some at a time are joined too, but not always as many.
    const int row = given.banded && is_pointwise(given) ? given.out[2] : 0;
    conv_fit fitted = best_conv_tile(g, machine, g.out[2], row);
    conv_tiling tiling{g.out[2], fitted.pixels};
    // Without vectors a machine is small: tiles of their own for borders are much code for 2 %
    // time.
    bool peel = borders && machine.lanes > 1 && g.dilation[2] == 1 && g.window[2] <= 7 &&
                before + after <= g.window[2];
    if (peel) {
        const int last = tiling.narrow > 0 ? fitted.pixels - 1 : fitted.pixels;
        const int reach = tiling.tiles() == 1 ? g.out[2] : last;
        peel = math::ceil_div(before, g.stride[2]) <= reach &&
               math::ceil_div(after, g.stride[2]) <= reach;
    }
    if (borders && !peel) {
        const pixel_range inner = inner_pixels(g);
        const int width = inner.end - inner.first;
        fitted = best_conv_tile(g, machine, math::max(width, 1));
        tiling = {math::max(width, 1), fitted.pixels};
        key.detail |= conv_detail::border_loop;
    }
    key.vectors = fitted.vectors;
    key.pixels = fitted.pixels;
    // A tile with little to do is not called for each of its kind.
    if (is_pointwise(g) && key.vectors * key.pixels * g.channels <= 256)
        key.detail |= conv_detail::together;
    if (!peel) {
        key.detail |= conv_detail::inner_wide;
        if (tiling.narrow > 0 || row % fitted.pixels != 0) key.detail |= conv_detail::inner_narrow;
    } else {
        if (tiling.tiles() == 1) key.detail |= conv_detail::one_tile;
        if (tiling.narrow > 0) key.detail |= conv_detail::last_narrow;
        if (tiling.wide > (tiling.narrow > 0 ? 1 : 2)) key.detail |= conv_detail::inner_wide;
        if (tiling.narrow > 1) key.detail |= conv_detail::inner_narrow;
    }
    if (g.groups > 1 || g.dilation[2] > 1)
        key.detail |= conv_detail::apart;
    else if (g.window[2] * depth <= 36) {
        key.window = g.window[2];
        key.detail |= conv_detail::depth * depth;
    }
    if (peel) {
        key.window = g.window[2];
        key.stride = g.stride[2];
        key.left = before;
        key.right = after;
    }
    choice.pack = &pack_conv_direct;
    const int width = key.vectors * key.lanes;
    choice.packed_floats =
        (stored_begin(key.weights, width) + 1LL * g.window[0] * g.window[1] * g.window[2] * depth *
                                                stored_floats(key.weights, width)) *
        math::ceil_div(g.filters / g.groups, width) * g.groups;
    if (weights_are_streamed(choice.packed_floats)) key.detail |= conv_detail::ahead;
    return choice;
}

} // namespace ctnn
