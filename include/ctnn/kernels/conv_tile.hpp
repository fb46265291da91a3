// SPDX-License-Identifier: BSL-1.0
// The inner loops of a convolution: a tile of output pixels by vectors of output channels that
// stays in registers while the taps of a window are added to it.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/machine/keep.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/simd.hpp>
#include <ctnn/kernels/stored.hpp>

namespace ctnn {

/// What the loops of a tile are compiled for. The borders are those of this tile: taps that its
/// first or last pixels would read beyond the map are left out.
struct conv_tile {
    isa machine = isa::scalar;
    int lanes = 1;
    int vectors = 1; ///< of output channels
    int pixels = 1;
    int step = 0; ///< floats from the input of one pixel to that of the next; 0: known at run time
    int window = 0;        ///< along the width; 0: known at run time, and nothing is left out
    int stride = 0;        ///< along the width; 0 where nothing is left out
    int left = 0;          ///< cells of padding before the map
    int right = 0;         ///< cells of padding after the map
    int depth = 0;         ///< channels that a tap reads; 0: known at run time
    bool apart = false;    ///< the taps of a row do not follow one another in the input
    bool ahead = false;    ///< weights that are needed later are asked for meanwhile
    bool together = false; ///< the window is one cell, and a call may be for several tiles
    dtype weights = dtype::float32;

    friend constexpr bool operator==(const conv_tile&, const conv_tile&) = default;
};

/// One call of a tile. Distances are in floats.
struct conv_call {
    const float* map = nullptr; ///< first channel of the group
    long first = 0;             ///< from there to what the first pixel's first tap would read
    long plane = 0;             ///< between the taps of the window along the depth
    long row = 0;               ///< along the height
    long tap = 0;               ///< along the width
    long step = 0;              ///< between the pixels of a tile
    int planes = 1;             ///< taps along the depth
    int rows = 1;               ///< along the height
    int taps = 1;               ///< along the width, in all
    int depth = 1;              ///< channels that a tap reads

    const float* weights = nullptr;
    long weights_plane = 0;
    long weights_row = 0;
    const float* bias = nullptr; ///< behind them what sums are multiplied by, if weights ask for it
    const float* ahead = nullptr; ///< weights to be asked for
    long ahead_step = 0;          ///< ahead_floats with every four elements, or 0

    const float* other = nullptr;
    float* output = nullptr;
    long output_step = 0; ///< between the pixels of the output
    int filters = 0;      ///< channels to be written; the tile may have more
    float low = 0;
    float high = 0;
    int count = 1; ///< tiles that follow one another, if the window is one cell
};

/// A tile that asks for weights ahead asks for so many while it adds four elements.
inline constexpr int ahead_floats = 32;

using conv_tile_function = void (*)(const conv_call&) noexcept;

/// How many of a tile's first pixels miss tap `tap`.
constexpr int missing_before(const conv_tile& tile, int tap) noexcept {
    if (tap >= tile.left) return 0;
    return math::min((tile.left - tap + tile.stride - 1) / tile.stride, tile.pixels);
}

/// How many of its last pixels do.
constexpr int missing_after(const conv_tile& tile, int tap) noexcept {
    const int beyond = tap - (tile.window - 1 - tile.right);
    if (beyond <= 0) return 0;
    return math::min((beyond + tile.stride - 1) / tile.stride, tile.pixels);
}

/// A small tile adds every second or fourth element to sums of its own, since each addition waits
/// for the one before it.
constexpr int conv_splits(const conv_tile& tile) noexcept {
    const int sums = tile.pixels * tile.vectors;
    return sums >= 8 ? 1 : sums >= 4 ? 2 : 4;
}

/// Floats of packed weights for one element of the reduction.
constexpr int conv_group(const conv_tile& tile) noexcept {
    return stored_floats(tile.weights, tile.vectors * tile.lanes);
}

template <conv_tile Tile> struct conv_sums {
    simd::floats<Tile.lanes> at[conv_splits(Tile)][Tile.pixels][Tile.vectors];
    const float* ahead;
};

/// Adds one element of the reduction to the pixels From .. To - 1.
template <conv_tile Tile, int From, int To>
[[gnu::always_inline]] inline void conv_add(conv_sums<Tile>& sums, int split, const float* in,
                                            long step, const float* weights) noexcept {
    constexpr int lanes = Tile.lanes;
    simd::floats<lanes> factors[Tile.vectors];
    load_stored<Tile.weights, lanes>(weights, factors);
    if constexpr (To - From > 1 && To - From <= 4)
        _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) simd::keep(factors[n]);
    _Pragma("GCC unroll 32") for (int p = From; p < To; ++p) {
        const simd::floats<lanes> cell = simd::broadcast<lanes>(in[(p - From) * step]);
        _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) sums.at[split][p][n] +=
            cell * factors[n];
    }
}

