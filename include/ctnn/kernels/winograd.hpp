// SPDX-License-Identifier: BSL-1.0
// Convolution of stride 1 by Winograd's minimal filtering: F(4x4, 3x3) makes a tile of 4x4 outputs
// by 36 multiplications a channel instead of 144, F(2x2, 5x5) one of 2x2 by 36 instead of 100,
// F(2x2, 3x3) one of 2x2 by 16 instead of 36.
// Some tiles at a time: their inputs are transformed into scratch, 36 products of matrices are made
// by the tiles of the direct convolution, and the results are transformed into outputs.
// Weights are packed as [products][block of channels][input channel][vectors of output channels]
// [biases].
#pragma once

#include <ctnn/kernels/conv_direct.hpp>
#include <ctnn/kernels/winograd_inputs.hpp>

namespace ctnn {

namespace winograd_detail {

/// A key's `rows` are the cells that a tile reads along an axis; its `left` is 1 if that is done by
/// strips. What a tile makes along an axis:
constexpr int made_by(const kernel_key& key) noexcept { return key.rows + 1 - key.window; }

/// Where a tile of outputs is written.
struct output_place {
    const float* bias;
    const float* other;
    float* output;
    long row, column;
    int rows, columns; ///< of the tile that are on the map
    float low, high;
};

template <isa Machine, int Read, int Made, int Lanes>
[[gnu::noinline]] void output_tile(const float* from, long apart,
                                   const output_place& place) noexcept {
    simd::floats<Lanes> half[Made][Read];
    half_outputs<Read, Made, Lanes>(half, from, apart);
    const auto bias = simd::load<Lanes>(place.bias);
    const auto low = simd::broadcast<Lanes>(place.low);
    const auto high = simd::broadcast<Lanes>(place.high);
    _Pragma("GCC unroll 4") for (int y = 0; y < Made; ++y) {
        if (y >= place.rows) return;
        simd::floats<Lanes> made[Made];
        transform_output<Read, Made, Lanes>(made, half[y]);
        _Pragma("GCC unroll 4") for (int x = 0; x < Made; ++x) {
            if (x >= place.columns) break;
            const long at = y * place.row + x * place.column;
            auto sum = made[x] + bias;
            if (place.other) sum += simd::load<Lanes>(place.other + at);
            simd::store<Lanes>(place.output + at, simd::clamp<Lanes>(sum, low, high));
        }
    }
}

/// Bytes of a key's packed weights.
constexpr long long winograd_bytes(const geometry& g, const kernel_key& key) noexcept {
    const int width = key.vectors * key.lanes;
    const int blocks = math::ceil_div(g.filters, width);
    return 4 * (1LL * key.rows * key.rows * blocks * g.channels * width + g.filters);
}

/// How many tiles are in hand at once: what they need shall stay in the nearer caches. Weights that
/// do not stay there are better read seldom, whatever the tiles take.
constexpr int tiles_in_hand(const geometry& g, const kernel_key& key) noexcept {
    const long long one = 4LL * key.rows * key.rows * (g.channels + g.filters) * key.pixels;
    const long long room = winograd_bytes(g, key) > 1024 * 1024 ? 2048 * 1024 : 96 * 1024;
    const int all = math::ceil_div(tiles_of(g, made_by(key)), key.pixels);
    const int fit = static_cast<int>(math::max(room / one, 1LL));
    return math::min(fit, all) * key.pixels;
}

/// Room for what is made of the tiles in hand; before that, it is a strip of inputs.
constexpr long results_floats(const geometry& g, const kernel_key& key) noexcept {
    return math::max(long{key.rows} * key.rows * tiles_in_hand(g, key) * g.filters,
                     least_strip(g, key.rows, made_by(key), key.lanes));
}

template <isa Machine, int Read, int Made, int Lanes>
[[gnu::noinline]] void all_outputs(const operands& places, const geometry& g, int first, int count,
                                   const float* from, long apart, const float* biases) noexcept {
    const int across = tiles_along(g.out[2], Made);
    output_place place{};
    place.row = long{g.out[2]} * g.filters;
    place.column = g.filters;
    place.low = g.low;
    place.high = g.high;
    for (int tile = 0; tile < count; ++tile) {
        const int y = (first + tile) / across * Made;
        const int x = (first + tile) % across * Made;
        place.rows = g.out[1] - y;
        place.columns = g.out[2] - x;
        for (int f = 0; f < g.filters; f += Lanes) {
            const long at = (long{y} * g.out[2] + x) * g.filters + f;
            place.bias = biases + f;
            place.output = places.output + at;
            place.other = places.other ? places.other + at : nullptr;
            output_tile<Machine, Read, Made, Lanes>(from + long{tile} * g.filters + f, apart,
                                                    place);
        }
    }
}

} // namespace winograd_detail

namespace winograd_detail {

/// One product of some tiles by a block of output channels, `known` of which exist; meanwhile the
/// weights behind are asked for. The last tiles may be some that are not there; nobody reads those.
template <conv_tile Tile>
[[gnu::noinline]] void minimal_product(const float* in, int channels, const float* weights,
                                       int known, float* to, int filters, int count) noexcept {
    const float* const end = weights + long{channels} * Tile.vectors * Tile.lanes;
    const float* ahead = end;
    const long asked = channels / 4 * ahead_floats;
    for (int at = 0; at < count; at += Tile.pixels) {
        const bool asks = ahead - end < end - weights;
        conv_sums<Tile> sums{};
        sums.ahead = asks ? ahead : weights;
        conv_run<Tile, 0, Tile.pixels, Tile.depth>(sums, in, channels, weights, channels,
                                                   asks ? ahead_floats : 0);
        conv_join<Tile>(sums);
        _Pragma("GCC unroll 32") for (int p = 0; p < Tile.pixels; ++p) {
            _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors;
                                         ++n) if (n == 0 || n * Tile.lanes < known)
                simd::store<Tile.lanes>(to + n * Tile.lanes, sums.at[0][p][n]);
            to += filters;
        }
        in += long{Tile.pixels} * channels;
        ahead += asked;
    }
}

} // namespace winograd_detail

