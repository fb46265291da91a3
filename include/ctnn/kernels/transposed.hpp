// SPDX-License-Identifier: BSL-1.0
// Transposed convolution in 1, 2 or 3 dimensions. Output cells whose places differ by a multiple of
// the stride are met by the same taps: each such phase is a convolution with these taps over
// neighbouring cells, by the tiles of a direct convolution. Weights are packed as [phase][group]
// [block of channels][bias, then depth, height, width, input channel][vectors of output channels].
#pragma once

#include <ctnn/kernels/conv_direct.hpp>

namespace ctnn {

namespace detail {

/// The taps of a transposed window that reach the output cells of one phase along one axis: those
/// of cell o have the phase (o + before) % stride.
struct phase_taps {
    int first = 0; ///< of the window
    int step = 1;  ///< between taps
    int count = 0;
    int before = 0; ///< taps of all phases before this one

    constexpr phase_taps(const geometry& g, int axis, int phase) noexcept {
        const int stride = g.stride[axis];
        for (int tap = g.window[axis] - 1, last = -1; tap >= 0; --tap) {
            const int own = tap * g.dilation[axis] % stride;
            if (own < phase) ++before;
            if (own != phase) continue;
            if (last >= 0) step = last - tap;
            first = last = tap;
            ++count;
        }
    }
    constexpr int last() const noexcept { return first + (count - 1) * step; }
};

/// What an output cell reads along one axis: taps in the order of the map's cells, which is against
/// the order of the window.
struct phase_cells {
    int from = 0;  ///< the first tap, in this order, that meets the map
    int count = 0; ///< of those that do
    int cell = 0;  ///< what the tap in front would read
    int step = 1;  ///< cells between taps

    constexpr phase_cells(const geometry& g, int axis, const phase_taps& taps, int at) noexcept {
        if (taps.count == 0) return;
        const int dilation = g.dilation[axis];
        const int stride = g.stride[axis];
        cell = (at + g.before[axis] - taps.last() * dilation) / stride;
        if (taps.count > 1) step = taps.step * dilation / stride;
        if (cell < 0) from = math::ceil_div(-cell, step);
        const int to = cell < g.in[axis] ? (g.in[axis] - 1 - cell) / step + 1 : 0;
        count = math::max(math::min(to, taps.count) - from, 0);
    }
};

/// The output cells of one phase along the width: `first` and then every stride-th, `count` in all;
/// those from `inner` to before `end` are met by all taps.
struct phase_row {
    int first = 0;
    int count = 0;
    int inner = 0;
    int end = 0;

