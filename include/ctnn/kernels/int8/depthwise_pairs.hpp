// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on int8 by pairs of 16-bit numbers: four channels at a time over the whole
// map. Rows of the map are joined in pairs, of which as many are kept as a window has; the weights
// are joined as its rows are, in two ways: a window may begin with either row of a pair. It may
// write over its input.
//
// Packed: for each group of four channels a byte, 0 where it needs the rule in full; then for each
// what its sums begin with, multipliers, powers, and the taps, a word of four weights each.
#pragma once

#include <ctnn/kernels/int8/pairs.hpp>
#include <ctnn/kernels/machine/dsp_depthwise.hpp>

namespace ctnn {

namespace detail {

inline constexpr int most_row_pairs = 4;

/// Where a depthwise convolution by pairs keeps what.
struct depthwise_room {
    int pairs;  ///< of rows, under a window
    int taps;   ///< in a row of it
    int width;  ///< of a row that is kept, with what lies beyond the map
    int groups; ///< of four channels
    bool both;  ///< windows begin with either row of a pair

    constexpr explicit depthwise_room(const geometry& map) noexcept
        : pairs(map.window[1] / 2 + 1), taps(map.window[2]),
          width(math::max((map.out[2] - 1) * map.stride[2] + map.window[2],
                          map.before[2] + map.in[2])),
          groups(map.channels / 4), both(map.stride[1] % 2 == 1) {}