/// A pointer of which the compiler does not know that it is the same. Where pixels share cells, g++
/// would keep every cell from its first use to its last, and the sums have no registers left.
template <bool Shared>
[[gnu::always_inline]] inline const float* conv_forget(const float* in) noexcept {
    if constexpr (Shared) __asm__("" : "+r"(in));
    return in;
}

/// Adds `length` elements, which follow one another in the input; `in` is that of pixel From.
/// Length is the same, or 0 where it is not known.
template <conv_tile Tile, int From, int To, int Length>
[[gnu::always_inline]] inline void conv_run(conv_sums<Tile>& sums, const float* in, long run_step,
                                            const float* weights, int length,
                                            long ahead_step = 0) noexcept {
    constexpr int width = conv_group(Tile);
    constexpr int splits = conv_splits(Tile);
    constexpr bool at_once = Length > 0 && Length <= 9;
    constexpr bool shared = Tile.step < (Length > 0 ? Length : 8);
    const long step = Tile.step != 0 ? Tile.step : run_step;
    if constexpr (From >= To) {
        return;
    } else if constexpr (at_once) {
        _Pragma("GCC unroll 9") for (int i = 0; i < Length; ++i) conv_add<Tile, From, To>(
            sums, i % splits, conv_forget<shared>(in + i), step, weights + i * width);
    } else {
        if constexpr (Length > 0) length = Length;
        for (int quads = length / 4; quads > 0; --quads) {
            _Pragma("GCC unroll 4") for (int i = 0; i < 4; ++i) conv_add<Tile, From, To>(
                sums, i % splits, conv_forget<shared>(in + i), step, weights + i * width);
            in += 4;
            weights += 4 * width;
            if constexpr (Tile.ahead) {
                __builtin_prefetch(sums.ahead, 0, 2);
                __builtin_prefetch(sums.ahead + ahead_floats / 2, 0, 2);
                sums.ahead += ahead_step;
            }
        }
        if ((length & 2) != 0) {
            conv_add<Tile, From, To>(sums, 0, conv_forget<shared>(in), step, weights);
            conv_add<Tile, From, To>(sums, 1 % splits, conv_forget<shared>(in + 1), step,
                                     weights + width);
            in += 2;
            weights += 2 * width;
        }
        if ((length & 1) != 0)
            conv_add<Tile, From, To>(sums, 0, conv_forget<shared>(in), step, weights);
    }
}

/// Adds tap Tap and those after it up to End, each for the pixels that have it.
template <conv_tile Tile, int Tap, int End>
[[gnu::always_inline]] inline void conv_border(conv_sums<Tile>& sums, const conv_call& call,
                                               long first, const float* weights) noexcept {
    if constexpr (Tap < End) {
        constexpr int from = missing_before(Tile, Tap);
        constexpr int to = Tile.pixels - missing_after(Tile, Tap);
        conv_run<Tile, from, to, Tile.depth>(
            sums, call.map + (first + Tap * call.tap + from * call.step), call.step,
            weights + long{Tap} * call.depth * conv_group(Tile), call.depth, call.ahead_step);
        conv_border<Tile, Tap + 1, End>(sums, call, first, weights);
    }
}

/// Adds the taps of one row of the window.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_row(conv_sums<Tile>& sums, const conv_call& call,
                                            long first, const float* weights) noexcept {
    constexpr int width = conv_group(Tile);
    constexpr int pixels = Tile.pixels;
    if constexpr (Tile.left > 0) conv_border<Tile, 0, Tile.left>(sums, call, first, weights);
    const float* in = call.map + (first + Tile.left * call.tap);
    const float* factors = weights + long{Tile.left} * call.depth * width;
    const int taps = call.taps - Tile.left - Tile.right;
    if constexpr (Tile.apart) {
        for (int tap = 0; tap < taps; ++tap) {
            conv_run<Tile, 0, pixels, 0>(sums, in, call.step, factors, call.depth, call.ahead_step);
            in += call.tap;
            factors += long{call.depth} * width;
        }
    } else {
        constexpr int length = Tile.depth * (Tile.window - Tile.left - Tile.right);
        if constexpr (Tile.depth == 0 || length > 0)
            conv_run<Tile, 0, pixels, length>(sums, in, call.step, factors, taps * call.depth,
                                              call.ahead_step);
    }
    if constexpr (Tile.right > 0)
        conv_border<Tile, Tile.window - Tile.right, Tile.window>(sums, call, first, weights);
}

