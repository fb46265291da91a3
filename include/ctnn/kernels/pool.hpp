// SPDX-License-Identifier: BSL-1.0
// Pools: the greatest cell or the mean under a window, vectors of channels. Where a pixel has fewer
// channels than a vector has lanes, a vector reads on into the pixels behind and writes over them,
// in the order of pixels, so that each is right in the end.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/simd.hpp>
#include <ctnn/kernels/taps.hpp>

namespace ctnn {

/// kernel_key::detail of a pool.
namespace pool_way {
inline constexpr int greatest = 0;
inline constexpr int mean = 1;
} // namespace pool_way

namespace detail {

/// Joins a cell to what was joined so far; of the greatest, a NaN stays.
template <int Way, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes> pool_join(simd::floats<Lanes> so_far,
                                                            simd::floats<Lanes> cell) noexcept {
    if constexpr (Way == pool_way::mean) {
        return so_far + cell;
    } else {
        so_far = simd::greater(cell, so_far);
        return cell != cell ? cell : so_far;
    }
}

/// A window over the map: where it starts and which of its taps meet the map.
struct pool_place {
    const float* first; ///< the first channel of the first tap that meets the map
    int extent[3];      ///< taps that meet the map
    long long step[3];  ///< floats from a tap to the next
    float factor;       ///< of a mean

