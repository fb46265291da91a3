// SPDX-License-Identifier: BSL-1.0
// The fully connected layer, a vector times a matrix: bound by reading weights. Two layouts:
// * wide: lanes are units. Blocks of vectors of units, in them the inputs one after the other, so
//   that weights are one stream; several inputs at a time have their own sums.
// * few: lanes are inputs, a sum for each unit: where there are fewer units than lanes.
// Many rows are better served by a convolution of window 1, which reads weights once for several
// pixels.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/stored.hpp>

namespace ctnn {

/// kernel_key::detail of a dense kernel. `vectors` are those of a block of units, or the units of
/// `few`; `pixels` are the inputs, or vectors of inputs, with sums of their own.
namespace dense_way {
inline constexpr int few = 1;
} // namespace dense_way

namespace detail {

/// Floats before the groups of a block: a whole number of vectors, so that no group begins in one.
constexpr int dense_begin(dtype weights, int units, int lanes) noexcept {
    return math::ceil_div(stored_begin(weights, units), lanes) * lanes;
}

/// Adds the products of what was read and a group of weights.
template <kernel_key Key>
[[gnu::always_inline]] inline void dense_add(simd::floats<Key.lanes> (&sums)[Key.vectors],
                                             simd::floats<Key.lanes> cells,
                                             const float* weights) noexcept {
    simd::floats<Key.lanes> factors[Key.vectors];
    load_stored<Key.weights, Key.lanes>(weights, factors);
    _Pragma("GCC unroll 16") for (int n = 0; n < Key.vectors; ++n) sums[n] += cells * factors[n];
}

template <kernel_key Key>
[[gnu::always_inline]] inline void dense_wide(const float* input, const float* weights,
                                              const float* other, float* output,
                                              const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int vectors = Key.vectors;
    constexpr int splits = Key.pixels;
    constexpr bool scaled = Key.weights != dtype::float32;
    constexpr int next = stored_floats(Key.weights, vectors * lanes);
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    for (int unit = 0; unit < g.filters; unit += vectors * lanes) {
        simd::floats<lanes> sums[splits][vectors];
        _Pragma("GCC unroll 16") for (int n = 0; n < vectors; ++n) {
            sums[0][n] = simd::floats<lanes>{};
            if constexpr (!scaled) sums[0][n] = simd::load<lanes>(weights + n * lanes);
            _Pragma("GCC unroll 16") for (int s = 1; s < splits; ++s) sums[s][n] =
                simd::floats<lanes>{};
        }
        const float* const biases = weights;
        weights += dense_begin(Key.weights, vectors * lanes, lanes);
        int i = 0;
        for (; i + splits <= g.channels; i += splits, weights += splits * next)
            _Pragma("GCC unroll 16") for (int s = 0; s < splits; ++s)
                dense_add<Key>(sums[s], simd::broadcast<lanes>(input[i + s]), weights + s * next);
        // Weights are padded with zeros up to a whole number of splits.
        if (i < g.channels) {
            _Pragma("GCC unroll 16") for (int s = 0; s + 1 < splits; ++s) dense_add<Key>(
                sums[s], simd::broadcast<lanes>(i + s < g.channels ? input[i + s] : 0),
                weights + s * next);
            weights += splits * next;
        }
        _Pragma("GCC unroll 16") for (int n = 0; n < vectors; ++n) {
            auto sum = sums[0][n];
            _Pragma("GCC unroll 16") for (int s = 1; s < splits; ++s) sum += sums[s][n];
            if constexpr (scaled)
                sum = sum * simd::load<lanes>(biases + (vectors + n) * lanes) +
                      simd::load<lanes>(biases + n * lanes);
            const int first = unit + n * lanes;
            const int count = g.filters - first;
            if (count >= lanes) {
                if (other) sum += simd::load<lanes>(other + first);
                simd::store<lanes>(output + first, simd::clamp<lanes>(sum, low, high));
            } else if (count > 0) {
                if (other) sum += simd::load_part<Key.machine, lanes>(other + first, count);
                simd::store_part<Key.machine, lanes>(output + first,
                                                     simd::clamp<lanes>(sum, low, high), count);
            }
        }
    }
}

/// The sum of all lanes.
template <int Lanes> [[gnu::always_inline]] inline float sum_of(simd::floats<Lanes> v) noexcept {
    if constexpr (Lanes == 1) {
        return v;
    } else if constexpr (Lanes == 4) {
        return (v[0] + v[2]) + (v[1] + v[3]);
    } else {
        float cells[Lanes];
        simd::store<Lanes>(cells, v);
        auto sum = simd::load<4>(cells);
        _Pragma("GCC unroll 4") for (int i = 4; i < Lanes; i += 4) sum += simd::load<4>(cells + i);
        return sum_of<4>(sum);
    }
}

template <kernel_key Key>
[[gnu::always_inline]] inline void dense_few(const float* input, const float* weights,
                                             const float* other, float* output,
                                             const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int units = Key.vectors;
    constexpr int splits = Key.pixels;
    constexpr bool scaled = Key.weights != dtype::float32;
    constexpr int next = stored_floats(Key.weights, units * lanes);
    const float* biases = weights;
    weights += dense_begin(Key.weights, units, lanes);
    simd::floats<lanes> sums[splits][units]{};
    int i = 0;
    for (; i + splits * lanes <= g.channels; i += splits * lanes)
        _Pragma("GCC unroll 16") for (int s = 0; s < splits; ++s, weights += next)
            dense_add<Key>(sums[s], simd::load<lanes>(input + i + s * lanes), weights);
    for (; i < g.channels; i += lanes, weights += next) {
        const int count = g.channels - i;
        const auto cells = count >= lanes ? simd::load<lanes>(input + i)
                                          : simd::load_part<Key.machine, lanes>(input + i, count);
        dense_add<Key>(sums[0], cells, weights);
    }
    _Pragma("GCC unroll 16") for (int u = 0; u < units; ++u) {
        auto sum = sums[0][u];
        _Pragma("GCC unroll 16") for (int s = 1; s < splits; ++s) sum += sums[s][u];
        float unit = sum_of<lanes>(sum) * (scaled ? biases[units + u] : 1) + biases[u];
        if (other) unit += other[u];
        output[u] = simd::clamp<1>(unit, g.low, g.high);
    }
}

} // namespace detail

template <kernel_key Key> void dense_rows(const operands& o, const geometry& g) noexcept {
    const long long rows = 1LL * g.out[0] * g.out[1] * g.out[2];
    for (long long row = 0; row < rows; ++row) {
        const float* input = o.input + row * g.channels;
        const float* other = o.other ? o.other + row * g.filters : nullptr;
        float* output = o.output + row * g.filters;
        if constexpr ((Key.detail & dense_way::few) != 0)
            detail::dense_few<Key>(input, o.weights, other, output, g);
        else
            detail::dense_wide<Key>(input, o.weights, other, output, g);
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::dense) inline constexpr kernel_function kernel_of<Key> = &dense_rows<Key>;

/// wide: for each block its biases, then for each input its weights. few: the biases, then for each
/// vector of inputs those of each unit. What does not exist is 0.
constexpr void pack_dense(const weight_source& source, const geometry& g, const kernel_key& key,
                          float* to) noexcept {
    const bool few = (key.detail & dense_way::few) != 0;
    const int block = few ? key.vectors : key.vectors * key.lanes;
    const int step = few ? key.lanes : 1;
    const int whole = few ? step : key.pixels;
    const int inputs = math::ceil_div(g.channels, whole) * whole;
    for (int unit = 0; unit < g.filters; unit += block) {
        float* const groups = to + detail::dense_begin(key.weights, block, key.lanes);
        const stored_channels channels(source, g, key.weights, unit, g.filters - unit, block,
                                       g.channels, to);
        while (to != groups) *to++ = 0;
        for (int i = 0; i < inputs; i += step)
            to = write_stored(
                key.weights, key.lanes, key.vectors,
                [&](int k) noexcept {
                    const int input = few ? i + k % step : i;
                    if (input >= g.channels) return 0.0;
                    return channels.weight(source, g, input, few ? k / step : k);
                },
                to);
    }
}

constexpr kernel_choice choose_dense(const geometry& g, const target& machine) noexcept {
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::dense;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    const bool many = machine.registers >= 32;
    const bool few = g.filters < machine.lanes && g.channels >= 2 * machine.lanes;
    if (few) {
        key.vectors = g.filters;
        key.pixels = math::max(1, (many ? 12 : 6) / g.filters);
    } else {
        const int vectors = math::ceil_div(g.filters, machine.lanes);
        const int blocks = math::ceil_div(vectors, many ? 8 : 4);
        key.vectors = math::ceil_div(vectors, blocks);
        key.pixels = math::clamp((many ? 16 : 8) / key.vectors, 1, 4);
    }
    key.detail = few ? dense_way::few : 0;
    key.weights = machine.weights;
    choice.pack = pack_dense;
    const int block = few ? key.vectors : key.vectors * key.lanes;
    const int step = few ? key.lanes : key.pixels;
    const long long groups = 1LL * math::ceil_div(g.channels, step) * (few ? 1 : key.pixels);
    choice.packed_floats = math::ceil_div(g.filters, block) *
                           (detail::dense_begin(key.weights, block, key.lanes) +
                            groups * stored_floats(key.weights, key.vectors * key.lanes));
    return choice;
}

} // namespace ctnn