/// Adds what is to be added to one vector of a pixel, as much of it as there are channels.
template <isa Machine, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes>
conv_add_vector(const conv_call& call, long at, int channel, simd::floats<Lanes> sum) noexcept {
    const int count = call.filters - channel;
    if (count >= Lanes) return sum + simd::load<Lanes>(call.other + at);
    return count > 0 ? sum + simd::load_part<Machine, Lanes>(call.other + at, count) : sum;
}

/// Clamps and writes one vector of a pixel, as much of it as there are channels.
template <isa Machine, int Lanes>
[[gnu::always_inline]] inline void conv_write_vector(const conv_call& call, long at, int channel,
                                                     simd::floats<Lanes> sum) noexcept {
    const auto clamped = simd::clamp<Lanes>(sum, simd::broadcast<Lanes>(call.low),
                                            simd::broadcast<Lanes>(call.high));
    const int count = call.filters - channel;
    if (count >= Lanes)
        simd::store<Lanes>(call.output + at, clamped);
    else if (count > 0)
        simd::store_part<Machine, Lanes>(call.output + at, clamped, count);
}

/// Writes pixels whose channels do not fill the tile's vectors, from `cells`.
template <isa Machine, int Lanes>
[[gnu::noinline]] void conv_finish_part(const conv_call& call, const float* cells, int pixels,
                                        int width) noexcept {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < width; c += Lanes) {
            const long at = p * call.output_step + c;
            auto sum = simd::load<Lanes>(cells + p * width + c);
            if (call.other) sum = conv_add_vector<Machine, Lanes>(call, at, c, sum);
            conv_write_vector<Machine, Lanes>(call, at, c, sum);
        }
}

/// Adds what is to be added, clamps and writes. Where the channels of a pixel are all there are,
/// but do not fill the vectors, a pixel may be written over the beginning of the next, which is
/// written after it; only the last pixel is written exactly. What is added may lie where the output
/// does, so all of it is read before.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_finish(conv_sums<Tile>& sums,
                                               const conv_call& call) noexcept {
    constexpr int lanes = Tile.lanes;
    constexpr int width = Tile.vectors * lanes;
    constexpr int last = Tile.pixels - 1;
    const bool whole = call.filters >= width;
    const bool alone = call.filters == call.output_step && 2 * call.filters >= width;
    if (!whole && !alone) {
        float cells[Tile.pixels * width];
        _Pragma("GCC unroll 32") for (int p = 0; p < Tile.pixels; ++p)
            _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n)
                simd::store<lanes>(cells + (p * Tile.vectors + n) * lanes, sums.at[0][p][n]);
        // A copy, so that the call itself need not be in memory.
        const conv_call part = call;
        conv_finish_part<Tile.machine, lanes>(part, cells, Tile.pixels, width);
        return;
    }
    if (call.other) {
        const float* other = call.other;
        _Pragma("GCC unroll 32") for (int p = 0; p < last; ++p) {
            _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) sums.at[0][p][n] +=
                simd::load<lanes>(other + n * lanes);
            other += call.output_step;
        }
        _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) sums.at[0][last][n] =
            conv_add_vector<Tile.machine, lanes>(call, last * call.output_step + n * lanes,
                                                 n * lanes, sums.at[0][last][n]);
    }
    const auto low = simd::broadcast<lanes>(call.low);
    const auto high = simd::broadcast<lanes>(call.high);
    float* to = call.output;
    _Pragma("GCC unroll 32") for (int p = 0; p < last; ++p) {
        _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n)
            simd::store<lanes>(to + n * lanes, simd::clamp<lanes>(sums.at[0][p][n], low, high));
        to += call.output_step;
    }
    _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n)
        conv_write_vector<Tile.machine, lanes>(call, last * call.output_step + n * lanes, n * lanes,
                                               sums.at[0][last][n]);
}