    constexpr int numbers() const noexcept { return 4 * (3 + pairs * taps); }
    constexpr int kept() const noexcept { return 4 * (2 * numbers() + 4 * pairs * width); }
    constexpr int head_bytes() const noexcept { return math::ceil_div(groups, 4) * 4; }
    static constexpr int group_bytes(const geometry& map) noexcept {
        return 4 * (12 + map.window[1] * map.window[2]);
    }
};

constexpr void pack_depthwise_pairs(const int8_source& source, const int8_geometry& g,
                                    const kernel_key&, unsigned char* to) noexcept {
    const int taps = g.map.window[1] * g.map.window[2];
    const int channels = g.map.channels;
    unsigned char* group = to + depthwise_room{g.map}.head_bytes();
    for (int first = 0; first < channels; first += 4, group += depthwise_room::group_bytes(g.map)) {
        bool exact = true;
        short_scale scales[4];
        for (int c = 0; c < 4; ++c) {
            sum_range range;
            int sum = 0;
            for (int tap = 0; tap < taps; ++tap) {
                range.add(source.kernel[tap * channels + first + c]);
                sum += source.kernel[tap * channels + first + c];
            }
            const int start = (source.bias ? source.bias[first + c] : 0) - g.input_zero * sum;
            range.add_start(start);
            scales[c] = short_scale_of(range, start, source.factors[first + c], g);
            exact = exact && scales[c].exact;
        }
        to[first / 4] = exact ? 1 : 0;
        for (int c = 0; c < 4; ++c) {
            const rescale factor =
                scales[c].constant ? rescale{1 << 30, -2} : source.factors[first + c];
            write_int(group + 4 * c, scales[c].start);
            write_int(group + 16 + 4 * c, exact ? scales[c].multiplier : factor.multiplier);
            write_int(group + 32 + 4 * c, exact ? scales[c].power : factor.shift);
            for (int tap = 0; tap < taps; ++tap)
                group[48 + 4 * tap + c] =
                    scales[c].constant
                        ? 0
                        : static_cast<unsigned char>(source.kernel[tap * channels + first + c]);
        }
    }
}

/// Whether what it writes never meets what it has yet to read.
constexpr bool depthwise_in_place(const geometry& map) noexcept {
    const depthwise_room room{map};
    for (int y = 0; y < map.out[1]; ++y) {
        const int unread = (y * map.stride[1] / 2 + room.pairs) * 2 - map.before[1];
        if (unread < map.in[1] && (y + 1) * map.out[2] > unread * map.in[2]) return false;
    }
    return true;
}

/// A group's numbers as the machine reads them, for windows that begin with the first or the second
/// row of a pair.
inline void join_weights(const unsigned char* group, const geometry& map, bool second,
                         int* to) noexcept {
    const unsigned char* weights = group + 48;
    const int taps = map.window[2];
    for (int c = 0; c < 4; ++c) *to++ = dsp::load_word(group + 4 * c);
    for (int row = second ? -1 : 0; row < map.window[1]; row += 2)
        for (int tap = 0; tap < taps; ++tap, to += 4) {
            const int upper = row < 0 ? 0 : dsp::load_word(weights + 4 * (row * taps + tap));
            const int lower = row + 1 < map.window[1]
                                  ? dsp::load_word(weights + 4 * ((row + 1) * taps + tap))
                                  : 0;
            dsp::join_words(upper, lower, to);
        }
    // A window may need a pair less than there is room for.
    const int pairs = (map.window[1] + (second ? 2 : 1)) / 2;
    for (int i = pairs * taps; i < (map.window[1] / 2 + 1) * taps; ++i, to += 4)
        to[0] = to[1] = to[2] = to[3] = 0;
    for (int c = 0; c < 8; ++c) to[c] = dsp::load_word(group + 16 + 4 * c);
}

/// A row by the rule in full, or by windows that the machine's own function does not know.
[[gnu::noinline, gnu::cold]] inline void
depthwise_row_in_full(const dsp::depthwise_call& call, const int* const* rows,
                      const depthwise_room& room, bool exact, const int8_geometry& g) noexcept {
    dsp::depthwise_pixels(
        call, rows, room.pairs, room.taps,
        [&](const int* sums, const int* numbers, int8* to) noexcept {
            for (int c = 0; c < 4; ++c) {
                const int sum =
                    exact ? dsp::scaled(sums[c], numbers[c], numbers[4 + c], g.output_zero)
                          : fixed::scaled(sums[c], {numbers[c], numbers[4 + c]}) + g.output_zero;
                to[c] = static_cast<int8>(math::clamp(sum, g.low, g.high));
            }
        });
}

/// Brings a pair of rows of the map to where it is kept.
[[gnu::noinline]] inline void join_map_rows(const int8* input, const geometry& map,
                                            const int8* beyond, int pair, int* to) noexcept {
    const int bytes = map.in[2] * map.channels;
    const int row = 2 * pair - map.before[1];
    const int8* const first = input + row * bytes;
    dsp::rows_call call{first, first + bytes, map.in[2], map.channels, map.channels};
    if (row < 0 || row >= map.in[1]) {
        call.first = beyond;
        call.first_step = 0;
    }
    if (row + 1 < 0 || row + 1 >= map.in[1]) {
        call.second = beyond;
        call.second_step = 0;
    }
    dsp::join_rows(to + map.before[2] * 4, call);
}

/// What is the same for all groups of channels.
struct depthwise_work {
    const int8_operands& o;
    const int8_geometry& g;
    const depthwise_room room;
    int* numbers;
    int* rows;
    int beyond; ///< four cells beyond the map

    depthwise_work(const int8_operands& operands, const int8_geometry& geometry) noexcept
        : o(operands), g(geometry), room(g.map), numbers(reinterpret_cast<int*>(o.scratch)),
          rows(numbers + 2 * room.numbers()) {
        const auto zero = static_cast<unsigned>(g.input_zero);
        beyond = static_cast<int>((zero & 0xffU) * 0x01010101U);
        for (int i = 0; i < room.pairs * row_words(); ++i)
            rows[i] = static_cast<int>((zero & 0xffffU) * 0x10001U);
    }
    int row_words() const noexcept { return 4 * room.width; }

