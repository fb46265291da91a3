// SPDX-License-Identifier: BSL-1.0
// Winograd's convolution where channels or filters do not fill vectors, or are few: all filters of
// some tiles are kept in registers for a product of matrices, and their sums are written as they
// are. Where filters are half a vector or fewer, lane 2f + r holds filter f and every second
// channel beginning with r, as in conv_few; the halves are added after the outputs' transform,
// which is linear: there are fewer outputs than products. Weights are packed as
// [biases][product][channel or pair of channels][vectors of filters]; of half vectors, biases stand
// twice.
#pragma once

#include <ctnn/kernels/conv_few.hpp>
#include <ctnn/kernels/winograd_few_output.hpp>

namespace ctnn {

namespace winograd_detail {

/// Channels are transformed by vectors of this width: where there are fewer, the rest is of no use.
constexpr int input_lanes(int channels, int lanes) noexcept {
    while (lanes > 4 && lanes / 2 >= channels) lanes /= 2;
    return lanes;
}

/// Floats of a tile's channels, so that vectors of them are aligned.
constexpr int channel_room(int channels, int lanes) noexcept {
    const int width = input_lanes(channels, lanes);
    return math::ceil_div(channels, width) * width;
}

/// Floats from a matrix to the next, of which each tile has `room`: an odd number of lines, so that
/// those of one tile do not meet in a cache.
constexpr long matrix_room(int room, int hand) noexcept {
    return (math::ceil_div(room * hand, 16) | 1) * 16L;
}

/// Multiplications of a sum, for each product of each tile.
constexpr int few_steps(const geometry& g, const kernel_key& key) noexcept {
    return (key.detail & few_way::pairs) != 0 ? (g.channels + 1) / 2 : g.channels;
}

/// Bytes that a tile needs between its transforms.
constexpr long long few_bytes(const geometry& g, const kernel_key& key) noexcept {
    return 4LL * key.rows * key.rows *
           (channel_room(g.channels, key.lanes) + key.vectors * key.lanes);
}

/// As many tiles as stay in the first cache, if at least those do that share registers; else fewer
/// passes over the weights are better.
inline constexpr long long few_near = 32 * 1024;
constexpr int few_hand(const geometry& g, const kernel_key& key) noexcept {
    const long long group = few_bytes(g, key) * key.pixels;
    const long long room = group <= few_near ? few_near : 3 * few_near;
    const int groups = math::ceil_div(tiles_of(g, made_by(key)), key.pixels);
    return math::min(static_cast<int>(math::max(room / group, 1LL)), groups) * key.pixels;
}

/// Room for what is made of them; before that, it is a strip of inputs.
constexpr long few_results(const geometry& g, const kernel_key& key) noexcept {
    return math::max(key.rows * key.rows * matrix_room(key.vectors * key.lanes, few_hand(g, key)),
                     least_strip(g, key.rows, made_by(key), key.lanes));
}

template <kernel_key Key>
[[gnu::noinline]] void few_products(const float* inputs, long inputs_step, const float* weights,
                                    long weights_step, float* results, long results_step,
                                    int count) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int width = Key.vectors * lanes;
    constexpr int room = channel_room(Key.step, lanes);
    constexpr conv_tile tile{.machine = Key.machine,
                             .lanes = lanes,
                             .vectors = Key.vectors,
                             .pixels = Key.pixels,
                             .step = room,
                             .window = 1,
                             .depth = Key.step};
    for (int product = 0; product < Key.rows * Key.rows; ++product) {
        const float* in = inputs;
        float* to = results;
        // The last of them may be about tiles that are not there; nobody reads those.
        for (int at = 0; at < count; at += Key.pixels) {
            conv_sums<tile> sums{};
            if constexpr ((Key.detail & few_way::pairs) != 0)
                conv_few_run<tile, 0, Key.pixels, Key.step>(sums, in, room, weights, Key.step);
            else
                conv_run<tile, 0, Key.pixels, Key.step>(sums, in, room, weights, Key.step);
            conv_join<tile>(sums);
            _Pragma("GCC unroll 32") for (int p = 0; p < Key.pixels; ++p)
                _Pragma("GCC unroll 8") for (int n = 0; n < Key.vectors; ++n)
                    simd::store<lanes>(to + p * width + n * lanes, sums.at[0][p][n]);
            in += Key.pixels * room;
            to += Key.pixels * width;
        }
        inputs += inputs_step;
        weights += weights_step;
        results += results_step;
    }
}

} // namespace winograd_detail

template <kernel_key Key> void winograd_few(const operands& places, const geometry& g) noexcept {
    using namespace winograd_detail;
    constexpr int width = Key.vectors * Key.lanes;
    constexpr int wide = input_lanes(Key.step, Key.lanes);
    constexpr int room = channel_room(Key.step, Key.lanes);
    constexpr input_way way{.machine = Key.machine,
                            .read = Key.rows,
                            .made = made_by(Key),
                            .lanes = wide,
                            .wide = Key.lanes,
                            .strips = Key.left > 0,
                            .two = Key.left > 0 && 2 * wide <= Key.lanes};
    const int tiles = tiles_of(g, made_by(Key));
    const int hand = few_hand(g, Key);
    const long inputs_step = matrix_room(room, hand);
    const long results_step = matrix_room(width, hand);
    float* const inputs = places.scratch;
    float* const results = inputs + Key.rows * Key.rows * inputs_step;
    for (int first = 0; first < tiles; first += hand) {
        const int count = math::min(hand, tiles - first);
        all_inputs<way>(places, g, first, count, inputs, room, inputs_step, results,
                        few_results(g, Key));
        few_products<Key>(inputs, inputs_step, places.weights + width,
                          long{few_steps(g, Key)} * width, results, results_step, count);
        few_outputs<Key>(places, g, first, count, results, results_step);
    }
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::winograd_few) inline constexpr kernel_function kernel_of<Key> =
    &winograd_few<Key>;

