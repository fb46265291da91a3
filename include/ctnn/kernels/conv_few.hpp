// SPDX-License-Identifier: BSL-1.0
// Convolution with few output channels, at most half the lanes of a vector: lane 2c + r holds
// channel c and every second element of the reduction, beginning with r. So a step is a broadcast
// of two cells and a multiplication at full width; the halves are added at the end.
// Weights are packed as [bias, then depth, height][pairs of (width, input channel)][channel][pair].
// An odd last element is halved and stands in both lanes. Where borders leave out taps and taps
// have an odd depth, a row follows a second time with pairs that do not cross taps.
#pragma once

#include <ctnn/kernels/conv_direct.hpp>

namespace ctnn {

/// Two cells that follow one another in all pairs of lanes.
template <int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes> broadcast_pair(const float* from) noexcept {
    using pairs = typename simd::vector_of<double, Lanes / 2>::type;
    double both = 0;
    __builtin_memcpy(&both, from, sizeof both);
    return reinterpret_cast<simd::floats<Lanes>>(both - pairs{});
}

/// Adds one pair of elements, or a single one, to the pixels From .. To - 1.
template <conv_tile Tile, int From, int To, bool Pair>
[[gnu::always_inline]] inline void conv_few_add(conv_sums<Tile>& sums, int split, const float* in,
                                                long step, const float* weights) noexcept {
    constexpr int lanes = Tile.lanes;
    const auto factors = simd::load<lanes>(weights);
    _Pragma("GCC unroll 32") for (int p = From; p < To; ++p) {
        if constexpr (Pair)
            sums.at[split][p][0] += broadcast_pair<lanes>(in + (p - From) * step) * factors;
        else
            sums.at[split][p][0] += simd::broadcast<lanes>(in[(p - From) * step]) * factors;
    }
}

/// Adds `length` elements, which follow one another in the input, as conv_run does.
template <conv_tile Tile, int From, int To, int Length>
[[gnu::always_inline]] inline void conv_few_run(conv_sums<Tile>& sums, const float* in,
                                                long run_step, const float* weights,
                                                int length) noexcept {
    constexpr int lanes = Tile.lanes;
    constexpr int splits = conv_splits(Tile);
    constexpr bool at_once = Length > 0 && Length <= 16;
    constexpr bool shared = Tile.step < (Length > 0 ? Length : 8);
    const long step = Tile.step != 0 ? Tile.step : run_step;
    if constexpr (From >= To) {
        return;
    } else if constexpr (at_once) {
        _Pragma("GCC unroll 8") for (int i = 0; i < Length / 2; ++i)
            conv_few_add<Tile, From, To, true>(sums, i % splits, conv_forget<shared>(in + 2 * i),
                                               step, weights + i * lanes);
        if constexpr (Length % 2 != 0)
            conv_few_add<Tile, From, To, false>(sums, 0, conv_forget<shared>(in + (Length - 1)),
                                                step, weights + (Length / 2) * lanes);
    } else {
        if constexpr (Length > 0) length = Length;
        for (int octets = length / 8; octets > 0; --octets) {
            _Pragma("GCC unroll 4") for (int i = 0; i < 4; ++i) conv_few_add<Tile, From, To, true>(
                sums, i % splits, conv_forget<shared>(in + 2 * i), step, weights + i * lanes);
            in += 8;
            weights += 4 * lanes;
        }
        for (int pairs = (length & 7) / 2; pairs > 0; --pairs) {
            conv_few_add<Tile, From, To, true>(sums, 0, conv_forget<shared>(in), step, weights);
            in += 2;
            weights += lanes;
        }
        if ((length & 1) != 0)
            conv_few_add<Tile, From, To, false>(sums, 0, conv_forget<shared>(in), step, weights);
    }
}

/// Adds tap Tap and those after it up to End, each for the pixels First .. Last - 1 that have it.
template <conv_tile Tile, int Tap, int End, int First = 0, int Last = Tile.pixels>
[[gnu::always_inline]] inline void conv_few_border(conv_sums<Tile>& sums, const conv_call& call,
                                                   long first, const float* weights) noexcept {
    if constexpr (Tap < End && First < Last) {
        constexpr int from = math::max(missing_before(Tile, Tap), First);
        constexpr int to = math::min(Tile.pixels - missing_after(Tile, Tap), Last);
        const long pairs = (call.depth + 1) / 2;
        conv_few_run<Tile, from, to, Tile.depth>(
            sums, call.map + (first + Tap * call.tap + from * call.step), call.step,
            weights + Tap * pairs * Tile.lanes, call.depth);
        conv_few_border<Tile, Tap + 1, End, First, Last>(sums, call, first, weights);
    }
}

struct conv_few_row {
    template <conv_tile Tile>
    [[gnu::always_inline]] static inline void add(conv_sums<Tile>& sums, const conv_call& call,
                                                  long first, const float* weights) noexcept {
        constexpr bool borders = Tile.left > 0 || Tile.right > 0;
        constexpr int inner = Tile.window - Tile.left - Tile.right;
        constexpr int length = borders && Tile.depth % 2 != 0 ? 0 : Tile.depth * inner;
        if constexpr (!borders) {
            conv_few_run<Tile, 0, Tile.pixels, length>(sums, call.map + first, call.step, weights,
                                                       call.taps * call.depth);
        } else if (call.depth % 2 == 0) {
            conv_few_border<Tile, 0, Tile.left>(sums, call, first, weights);
            if constexpr (inner > 0)
                conv_few_run<Tile, 0, Tile.pixels, length>(
                    sums, call.map + (first + Tile.left * call.tap), call.step,
                    weights + long{Tile.left} * call.depth / 2 * Tile.lanes, inner * call.depth);
            conv_few_border<Tile, Tile.window - Tile.right, Tile.window>(sums, call, first,
                                                                         weights);
        } else {
            // Pixels that have all taps read pairs across them; at the ends each tap has its own.
            constexpr int before = missing_before(Tile, 0);
            constexpr int after =
                math::max(Tile.pixels - missing_after(Tile, Tile.window - 1), before);
            conv_few_run<Tile, before, after, Tile.depth * Tile.window>(
                sums, call.map + (first + before * call.step), call.step, weights,
                call.taps * call.depth);
            const float* taps = weights + (long{Tile.window} * call.depth + 1) / 2 * Tile.lanes;
            conv_few_border<Tile, 0, Tile.window, 0, before>(sums, call, first, taps);
            conv_few_border<Tile, 0, Tile.window, after, Tile.pixels>(sums, call, first, taps);
        }
    }
};

/// Adds what is to be added to the pixels in `cells`, half a vector each, clamps and writes.
template <isa Machine, int Lanes>
[[gnu::noinline]] void conv_few_finish(const conv_call& call, const float* cells,
                                       int pixels) noexcept {
    constexpr int half = Lanes / 2;
    const auto low = simd::broadcast<Lanes>(call.low);
    const auto high = simd::broadcast<Lanes>(call.high);
    const int count = pixels * call.filters;
    if (call.filters == half) {
        for (int i = 0; i < count; i += Lanes) {
            const int rest = count - i;
            auto sum = simd::load<Lanes>(cells + i);
            if (call.other)
                sum += rest >= Lanes ? simd::load<Lanes>(call.other + i)
                                     : simd::load_part<Machine, Lanes>(call.other + i, rest);
            sum = simd::clamp<Lanes>(sum, low, high);
            if (rest >= Lanes)
                simd::store<Lanes>(call.output + i, sum);
            else
                simd::store_part<Machine, Lanes>(call.output + i, sum, rest);
        }
        return;
    }
    // A pixel may be written over the beginning of the next, which is written after it.
    const auto half_low = simd::broadcast<half>(call.low);
    const auto half_high = simd::broadcast<half>(call.high);
    int at = 0;
    if (!call.other)
        for (; at + half <= count; at += call.filters) {
            simd::store<half>(call.output + at,
                              simd::clamp<half>(simd::load<half>(cells), half_low, half_high));
            cells += half;
        }
    for (; at < count; at += call.filters) {
        auto sum = simd::load<Lanes>(cells);
        if (call.other) sum += simd::load_part<Machine, Lanes>(call.other + at, call.filters);
        simd::store_part<Machine, Lanes>(call.output + at, simd::clamp<Lanes>(sum, low, high),
                                         call.filters);
        cells += half;
    }
}

/// Adds neighbouring lanes: the sums of two pixels become one vector.
template <int Lanes, int... Lane>
[[gnu::always_inline]] inline simd::floats<Lanes>
join_pairs(simd::floats<Lanes> first, simd::floats<Lanes> second,
           simd::lane_list<Lane...> /*numbers*/) noexcept {
    return __builtin_shufflevector(first, second, 2 * Lane...) +
           __builtin_shufflevector(first, second, (2 * Lane + 1)...);
}

template <conv_tile Tile> [[gnu::noinline]] void conv_few_tile(const conv_call& call) noexcept {
    constexpr int lanes = Tile.lanes;
    conv_sums<Tile> sums;
    conv_start<Tile>(sums, call.bias);
    conv_window<Tile, conv_few_row>(sums, call);
    conv_join<Tile>(sums);
    if (Tile.pixels % 2 == 0 && call.filters == lanes / 2 && !call.other) {
        const auto low = simd::broadcast<lanes>(call.low);
        const auto high = simd::broadcast<lanes>(call.high);
        _Pragma("GCC unroll 16") for (int p = 0; p + 1 < Tile.pixels; p += 2) simd::store<lanes>(
            call.output + p * (lanes / 2),
            simd::clamp<lanes>(
                join_pairs<lanes>(sums.at[0][p][0], sums.at[0][p + 1][0], simd::lanes_of<lanes>{}),
                low, high));
        return;
    }
    float cells[(Tile.pixels + 1) * (lanes / 2)]; // the last pixel is read as a whole vector
    _Pragma("GCC unroll 16") for (int p = 0; p < Tile.pixels; p += 2) simd::store<lanes>(
        cells + p * (lanes / 2),
        join_pairs<lanes>(sums.at[0][p][0], sums.at[0][p + 1 < Tile.pixels ? p + 1 : p][0],
                          simd::lanes_of<lanes>{}));
    conv_few_finish<Tile.machine, lanes>(call, cells, Tile.pixels);
}

struct conv_few_code {
    template <conv_tile Tile> static constexpr conv_tile_function of = conv_few_tile<Tile>;
};

/// The layout of a key's weights.
constexpr conv_tiles conv_few_layout(const kernel_key& key, int depth, conv_tiles tiles) noexcept {
    tiles.width = key.lanes / 2;
    tiles.pairs = true;
    tiles.by_taps = depth % 2 != 0 && (key.left > 0 || key.right > 0);
    return tiles;
}

/// The same convolution over a map that has its padding along the width.
constexpr geometry with_padding(geometry g) noexcept {
    g.in[2] += g.before[2] + padding_after(g, 2);
    g.before[2] = 0;
    return g;
}

/// Copies a map between the padding that a geometry asks for.
template <isa Machine, int Lanes>
[[gnu::noinline]] void copy_between_padding(const float* from, const geometry& g,
                                            float* to) noexcept {
    const long row = long{g.in[2]} * g.channels;
    const long before = long{g.before[2]} * g.channels;
    const long after = long{padding_after(g, 2)} * g.channels;
    for (int y = 0; y < g.in[0] * g.in[1]; ++y) {
        simd::fill_row<Lanes>(to, 0, before);
        simd::copy_row<Lanes>(to + before, from, row);
        simd::fill_row<Lanes>(to + before + row, 0, after);
        from += row;
        to += before + row + after;
    }
}

template <kernel_key Key> void conv_few(const operands& places, const geometry& g) noexcept {
    static constexpr conv_tiles tiles = conv_tiles_of<Key, conv_few_code>();
    if constexpr ((Key.detail & conv_detail::padded) != 0) {
        copy_between_padding<Key.machine, Key.lanes>(places.input, g, places.scratch);
        operands inside = places;
        inside.input = places.scratch;
        conv_rows<Key.machine>(inside, with_padding(g), conv_few_layout(Key, g.channels, tiles));
    } else {
        conv_rows<Key.machine>(places, g, conv_few_layout(Key, g.channels, tiles));
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::conv_few) inline constexpr kernel_function kernel_of<Key> = &conv_few<Key>;

/// Packs `count` elements of a row, from element `from`, as pairs.
constexpr float* pack_pairs(const weight_source& source, const geometry& g, int lanes, long from,
                            int count, float* to) noexcept {
    for (int pair = 0; pair < count; pair += 2, to += lanes)
        for (int lane = 0; lane < lanes; ++lane) {
            const int filter = lane / 2;
            const bool halved = pair + 1 == count;
            if (filter >= g.filters) {
                to[lane] = 0;
                continue;
            }
            const long element = from + pair + (halved ? 0 : lane % 2);
            const double weight = static_cast<double>(source.kernel[element * g.filters + filter]) *
                                  source.scale(filter);
            to[lane] = static_cast<float>(halved ? weight / 2 : weight);
        }
    return to;
}

constexpr void pack_conv_few(const weight_source& source, const geometry& given,
                             const kernel_key& key, float* to) noexcept {
    const geometry g = with_long_rows(given);
    const conv_tiles layout = conv_few_layout(key, g.channels, {});
    for (int lane = 0; lane < key.lanes; ++lane) {
        const bool is = lane % 2 == 0 && lane / 2 < g.filters;
        to[lane] = is ? static_cast<float>(source.shift(lane / 2)) : 0;
    }
    to += key.lanes;
    const int length = g.window[2] * g.channels;
    for (int row = 0; row < g.window[0] * g.window[1]; ++row) {
        to = pack_pairs(source, g, key.lanes, long{row} * length, length, to);
        for (int tap = 0; layout.by_taps && tap < g.window[2]; ++tap)
            to = pack_pairs(source, g, key.lanes, long{row} * length + tap * g.channels, g.channels,
                            to);
    }
}

/// A map of one channel with padding is copied first: at borders its pairs would be single taps,
/// and there is little to copy.
constexpr kernel_choice choose_conv_few(const geometry& given, const target& machine) noexcept {
    if (machine.lanes < 4 || 2 * given.filters > machine.lanes || given.groups != 1) return {};
    const bool copied = given.channels == 1 && (given.before[2] > 0 || padding_after(given, 2) > 0);
    const geometry inside = copied ? with_padding(given) : given;
    kernel_choice choice = choose_conv_direct(inside, machine);
    kernel_key& key = choice.key;
    if ((key.detail & (conv_detail::border_loop | conv_detail::apart)) != 0) return {};
    key.kind = kernel_kind::conv_few;
    key.detail &= ~conv_detail::together;
    key.weights = dtype::float32;
    if (copied) {
        key.detail |= conv_detail::padded;
        choice.scratch_floats = 1LL * inside.in[0] * inside.in[1] * inside.in[2];
    }
    const geometry g = with_long_rows(given);
    const conv_tiles layout = conv_few_layout(key, g.channels, {});
    choice.pack = &pack_conv_few;
    choice.packed_floats =
        g.window[0] * g.window[1] * conv_row_weights(g, layout) + conv_biases(layout);
    return choice;
}

} // namespace ctnn