/// The sums before anything is added.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_start(conv_sums<Tile>& sums, const float* bias) noexcept {
    constexpr int lanes = Tile.lanes;
    constexpr int splits = conv_splits(Tile);
    constexpr simd::floats<lanes> zeros{};
    _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) {
        auto first = zeros;
        if constexpr (Tile.weights == dtype::float32) first = simd::load<lanes>(bias + n * lanes);
        _Pragma("GCC unroll 32") for (int p = 0; p < Tile.pixels; ++p) {
            sums.at[0][p][n] = first;
            if constexpr (splits > 1) sums.at[1][p][n] = zeros;
            if constexpr (splits > 2) sums.at[2][p][n] = sums.at[3][p][n] = zeros;
        }
    }
}

/// Brings the split sums together.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_join(conv_sums<Tile>& sums) noexcept {
    constexpr int splits = conv_splits(Tile);
    if constexpr (splits > 1) {
        _Pragma("GCC unroll 8") for (int p = 0; p < Tile.pixels; ++p) {
            _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) {
                sums.at[0][p][n] += sums.at[1][p][n];
                if constexpr (splits > 2) sums.at[0][p][n] += sums.at[2][p][n] + sums.at[3][p][n];
            }
        }
    }
}

/// Multiplies the sums by what weights were divided by, and adds biases; float32 needs neither.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_scale(conv_sums<Tile>& sums, const float* bias) noexcept {
    constexpr int lanes = Tile.lanes;
    if constexpr (Tile.weights != dtype::float32)
        _Pragma("GCC unroll 8") for (int n = 0; n < Tile.vectors; ++n) {
            const auto added = simd::load<lanes>(bias + n * lanes);
            const auto factor = simd::load<lanes>(bias + (Tile.vectors + n) * lanes);
            _Pragma("GCC unroll 32") for (int p = 0; p < Tile.pixels; ++p) sums.at[0][p][n] =
                sums.at[0][p][n] * factor + added;
        }
}

/// Adds the whole window, row by row; Row::add<tile> adds one row.
template <conv_tile Tile, class Row>
[[gnu::always_inline]] inline void conv_window(conv_sums<Tile>& sums,
                                               const conv_call& call) noexcept {
    // One loop over planes and rows: with one for each, g++ moves all sums about between them.
    long first = call.first;
    const float* weights = call.weights;
    int row = 0;
    for (int rows = call.planes * call.rows; rows > 0; --rows) {
        Row::template add<Tile>(sums, call, first, weights);
        first += call.row;
        weights += call.weights_row;
        if (++row == call.rows) {
            row = 0;
            first += call.plane - call.rows * call.row;
            weights += call.weights_plane - call.rows * call.weights_row;
        }
    }
}

struct conv_direct_row {
    template <conv_tile Tile>
    [[gnu::always_inline]] static inline void add(conv_sums<Tile>& sums, const conv_call& call,
                                                  long first, const float* weights) noexcept {
        conv_row<Tile>(sums, call, first, weights);
    }
};

/// Adds everything to the sums of one tile.
template <conv_tile Tile>
[[gnu::always_inline]] inline void conv_direct_sums(conv_sums<Tile>& sums,
                                                    const conv_call& call) noexcept {
    sums.ahead = call.ahead;
    conv_start<Tile>(sums, call.bias);
    if constexpr (Tile.together)
        conv_row<Tile>(sums, call, call.first, call.weights);
    else
        conv_window<Tile, conv_direct_row>(sums, call);
    conv_join<Tile>(sums);
    conv_scale<Tile>(sums, call.bias);
}

template <conv_tile Tile> [[gnu::noinline]] void conv_direct_tile(const conv_call& call) noexcept {
    conv_sums<Tile> sums;
    if constexpr (Tile.together) {
        conv_call next = call;
        for (int count = call.count; count > 0; --count) {
            conv_direct_sums<Tile>(sums, next);
            conv_finish<Tile>(sums, next);
            next.first += Tile.pixels * call.step;
            next.output += Tile.pixels * call.output_step;
            if (call.other) next.other += Tile.pixels * call.output_step;
        }
    } else {
        conv_direct_sums<Tile>(sums, call);
        conv_finish<Tile>(sums, call);
    }
}

} // namespace ctnn
