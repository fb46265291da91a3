// SPDX-License-Identifier: BSL-1.0
// Convolutions on int8 by pairs of 16-bit numbers: the windows of two pixels are spread as words,
// of which all blocks of filters are made. It may write over its input: rows that later windows
// still want are kept.
#pragma once

#include <ctnn/kernels/int8/pairs.hpp>

namespace ctnn {

namespace detail {

/// Where a convolution by pairs keeps what, and how it reads.
struct pair_room {
    int depth;    ///< cells of a window
    int room;     ///< with full groups: four words of two pixels are 8 cells
    int run;      ///< cells of a row of the window
    bool by_rows; ///< rows of the window are whole words
    int row_bytes;
    int rows; ///< that are kept where it writes over its input

    constexpr explicit pair_room(const geometry& map) noexcept
        : depth(map.window[1] * map.window[2] * map.channels), room(math::ceil_div(depth, 8) * 8),
          run(map.window[2] * map.channels), by_rows(run % 4 == 0),
          row_bytes(map.in[2] * map.channels),
          rows(map.window[1] == 1 && map.stride[1] == 1 ? 0 : map.window[1]) {}

    constexpr int lane_bytes() const noexcept { return 4 * room; }
    constexpr int cell_bytes() const noexcept { return by_rows ? run : room; }
    /// Lanes, cells of two pixels, cells beyond the map, rows.
    constexpr int kept() const noexcept {
        return lane_bytes() + 3 * cell_bytes() + rows * math::ceil_div(row_bytes, 4) * 4;
    }
};

/// Whether it goes through the map backwards when it writes over its input.
constexpr bool pair_backwards(const geometry& map) noexcept { return map.filters > map.channels; }

/// Whether what it writes never meets what it has yet to read.
constexpr bool pair_in_place(const geometry& map) noexcept {
    if (map.out[1] == 1 && map.window[1] == 1)
        return map.window[2] == 1 && map.stride[2] == 1 && map.before[2] == 0;
    if (map.dilation[1] != 1) return false;
    for (int y = 0; y < map.out[1]; ++y) {
        const int unread = y * map.stride[1] - map.before[1] + map.window[1];
        if (unread < map.in[1] &&
            1LL * (y + 1) * map.out[2] * map.filters > 1LL * unread * map.in[2] * map.channels)
            return false;
    }
    return true;
}

/// A map whose rows are read one after the other, while what is made may be written over them.
struct kept_rows {
    const int8* input;
    int8* rows; ///< none: the input stays as it is
    int count;
    int bytes;
    int next = 0;

    /// Keeps the rows before `end`.
    void keep(int end, int height) noexcept {
        if (!rows) return;
        for (; next < end && next < height; ++next)
            dsp::copy(rows + next % count * bytes, input + next * bytes, bytes);
    }
    const int8* at(int row) const noexcept {
        return rows ? rows + row % count * bytes : input + row * bytes;
    }
};

/// Cells of a row under a window, the zero point beyond the map.
[[gnu::noinline]] inline void copy_run(const geometry& map, const int8* row, int column, int zero,
                                       int8* to) noexcept {
    const int taps = map.window[2];
    const int left = math::min(math::max(-column, 0), taps);
    const int right = math::max(math::min(map.in[2] - column, taps), left);
    to = dsp::fill(to, zero, left * map.channels);
    if (right > left)
        to = dsp::copy(to, row + (column + left) * map.channels, (right - left) * map.channels);
    dsp::fill(to, zero, (taps - right) * map.channels);
}

inline constexpr int most_window_rows = 16;

/// The rows of a map under the windows of a row of the output.
struct window_rows {
    const int8* each[most_window_rows]; ///< none beyond the map

    [[gnu::always_inline]] window_rows(const geometry& map, const kept_rows& source,
                                       int y) noexcept {
        int row = y * map.stride[1] - map.before[1];
        for (int j = 0; j < map.window[1]; ++j, row += map.dilation[1])
            each[j] = row >= 0 && row < map.in[1] ? source.at(row) : nullptr;
    }
};

/// Two windows of a row of the output.
struct window_pair {
    int columns[2]; ///< where they begin
    bool inside[2];