constexpr void pack_winograd_few(const weight_source& source, const geometry& g,
                                 const kernel_key& key, float* to) noexcept {
    using namespace winograd_detail;
    const bool pairs = (key.detail & few_way::pairs) != 0;
    const int width = key.vectors * key.lanes;
    const long product_weights = long{few_steps(g, key)} * width;
    const long end = width + key.rows * key.rows * product_weights;
    for (long i = 0; i < end; ++i) to[i] = 0;
    for (int f = 0; f < g.filters; ++f) {
        to[f] = static_cast<float>(source.shift(f));
        if (pairs) to[width / 2 + f] = to[f];
        for (int c = 0; c < g.channels; ++c) {
            double numbers[most_read][most_read]{};
            transform_window(numbers, source, g, key, c, f);
            float* place =
                to + width + long{pairs ? c / 2 : c} * width + (pairs ? 2 * f + c % 2 : f);
            // The last of an odd number is broadcast alone, so it counts in both lanes.
            const bool halved = pairs && c + 1 == g.channels && c % 2 == 0;
            for (int y = 0; y < key.rows; ++y)
                for (int x = 0; x < key.rows; ++x, place += product_weights) {
                    place[0] = static_cast<float>(halved ? numbers[y][x] / 2 : numbers[y][x]);
                    if (halved) place[1] = place[0];
                }
        }
    }
}

/// Tiles whose sums, with what they are made of, have registers.
constexpr int most_tiles(int vectors, int registers) noexcept {
    return math::max((registers - 3 - (vectors > 1 ? vectors : 0)) / vectors, 1);
}

/// What a call costs with a key and in a direct convolution, roughly, in halves of a cycle: two
/// multiplications or loads start in one, and one store.
constexpr double winograd_few_cost(const geometry& g, const kernel_key& key) noexcept {
    using namespace winograd_detail;
    const int tiles = tiles_of(g, made_by(key));
    const int sums = math::max(key.pixels * key.vectors, 8);
    // Weights that fill the first cache come from the second one, for each group of tiles anew.
    const bool streams = 4 * key.rows * key.rows * few_steps(g, key) * key.lanes > few_near;
    const int loads = key.pixels + key.vectors * (streams ? 4 : 1);
    const double group = 1.15 * few_steps(g, key) * math::max(sums, loads) + 6;
    const int inputs = math::ceil_div(g.channels, input_lanes(g.channels, key.lanes));
    const int outputs = key.vectors * (made_by(key) == 4 ? 100 : 70);
    const double far =
        few_bytes(g, key) * key.pixels > few_near ? static_cast<double>(few_bytes(g, key)) / 24 : 0;
    return key.rows * key.rows * group * math::ceil_div(tiles, key.pixels) +
           tiles * (150.0 * inputs + outputs + far);
}
constexpr double direct_cost(const geometry& g, const target& machine) noexcept {
    const bool few = 2 * g.filters <= machine.lanes;
    return 1.2 * g.out[1] * g.out[2] * g.window[1] * g.window[2] *
           (few ? 0.5 * g.channels : g.channels) * math::ceil_div(g.filters, machine.lanes);
}

/// Where it is estimated to be faster than a direct convolution, and its packed weights take at
/// most `most_bytes`.
constexpr kernel_choice choose_winograd_few(const geometry& g, const target& machine,
                                            long long most_bytes) noexcept {
    using namespace winograd_detail;
    if (machine.lanes < 4 || g.groups != 1 || !is_minimal(g)) return {};
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::winograd_few;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    key.step = g.channels;
    key.rows = 6;
    key.window = g.window[1];
    key.vectors = math::ceil_div(g.filters, machine.lanes);
    if (key.vectors > 2) return {};
    const int wide = input_lanes(g.channels, machine.lanes);
    key.left = needs_strips(g, key.rows, made_by(key), wide) ? 1 : 0;
    key.pool = g.pool[2];
    if (g.pool[1] != key.pool || made_by(key) % key.pool != 0) return {};
    if (key.pool > 1)
        key.detail = few_way::pool * g.pool_way;
    else if (2 * g.filters <= machine.lanes)
        key.detail = few_way::pairs;
    const int tiles = tiles_of(g, made_by(key));
    const int most = most_tiles(key.vectors, machine.registers);
    double least = 0;
    kernel_key tried = key;
    for (int w = 1; w <= most && w <= tiles; ++w) {
        if (w > 8 && few_bytes(g, tried) * w > 3 * few_near) break; // a larger arena for nothing
        tried.pixels = w;
        const double cost = winograd_few_cost(g, tried);
        if (least != 0 && cost >= least) continue;
        least = cost;
        key = tried;
    }
    if (least > 0.9 * direct_cost(g, machine)) return {};
    const int width = key.vectors * key.lanes;
    const int hand = few_hand(g, key);
    choice.pack = &pack_winograd_few;
    choice.packed_floats = width + 1LL * key.rows * key.rows * few_steps(g, key) * width;
    if (4 * choice.packed_floats > most_bytes) return {};
    choice.scratch_floats =
        key.rows * key.rows * matrix_room(channel_room(g.channels, key.lanes), hand) +
        few_results(g, key);
    return choice;
}

} // namespace ctnn