template <kernel_key Key> void winograd(const operands& places, const geometry& g) noexcept {
    using namespace winograd_detail;
    constexpr int lanes = Key.lanes;
    constexpr int width = Key.vectors * lanes;
    constexpr int made = made_by(Key);
    constexpr int products = Key.rows * Key.rows;
    constexpr int depth = Key.step <= 36 ? Key.step : 0;
    constexpr conv_tile tile{.machine = Key.machine,
                             .lanes = lanes,
                             .vectors = Key.vectors,
                             .pixels = Key.pixels,
                             .step = Key.step,
                             .window = depth == 0 ? 0 : 1,
                             .depth = depth,
                             .ahead = (Key.detail & conv_detail::ahead) != 0};
    constexpr input_way way{.machine = Key.machine,
                            .read = Key.rows,
                            .made = made,
                            .lanes = lanes,
                            .wide = lanes,
                            .strips = Key.left > 0};
    const int blocks = math::ceil_div(g.filters, width);
    const int tiles = tiles_of(g, made);
    const int hand = tiles_in_hand(g, Key);
    const long block_weights = long{g.channels} * width;
    float* const inputs = places.scratch;
    float* const results = inputs + long{products} * hand * g.channels;

    const float* const biases = places.weights + products * blocks * block_weights;
    for (int first = 0; first < tiles; first += hand) {
        const int count = math::min(hand, tiles - first);
        all_inputs<way>(places, g, first, count, inputs, g.channels, long{hand} * g.channels,
                        results, results_floats(g, Key));
        const float* weights = places.weights;
        for (int product = 0; product < products; ++product)
            for (int block = 0; block < blocks; ++block) {
                minimal_product<tile>(inputs + long{product} * hand * g.channels, g.channels,
                                      weights, g.filters - block * width,
                                      results + long{product} * hand * g.filters + block * width,
                                      g.filters, count);
                weights += block_weights;
            }
        all_outputs<Key.machine, Key.rows, made, lanes>(places, g, first, count, results,
                                                        long{hand} * g.filters, biases);
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::winograd) inline constexpr kernel_function kernel_of<Key> = &winograd<Key>;

namespace winograd_detail {

inline constexpr int most_read = 6;

/// The numbers that stand for one window of weights, of channel `c` and filter `f`.
constexpr void transform_window(double (&to)[most_read][most_read], const weight_source& source,
                                const geometry& g, const kernel_key& key, int c, int f) noexcept {
    double half[most_read][most_read]{}; // [along the width][along the height]
    for (int i = 0; i < key.window; ++i) {
        double taps[most_read]{};
        double row[most_read]{};
        for (int j = 0; j < key.window; ++j) {
            const long element = (long{i} * key.window + j) * g.channels + c;
            taps[j] = static_cast<double>(source.kernel[element * g.filters + f]) * source.scale(f);
        }
        transform_weights(row, taps, key.window, key.rows);
        for (int x = 0; x < key.rows; ++x) half[x][i] = row[x];
    }
    for (int x = 0; x < key.rows; ++x) {
        double column[most_read]{};
        transform_weights(column, half[x], key.window, key.rows);
        for (int y = 0; y < key.rows; ++y) to[y][x] = column[y];
    }
}

} // namespace winograd_detail

constexpr void pack_winograd(const weight_source& source, const geometry& g, const kernel_key& key,
                             float* to) noexcept {
    using namespace winograd_detail;
    const int read = key.rows;
    const int products = read * read;
    const int width = key.vectors * key.lanes;
    const int blocks = math::ceil_div(g.filters, width);
    const long block_weights = long{g.channels} * width;
    const long end = products * blocks * block_weights;
    for (long i = 0; i < end; ++i) to[i] = 0;
    for (int f = 0; f < g.filters; ++f) {
        to[end + f] = static_cast<float>(source.shift(f));
        for (int c = 0; c < g.channels; ++c) {
            double numbers[most_read][most_read]{};
            transform_window(numbers, source, g, key, c, f);
            float* place = to + f / width * block_weights + long{c} * width + f % width;
            for (int y = 0; y < read; ++y)
                for (int x = 0; x < read; ++x)
                    place[(y * read + x) * blocks * block_weights] =
                        static_cast<float>(numbers[y][x]);
        }
    }
}

/// Whether a window is one of those that this is for, and makes at least a tile.
constexpr bool is_minimal(const geometry& g) noexcept {
    for (int axis = 1; axis < 3; ++axis)
        if ((g.window[axis] != 3 && g.window[axis] != 5) || g.window[axis] != g.window[1] ||
            g.stride[axis] != 1 || g.dilation[axis] != 1 || g.out[axis] < 7 - g.window[axis])
            return false;
    return g.window[0] == 1 && g.in[0] == 1 && g.out[0] == 1 && g.before[0] == 0;
}

/// Where it applies and its packed weights take at most `most_bytes`. A tile reads `read` cells
/// along an axis: 6, or 4 for a window of 3.
constexpr kernel_choice choose_winograd(const geometry& g, const target& machine,
                                        long long most_bytes, int read = 6) noexcept {
    using namespace winograd_detail;
    const bool even = machine.lanes >= 4 && g.channels % machine.lanes == 0 &&
                      g.filters % machine.lanes == 0 && g.groups == 1;
    if (!is_minimal(g) || !even || g.channels < 16 || g.filters < 16) return {};
    if (read == 4 && g.window[1] != 3) return {};
    const int made = read + 1 - g.window[1];
    const int tiles = tiles_of(g, made);
    const int vectors = g.filters / machine.lanes;
    kernel_choice choice;
    kernel_key& key = choice.key;
    double least = 0;
    for (int n = 1; n <= 4 && n <= vectors; ++n)
        for (int w = 1; w <= most_pixels(n, machine.registers) && w <= tiles; ++w) {
            const double cost = conv_tile_cost(n, w, g.channels) * math::ceil_div(tiles, w) *
                                math::ceil_div(vectors, n);
            if (least != 0 && cost >= least) continue;
            least = cost;
            key.vectors = n;
            key.pixels = w;
        }
    key.kind = kernel_kind::winograd;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    key.step = g.channels;
    key.rows = read;
    key.window = g.window[1];
    key.left = needs_strips(g, read, made, key.lanes) ? 1 : 0;
    choice.pack = &pack_winograd;
    choice.packed_floats = winograd_bytes(g, key) / 4;
    if (weights_are_streamed(choice.packed_floats)) key.detail |= conv_detail::ahead;
    if (4 * choice.packed_floats > most_bytes) return {};
    choice.scratch_floats =
        1LL * read * read * tiles_in_hand(g, key) * g.channels + results_floats(g, key);
    return choice;
}

/// What a choice costs, roughly, in halves of a cycle: two multiplications start in one, a vector
/// of a tile is transformed in about a hundred, and three bytes of weights come from memory, or
/// twelve from a cache.
constexpr double winograd_cost(const geometry& g, const kernel_choice& choice) noexcept {
    using namespace winograd_detail;
    const kernel_key& key = choice.key;
    const int tiles = tiles_of(g, made_by(key));
    const double multiplications = 1.0 * key.rows * key.rows * math::ceil_div(tiles, key.pixels) *
                                   key.pixels * g.channels * (g.filters / key.lanes);
    const double transforms = 100.0 * tiles * ((g.channels + g.filters) / key.lanes);
    const bool streamed = weights_are_streamed(choice.packed_floats);
    return multiplications + transforms +
           static_cast<double>(choice.packed_floats) / (streamed ? 0.75 : 3);
}

/// The faster one of F(4x4) and F(2x2), if it is faster than a direct convolution of the same
/// window, whose weights are fewer and arrive while it multiplies. Weights that stay in the second
/// cache need no thought: the larger tiles save more.
constexpr kernel_choice best_winograd(const geometry& g, const target& machine,
                                      long long most_bytes) noexcept {
    const kernel_choice larger = choose_winograd(g, machine, most_bytes);
    const bool is = larger.key.kind != kernel_kind::none;
    if (is && !weights_are_streamed(larger.packed_floats)) return larger;
    const kernel_choice smaller = choose_winograd(g, machine, most_bytes, 4);
    const double direct = 1.0 * g.out[1] * g.out[2] * g.window[1] * g.window[2] * g.channels *
                          math::ceil_div(g.filters, machine.lanes);
    kernel_choice best;
    double least = direct;
    const kernel_choice choices[]{larger, smaller};
    for (const kernel_choice& choice : choices)
        if (choice.key.kind != kernel_kind::none && winograd_cost(g, choice) < least) {
            least = winograd_cost(g, choice);
            best = choice;
        }
    return best;
}

} // namespace ctnn
