// SPDX-License-Identifier: BSL-1.0
// The greatest cell or the mean of each channel over a whole map.
#pragma once

#include <ctnn/kernels/pool.hpp>

namespace ctnn {

namespace detail {

/// Joins vectors of channels over all pixels, several pixels at a time.
template <kernel_key Key, int Vectors, int Splits>
[[gnu::always_inline]] inline void global_pool_block(simd::floats<Key.lanes> (&joined)[Vectors],
                                                     const float* from, long long pixels,
                                                     long long step) noexcept {
    constexpr int lanes = Key.lanes;
    simd::floats<lanes> parts[Splits][Vectors];
    const auto start = simd::broadcast<lanes>(Key.detail == pool_way::mean ? 0 : -__builtin_inff());
    _Pragma("GCC unroll 8") for (int s = 0; s < Splits; ++s)
        _Pragma("GCC unroll 8") for (int n = 0; n < Vectors; ++n) parts[s][n] = start;
    long long i = 0;
    for (; i + Splits <= pixels; i += Splits, from += Splits * step)
        _Pragma("GCC unroll 8") for (int s = 0; s < Splits; ++s)
            _Pragma("GCC unroll 8") for (int n = 0; n < Vectors; ++n) parts[s][n] =
                pool_join<Key.detail, lanes>(parts[s][n],
                                             simd::load<lanes>(from + s * step + n * lanes));
    for (; i < pixels; ++i, from += step)
        _Pragma("GCC unroll 8") for (int n = 0; n < Vectors; ++n) parts[0][n] =
            pool_join<Key.detail, lanes>(parts[0][n], simd::load<lanes>(from + n * lanes));
    _Pragma("GCC unroll 8") for (int n = 0; n < Vectors; ++n) {
        joined[n] = parts[0][n];
        _Pragma("GCC unroll 8") for (int s = 1; s < Splits; ++s) joined[n] =
            pool_join<Key.detail, lanes>(joined[n], parts[s][n]);
    }
}

/// Fewer channels than lanes: a vector holds several pixels.
template <kernel_key Key>
[[gnu::always_inline]] inline void global_pool_few(const operands& o, const geometry& g,
                                                   long long pixels, float factor) noexcept {
    constexpr int lanes = Key.lanes;
    const int together = lanes / g.channels;
    const long long cells = pixels * g.channels;
    const int whole = together * g.channels;
    long long steps = pixels / together;
    if (steps > 0 && (steps - 1) * whole + lanes > cells) --steps;
    float sums[lanes];
    simd::floats<lanes> joined[1];
    global_pool_block<Key, 1, 4>(joined, o.input, steps, whole);
    simd::store<lanes>(sums, joined[0]);
    for (int c = 0; c < g.channels; ++c) {
        float sum = sums[c];
        for (int i = 1; i < together; ++i)
            sum = pool_join<Key.detail, 1>(sum, sums[i * g.channels + c]);
        for (long long i = steps * whole + c; i < cells; i += g.channels)
            sum = pool_join<Key.detail, 1>(sum, o.input[i]);
        if (Key.detail == pool_way::mean) sum *= factor;
        o.output[c] = simd::clamp<1>(sum, g.low, g.high);
    }
}

} // namespace detail

template <kernel_key Key> void global_pool(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long pixels = 1LL * g.in[0] * g.in[1] * g.in[2];
    const long long channels = g.channels;
    const float scale = 1 / static_cast<float>(pixels);
    if (channels < lanes) {
        detail::global_pool_few<Key>(o, g, pixels, scale);
        return;
    }
    const auto factor = simd::broadcast<lanes>(scale);
    const detail::pool_finish<Key.detail, lanes> finish{simd::broadcast<lanes>(g.low),
                                                        simd::broadcast<lanes>(g.high)};
    long long c = 0;
    for (; c + 4 * lanes <= channels; c += 4 * lanes) {
        simd::floats<lanes> joined[4];
        detail::global_pool_block<Key, 4, 2>(joined, o.input + c, pixels, channels);
        _Pragma("GCC unroll 4") for (int n = 0; n < 4; ++n)
            finish(o.output + c + n * lanes, joined[n], factor);
    }
    for (; c < channels; c += lanes) {
        const long long channel = math::min(c, channels - lanes);
        simd::floats<lanes> joined[1];
        detail::global_pool_block<Key, 1, 4>(joined, o.input + channel, pixels, channels);
        finish(o.output + channel, joined[0], factor);
    }
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::global_pool) inline constexpr kernel_function kernel_of<Key> =
    &global_pool<Key>;

/// The kernel for a global pool, `pool_way::greatest` or `mean`. Nothing is packed.
constexpr kernel_choice choose_global_pool(const geometry&, const target& machine,
                                           int way) noexcept {
    kernel_choice choice;
    choice.key.kind = kernel_kind::global_pool;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    choice.key.detail = way;
    return choice;
}

} // namespace ctnn