    [[gnu::always_inline]] long long reach() const noexcept {
        return (extent[0] - 1) * step[0] + (extent[1] - 1) * step[1] + (extent[2] - 1) * step[2];
    }
};

/// The cells under a window that is met as a whole, all taps known. Unless it is Exact, the
/// greatest is found without a look at NaNs, but `seen`, a sum, becomes a NaN where one was met.
template <kernel_key Key, bool Exact>
[[gnu::always_inline]] inline simd::floats<Key.lanes>
pool_whole(const float* from, long long down, long long across,
           simd::floats<Key.lanes>& seen) noexcept {
    constexpr int lanes = Key.lanes;
    auto joined = simd::load<lanes>(from);
    auto sum = joined;
    _Pragma("GCC unroll 4") for (int j = 0; j < Key.rows; ++j)
        _Pragma("GCC unroll 4") for (int k = 0; k < Key.window; ++k) {
        if (j + k == 0) continue;
        const auto cell = simd::load<lanes>(from + j * down + k * across);
        if constexpr (Exact) {
            joined = pool_join<Key.detail, lanes>(joined, cell);
        } else {
            joined = simd::greater(cell, joined);
            sum += cell;
        }
    }
    seen += sum;
    return joined;
}

template <int Way, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes> pool_some(const pool_place& place,
                                                            long long channel) noexcept {
    auto joined = simd::broadcast<Lanes>(Way == pool_way::mean ? 0 : -__builtin_inff());
    for (int i = 0; i < place.extent[0]; ++i)
        for (int j = 0; j < place.extent[1]; ++j)
            for (int k = 0; k < place.extent[2]; ++k)
                joined = pool_join<Way, Lanes>(
                    joined, simd::load<Lanes>(place.first + channel + i * place.step[0] +
                                              j * place.step[1] + k * place.step[2]));
    return joined;
}

/// A pixel alone, where a vector would reach beyond a tensor.
template <isa Machine, int Way>
[[gnu::noinline]] void pool_pixel(const pool_place& place, float* to, const geometry& g) noexcept {
    for (int c = 0; c < g.channels; ++c) {
        float joined = pool_some<Way, 1>(place, c);
        if (Way == pool_way::mean) joined *= place.factor;
        to[c] = simd::clamp<1>(joined, g.low, g.high);
    }
}

/// The taps that are on the map or its padding, along one axis.
[[gnu::always_inline]] inline int padded_taps(const geometry& g, int axis, int at) noexcept {
    const int start = at * g.stride[axis] - g.before[axis];
    const int room = g.in[axis] + g.after[axis] - start;
    return math::min(g.window[axis], (room + g.dilation[axis] - 1) / g.dilation[axis]);
}

} // namespace detail

namespace detail {

/// Writes a vector of what was joined.
template <int Way, int Lanes> struct pool_finish {
    simd::floats<Lanes> low, high;

    [[gnu::always_inline]] void operator()(float* to, simd::floats<Lanes> joined,
                                           simd::floats<Lanes> factor) const noexcept {
        if constexpr (Way == pool_way::mean) joined *= factor;
        simd::store<Lanes>(to, simd::clamp<Lanes>(joined, low, high));
    }
};

/// Whether a vector reaches beyond a tensor.
template <int Lanes> struct pool_ends {
    long long channels;
    const float* write;
    const float* read;

    [[gnu::always_inline]] bool operator()(const float* to, const float* last) const noexcept {
        return channels < Lanes && (to + Lanes > write || last + Lanes > read);
    }
};

/// False if the greatest cells may be wrong since a NaN, or both infinities, were met.
template <kernel_key Key, bool Exact>
[[gnu::always_inline]] inline bool pool_pass(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    simd::floats<lanes> seen{};
    constexpr int way = Key.detail;
    const long long channels = g.channels;
    const long long last_block = channels < lanes ? 0 : channels - lanes;
    const pool_finish<way, lanes> join_block{simd::broadcast<lanes>(g.low),
                                             simd::broadcast<lanes>(g.high)};
    const pool_ends<lanes> beyond{channels,
                                  o.output + 1LL * g.out[0] * g.out[1] * g.out[2] * channels,
                                  o.input + 1LL * g.in[0] * g.in[1] * g.in[2] * channels};
    pool_place place{};
    place.step[2] = g.dilation[2] * channels;
    place.step[1] = 1LL * g.dilation[1] * g.in[2] * channels;
    place.step[0] = 1LL * g.dilation[0] * g.in[1] * g.in[2] * channels;
    float* to = o.output;
    for (int z = 0; z < g.out[0]; ++z) {
        const tap_range deep{g, 0, z};
        place.extent[0] = deep.last - deep.first;
        for (int y = 0; y < g.out[1]; ++y) {
            const tap_range tall{g, 1, y};
            place.extent[1] = tall.last - tall.first;
            const int row = (deep.cell(g, 0, z) * g.in[1] + tall.cell(g, 1, y)) * g.in[2];
            for (int x = 0; x < g.out[2]; ++x, to += channels) {
                const tap_range wide{g, 2, x};
                place.extent[2] = wide.last - wide.first;
                place.first = o.input + 1LL * (row + wide.cell(g, 2, x)) * channels;
                if constexpr (way == pool_way::mean) {
                    int divisor = g.divisor;
                    if (divisor == 0) divisor = place.extent[0] * place.extent[1] * place.extent[2];
                    if (divisor < 0)
                        divisor =
                            padded_taps(g, 0, z) * padded_taps(g, 1, y) * padded_taps(g, 2, x);
                    place.factor = 1 / static_cast<float>(divisor);
                }
                const auto factor = simd::broadcast<lanes>(place.factor);
                if (Key.rows > 0 && place.extent[1] == Key.rows && place.extent[2] == Key.window) {
                    // The pixels that meet the map as this one does.
                    const long long reach = place.reach();
                    const int span = (Key.window - 1) * g.dilation[2] + 1;
                    const int end =
                        math::min(g.out[2], (g.in[2] + g.before[2] - span) / g.stride[2] + 1);
                    const float* from = place.first;
                    for (; x < end && !beyond(to, from + reach);
                         ++x, to += channels, from += g.stride[2] * channels)
                        for (long long c = 0; c < channels; c += lanes) {
                            const long long channel = math::min(c, last_block);
                            join_block(to + channel,
                                       pool_whole<Key, Exact>(from + channel, place.step[1],
                                                              place.step[2], seen),
                                       factor);
                        }
                    // The loop goes on behind them, if one was met at all.
                    if (from != place.first) {
                        --x;
                        to -= channels;
                        continue;
                    }
                }
                if (beyond(to, place.first + place.reach())) {
                    pool_pixel<Key.machine, way>(place, to, g);
                    continue;
                }
                for (long long c = 0; c < channels; c += lanes) {
                    const long long channel = math::min(c, last_block);
                    join_block(to + channel, pool_some<way, lanes>(place, channel), factor);
                }
            }
        }
    }
    if constexpr (Exact) return true;
    float sums[lanes];
    simd::store<lanes>(sums, seen);
    bool sane = true;
    for (const float sum : sums) sane = sane && sum == sum;
    return sane;
}

} // namespace detail

template <kernel_key Key> void pool(const operands& o, const geometry& g) noexcept {
    if constexpr (Key.detail == pool_way::mean || Key.rows == 0)
        detail::pool_pass<Key, true>(o, g);
    else if (!detail::pool_pass<Key, false>(o, g))
        detail::pool_pass<Key, true>(o, g);
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::pool) inline constexpr kernel_function kernel_of<Key> = &pool<Key>;

/// The kernel for a pool, `pool_way::greatest` or `mean`. Nothing is packed.
constexpr kernel_choice choose_pool(const geometry& g, const target& machine, int way) noexcept {
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::pool;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    // Half a vector and less of use is a smaller vector's.
    while (key.lanes > 4 && key.lanes >= 2 * g.channels) key.lanes /= 2;
    if (g.window[0] == 1 && g.window[1] <= 3 && g.window[2] <= 3) {
        key.rows = g.window[1];
        key.window = g.window[2];
    }
    key.detail = way;
    return choice;
}

} // namespace ctnn