    [[gnu::always_inline]] window_pair(const geometry& map, int x, int other) noexcept
        : columns{x * map.stride[2] - map.before[2], other * map.stride[2] - map.before[2]} {
        for (int p = 0; p < 2; ++p)
            inside[p] = columns[p] >= 0 && columns[p] + map.window[2] <= map.in[2];
    }
};

/// Spreads the windows of two pixels, a row of a window after the other. `cells` has room for a row
/// of each, and then as many cells beyond the map.
[[gnu::noinline]] inline void spread_rows(const geometry& map, int run, const window_rows& rows,
                                          int zero, const window_pair& pair, int* lanes,
                                          int8* cells) noexcept {
    const int first = pair.columns[0] * map.channels;
    const int second = pair.columns[1] * map.channels;
    for (int j = 0; j < map.window[1]; ++j) {
        const int8* row = rows.each[j];
        const int8* from[]{cells + 2 * run, cells + 2 * run};
        if (row) {
            from[0] = row + first;
            from[1] = row + second;
        }
        if (row && !(pair.inside[0] && pair.inside[1])) {
            for (int p = 0; p < 2; ++p) {
                if (pair.inside[p]) continue;
                from[p] = cells + p * run;
                copy_run(map, row, pair.columns[p], zero, cells + p * run);
            }
        }
        lanes = dsp::widen(lanes, from[0], from[1], run / 4);
    }
}

/// The same where rows of a window are not whole words: all of either window is copied first.
[[gnu::noinline]] inline void spread_cells(const geometry& map, const pair_room& room,
                                           const window_rows& rows, int zero,
                                           const window_pair& pair, int* lanes,
                                           int8* cells) noexcept {
    for (int p = 0; p < 2; ++p) {
        int8* to = cells + p * room.room;
        for (int j = 0; j < map.window[1]; ++j, to += room.run) {
            const int8* row = rows.each[j];
            if (!row)
                dsp::fill(to, zero, room.run);
            else if (pair.inside[p])
                dsp::copy(to, row + pair.columns[p] * map.channels, room.run);
            else
                copy_run(map, row, pair.columns[p], zero, to);
        }
    }
    dsp::widen(lanes, cells, cells + room.room, room.room / 4);
}

/// Two pixels by all filters, where some blocks need the rule in full, or the last one has fewer.
[[gnu::noinline, gnu::cold]] inline void
uneven_pair_pixels(const unsigned char* weights, const pair_layout& layout, const int8_geometry& g,
                   const int* lanes, int8* first, int8* second) noexcept {
    const unsigned char* head = weights;
    weights += layout.head_bytes();
    for (int filter = 0; filter < layout.filters; filter += 4, weights += layout.block_bytes()) {
        alignas(4) int8 cells[8];
        if (static_cast<int8>(*head++) > 0) {
            dsp::tile({lanes, lanes + layout.room, cells, cells + 4, 1, g.output_zero + 128},
                      weights);
        } else {
            for (int p = 0; p < 2; ++p)
                pair_block_in_full([=](int k) noexcept { return lanes[2 * k + p]; },
                                   layout.room / 2, weights, 4, g, cells + 4 * p);
        }
        const int count = math::min(4, layout.filters - filter);
        dsp::copy(second + filter, cells + 4, count);
        dsp::copy(first + filter, cells, count);
    }
}

/// Two pixels by all filters; the second may be the first.
[[gnu::always_inline]] inline void pair_pixels(const unsigned char* weights,
                                               const pair_layout& layout, const int8_geometry& g,
                                               const int* lanes, int8* first,
                                               int8* second) noexcept {
    if (layout.filters % 4 == 0 && weights[0] == layout.filters / 4)
        dsp::tile({lanes, lanes + layout.room, first, second, weights[0], g.output_zero + 128},
                  weights + layout.head_bytes());
    else
        uneven_pair_pixels(weights, layout, g, lanes, first, second);
}

constexpr pair_layout conv_pair_layout(const geometry& map) noexcept {
    const pair_room room{map};
    return {room.depth, room.room, map.filters, 4};
}

constexpr void pack_conv_pairs(const int8_source& source, const int8_geometry& g, const kernel_key&,
                               unsigned char* to) noexcept {
    pack_pairs(source, g, conv_pair_layout(g.map), to);
}

template <kernel_key Key>
[[gnu::noinline]] void conv_pairs_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const pair_room room{map};
    const pair_layout layout = conv_pair_layout(map);
    int* const lanes = reinterpret_cast<int*>(o.scratch);
    int8* const cells = reinterpret_cast<int8*>(o.scratch) + room.lane_bytes();
    int8* const kept = cells + 3 * room.cell_bytes();
    // What no window fills counts as 0, and has weights of 0.
    const int missing = room.room - room.depth;
    if (room.by_rows) {
        dsp::fill(reinterpret_cast<int8*>(lanes + room.depth), 0, 4 * missing);
        dsp::fill(cells + 2 * room.run, g.input_zero, room.run);
    } else {
        for (int p = 0; p < 2; ++p) dsp::fill(cells + p * room.room + room.depth, 0, missing);
    }
    const bool flat = map.in[1] == 1 && map.window[2] == 1 && map.in[2] == map.out[2];
    const bool over = o.input == o.output;
    kept_rows source{o.input, over && room.rows > 0 ? kept : nullptr, room.rows, room.row_bytes};
    const int width = map.out[2];
    // Rows forwards; where there is but one, it may have to be done from its end.
    const bool backwards = over && room.rows == 0 && pair_backwards(map);
    int8* row = o.output;
    for (int y = 0; y < map.out[1]; ++y, row += width * map.filters) {
        source.keep(y * map.stride[1] - map.before[1] + map.window[1], map.in[1]);
        const window_rows rows{map, source, y};
        for (int pixel = 0; pixel < width; pixel += 2) {
            const int x = backwards ? (width - 1 - pixel) & ~1 : pixel;
            const int other = math::min(x + 1, width - 1);
            if (flat && room.by_rows)
                dsp::widen(lanes, o.input + x * map.channels, o.input + other * map.channels,
                           map.channels / 4);
            else if (room.by_rows)
                spread_rows(map, room.run, rows, g.input_zero, {map, x, other}, lanes, cells);
            else
                spread_cells(map, room, rows, g.input_zero, {map, x, other}, lanes, cells);
            pair_pixels(o.weights, layout, g, lanes, row + x * map.filters,
                        row + other * map.filters);
        }
    }
    clamp_cells(o.output, map.out[1] * width * map.filters, g);
}

} // namespace detail

/// Convolutions for which two pixels' windows are spread.
constexpr int8_choice choose_conv_pairs(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.groups != 1 || map.window[0] != 1 || map.in[0] != 1 || map.dilation[2] != 1 ||
        map.window[1] > detail::most_window_rows)
        return choice;
    choice.key.kind = kernel_kind::conv_pairs;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.pack = &detail::pack_conv_pairs;
    choice.packed_bytes = detail::conv_pair_layout(map).bytes();
    choice.kept_bytes = detail::pair_room{map}.kept();
    choice.in_place = detail::pair_in_place(map);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::conv_pairs) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::conv_pairs_kernel<Key>;

} // namespace ctnn