    constexpr phase_row(const geometry& g, const phase_taps& taps, int phase) noexcept {
        const int stride = g.stride[2];
        first = (phase - g.before[2] % stride + stride) % stride;
        count = first < g.out[2] ? (g.out[2] - 1 - first) / stride + 1 : 0;
        const phase_cells cells{g, 2, taps, first};
        end = count;
        if (taps.count == 0) return;
        inner = math::clamp(-cells.cell, 0, count);
        const int last = g.in[2] - (taps.count - 1) * cells.step - cells.cell;
        end = math::clamp(last, inner, count);
    }
};

/// Where a window is as wide as its stride, the outputs of an input cell lie side by side: they are
/// as many more filters of a window one cell wide.
constexpr geometry with_phases_as_filters(geometry g) noexcept {
    const int stride = g.stride[2];
    if (g.groups != 1 || g.window[2] != stride || g.dilation[2] != 1 || g.before[2] != 0 ||
        g.out[2] != g.in[2] * stride)
        return g;
    g.filters *= stride;
    g.out[2] = g.in[2];
    g.window[2] = g.stride[2] = 1;
    return g;
}

/// Whether the taps of a phase do not follow one another in the input.
constexpr bool taps_are_apart(const geometry& g) noexcept {
    const phase_taps taps{g, 2, 0};
    return g.groups > 1 || phase_cells{g, 2, taps, 0}.step != 1;
}

} // namespace detail

/// Whether all rows are done with one block of output channels before the next: where the map is
/// small enough to be read over and over, or the weights too large for that.
constexpr bool blocks_come_first(const geometry& g, long long packed) noexcept {
    const long long map = 4LL * g.in[0] * g.in[1] * g.in[2] * g.channels;
    return map <= 24 * 1024 || 4 * packed > 512 * 1024;
}

template <isa Machine>
[[gnu::noinline]] void transposed_rows(const operands& places, const geometry& given,
                                       conv_tile_function tile, conv_tile_function pixel,
                                       int pixels, int width) noexcept {
    using detail::phase_taps, detail::phase_cells, detail::phase_row;
    const geometry g = detail::with_phases_as_filters(given);
    const int depth = g.channels / g.groups;
    const int filters = g.filters / g.groups;
    const int blocks = math::ceil_div(filters, width);
    const long in_row = long{g.in[2]} * g.channels;
    const long in_plane = g.in[1] * in_row;
    const long phases = long{g.stride[0]} * g.stride[1] * g.stride[2];
    const long taps_of_all = long{g.window[0]} * g.window[1] * g.window[2];
    const bool blocks_first =
        blocks_come_first(g, (phases + taps_of_all * depth) * width * blocks * g.groups);
    const int outer_blocks = blocks_first ? blocks : 1;
    const int inner_blocks = blocks_first ? 1 : blocks;
    // With one block at a time its weights of one phase are used up before those of the next.
    const int row_step = blocks_first ? g.stride[1] : 1;
    const long long reads = 4LL * pixels * g.channels;
    const int stretch = blocks_first ? g.out[2] : pixels * static_cast<int>(16384 / reads + 1);

    conv_call call;
    call.step = g.channels;
    call.depth = depth;
    call.output_step = long{g.stride[2]} * g.filters;
    call.low = g.low;
    call.high = g.high;

    const auto add_row = [&](int group, int outer, int z, int y) noexcept {
        const phase_taps deep{g, 0, (z + g.before[0]) % g.stride[0]};
        const phase_taps tall{g, 1, (y + g.before[1]) % g.stride[1]};
        const phase_cells planes{g, 0, deep, z};
        const phase_cells rows{g, 1, tall, y};
        call.map = places.input + group * depth;
        call.plane = planes.step * in_plane;
        call.row = rows.step * in_row;
        call.planes = planes.count;
        call.rows = rows.count;
        const long first_cell = (planes.cell + planes.from * planes.step) * in_plane +
                                (rows.cell + rows.from * rows.step) * in_row;
        const long first_phase =
            ((z + g.before[0]) % g.stride[0] * g.stride[1] + (y + g.before[1]) % g.stride[1]) *
            g.stride[2];
        const long first_tap =
            (long{deep.before} * g.window[1] + long{deep.count} * tall.before) * g.window[2];
        for (int phase = 0; phase < g.stride[2]; ++phase) {
            const phase_taps wide{g, 2, phase};
            const phase_row row{g, wide, phase};
            const phase_cells start{g, 2, wide, row.first};
            const long taps = long{deep.count} * tall.count * wide.count;
            const long before = first_tap + long{deep.count} * tall.count * wide.before;
            const float* phase_weights =
                places.weights + (first_phase + phase + before * depth) * width * blocks * g.groups;
            const long block_weights = (taps * depth + 1) * width;
            call.weights_row = long{wide.count} * depth * width;
            call.weights_plane = tall.count * call.weights_row;
            call.tap = long{start.step} * g.channels;
            const long out_first =
                ((long{z} * g.out[1] + y) * g.out[2] + row.first) * g.filters + group * filters;
            const auto run = [&](conv_tile_function function, int at, int block,
                                 const phase_cells& cells) noexcept {
                const float* own = phase_weights + (long{group} * blocks + block) * block_weights;
                call.bias = own;
                call.weights = own + width + planes.from * call.weights_plane +
                               rows.from * call.weights_row + long{cells.from} * depth * width;
                call.filters = filters - block * width;
                call.taps = cells.count;
                call.first = first_cell + (cells.cell + long{cells.from} * cells.step) * g.channels;
                call.output = places.output + out_first + at * call.output_step + block * width;
                function(call);
            };
            const auto cells_at = [&](int at) noexcept {
                return phase_cells{g, 2, wide, row.first + at * g.stride[2]};
            };
            const bool fits = row.end - row.inner >= pixels;
            for (int from = row.inner; fits && from < row.end; from += stretch)
                for (int block = outer; block < outer + inner_blocks; ++block)
                    for (int at = from; at < math::min(from + stretch, row.end); at += pixels) {
                        // The last tile of a row may do some pixels a second time.
                        const int to = math::min(at, row.end - pixels);
                        phase_cells cells = start;
                        cells.from = 0;
                        cells.count = wide.count;
                        cells.cell += to;
                        run(tile, to, block, cells);
                    }
            for (int at = 0; at < row.count; ++at) {
                if (fits && at == row.inner) at = row.end;
                if (at == row.count) break;
                for (int block = outer; block < outer + inner_blocks; ++block)
                    run(pixel, at, block, cells_at(at));
            }
        }
    };
    for (int group = 0; group < g.groups; ++group)
        for (int outer = 0; outer < outer_blocks; ++outer)
            for (int z = 0; z < g.out[0]; ++z)
                for (int first = 0; first < row_step; ++first)
                    for (int y = first; y < g.out[1]; y += row_step) add_row(group, outer, z, y);
}

template <kernel_key Key> void transposed(const operands& places, const geometry& g) noexcept {
    constexpr auto tile = conv_direct_code::of<conv_tile_of(Key, Key.pixels, false, false)>;
    constexpr auto pixel = conv_direct_code::of<conv_pixel_of(Key)>;
    transposed_rows<Key.machine>(places, g, tile, pixel, Key.pixels, Key.vectors * Key.lanes);
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::transposed) inline constexpr kernel_function kernel_of<Key> =
    &transposed<Key>;

constexpr void pack_transposed(const weight_source& source, const geometry& given,
                               const kernel_key& key, float* to) noexcept {
    const geometry g = detail::with_phases_as_filters(given);
    const int width = key.vectors * key.lanes;
    const int filters = g.filters / g.groups;
    const int depth = g.channels / g.groups;
    const int phases = g.stride[0] * g.stride[1] * g.stride[2];
    for (int phase = 0; phase < phases; ++phase) {
        const detail::phase_taps deep{g, 0, phase / (g.stride[1] * g.stride[2])};
        const detail::phase_taps tall{g, 1, phase / g.stride[2] % g.stride[1]};
        const detail::phase_taps wide{g, 2, phase % g.stride[2]};
        const int taps = deep.count * tall.count * wide.count;
        for (int first = 0; first < g.filters; first += filters)
            for (int start = 0; start < filters; start += width)
                for (long i = -1; i < long{taps} * depth; ++i) {
                    const int tap = static_cast<int>(i / depth); // 0 at the bias too
                    const int x = wide.count > 0 ? wide.last() - tap % wide.count * wide.step : 0;
                    const int rest = wide.count > 0 ? tap / wide.count : 0;
                    const int y = tall.count > 0 ? tall.last() - rest % tall.count * tall.step : 0;
                    const int z = tall.count > 0 ? deep.last() - rest / tall.count * deep.step : 0;
                    const long cell = (long{z} * g.window[1] + y) * g.window[2] + x;
                    const long channel = first / filters * depth + i % depth;
                    for (int n = 0; n < width; ++n) {
                        const int own = start + n;
                        const int filter = (first + own) % given.filters;
                        double number = 0;
                        if (own < filters && i < 0) number = source.shift(filter);
                        if (own < filters && i >= 0)
                            number =
                                source.scale(filter) *
                                static_cast<double>(
                                    source.kernel[(cell * filters + own) * g.channels + channel]);
                        *to++ = static_cast<float>(number);
                    }
                }
    }
}

/// The kernel for a transposed convolution: geometry::before are the cells that its padding cuts
/// off at the beginning. It adds nothing.
constexpr kernel_choice choose_transposed(const geometry& given, const target& machine) noexcept {
    const geometry g = detail::with_phases_as_filters(given);
    // A tile shall fit into every phase, but for those of much shorter rows.
    geometry filtered = g;
    int most = 1;
    int width = 1;
    for (int pass = 0; pass < 2; ++pass)
        for (int phase = 0; phase < g.stride[2]; ++phase) {
            const detail::phase_taps taps{g, 2, phase};
            const detail::phase_row row{g, taps, phase};
            const int inner = row.end - row.inner;
            if (pass == 0)
                most = width = math::max(most, inner);
            else if (2 * inner >= most)
                width = math::min(width, inner);
        }
    for (int axis = 0; axis < 3; ++axis)
        filtered.window[axis] = math::ceil_div(g.window[axis], g.stride[axis]);
    const conv_fit fitted = best_conv_tile(filtered, machine, width);
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::transposed;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    key.vectors = fitted.vectors;
    key.pixels = fitted.pixels;
    key.step = g.channels;
    if (detail::taps_are_apart(g)) key.detail |= conv_detail::apart;
    choice.pack = &pack_transposed;
    const long long phases = 1LL * g.stride[0] * g.stride[1] * g.stride[2];
    const long long taps = 1LL * g.window[0] * g.window[1] * g.window[2];
    const int lanes = key.vectors * key.lanes;
    choice.packed_floats = (phases + taps * (g.channels / g.groups)) * lanes *
                           math::ceil_div(g.filters / g.groups, lanes) * g.groups;
    return choice;
}

} // namespace ctnn