    [[gnu::always_inline]] void join(int first, int pair, int* to) const noexcept {
        join_map_rows(o.input + first, g.map, reinterpret_cast<const int8*>(&beyond), pair, to);
    }
    dsp::depthwise_call call(int first) const noexcept {
        return {rows,           rows,    16 * g.map.stride[2], rows, o.output + first,
                g.map.channels, numbers, g.output_zero + 128};
    }
};

/// A group of channels by windows of three by three, one or two rows apart: each pair of rows but
/// the first is the lower one for one row of the output or two, and then the upper one.
[[gnu::always_inline]] inline void depthwise_group(const depthwise_work& work, int first,
                                                   bool exact) noexcept {
    const geometry& map = work.g.map;
    const int* starts[]{work.rows, work.rows + work.row_words()};
    dsp::depthwise_call call = work.call(first);
    const int length = 4 * map.stride[2] * map.out[2];
    const int row_bytes = map.out[2] * map.channels;
    int8* output = call.output;
    int* lower = work.rows;
    work.join(first, 0, lower);
    for (int y = 0, top = 0, pair = 0; y < map.out[1]; ++pair) {
        int* const upper = lower;
        lower = upper == work.rows ? work.rows + work.row_words() : work.rows;
        work.join(first, pair + 1, lower);
        for (; y < map.out[1] && top / 2 == pair; ++y, top += map.stride[1], output += row_bytes) {
            call.first = starts[0] = upper;
            call.second = starts[1] = lower;
            call.end = upper + length;
            call.output = output;
            call.numbers = work.numbers + (top & 1) * work.room.numbers();
            if (exact)
                dsp::depthwise_row(call);
            else
                depthwise_row_in_full(call, starts, work.room, false, work.g);
        }
    }
}

/// A group of channels by any windows.
inline void depthwise_group_of_any(const depthwise_work& work, int first, bool exact) noexcept {
    const geometry& map = work.g.map;
    const int pairs = work.room.pairs;
    dsp::depthwise_call call = work.call(first);
    int joined = 0;
    for (int y = 0, top = 0; y < map.out[1]; ++y, top += map.stride[1]) {
        const int* starts[most_row_pairs];
        for (joined = math::max(joined, top / 2); joined < top / 2 + pairs; ++joined)
            work.join(first, joined, work.rows + joined % pairs * work.row_words());
        for (int i = 0; i < pairs; ++i)
            starts[i] = work.rows + (top / 2 + i) % pairs * work.row_words();
        call.first = starts[0];
        call.end = starts[0] + 4 * map.stride[2] * map.out[2];
        call.output = work.o.output + y * map.out[2] * map.channels + first;
        call.numbers = work.numbers + (top & 1) * work.room.numbers();
        depthwise_row_in_full(call, starts, work.room, exact, work.g);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void depthwise_pairs_kernel(const int8_operands& o,
                                              const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const depthwise_work work{o, g};
    const unsigned char* group = o.weights + work.room.head_bytes();
    for (int first = 0; first < map.channels; first += 4) {
        const bool exact = o.weights[first / 4] != 0;
        join_weights(group, map, false, work.numbers);
        if (work.room.both) join_weights(group, map, true, work.numbers + work.room.numbers());
        group += depthwise_room::group_bytes(map);
        if constexpr (Key.window == 3)
            depthwise_group(work, first, exact);
        else
            depthwise_group_of_any(work, first, exact);
    }
    if constexpr (Key.window == 3) clamp_cells(o.output, map.out[1] * map.out[2] * map.channels, g);
}

} // namespace detail

constexpr int8_choice choose_depthwise_pairs(const int8_geometry& g,
                                             const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.window[0] != 1 || map.in[0] != 1 || map.filters != map.channels ||
        map.channels % 4 != 0 || map.dilation[1] != 1 || map.dilation[2] != 1 ||
        map.window[1] < 2 || map.window[1] / 2 + 1 > detail::most_row_pairs)
        return choice;
    choice.key.kind = kernel_kind::depthwise_pairs;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    const bool known = map.window[1] == 3 && map.window[2] == 3 && map.stride[1] <= 2;
    choice.key.window = choice.key.rows = known ? 3 : 0;
    choice.pack = &detail::pack_depthwise_pairs;
    const detail::depthwise_room room{map};
    choice.packed_bytes = room.head_bytes() + 1LL * room.groups * room.group_bytes(map);
    choice.kept_bytes = room.kept();
    choice.in_place = detail::depthwise_in_place(map);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::depthwise_pairs) inline constexpr int8_function
    int8_kernel_of<Key> = &detail::depthwise_pairs_kernel<Key>;

} // namespace ctnn
