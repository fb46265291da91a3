// SPDX-License-Identifier: BSL-1.0
// A map whose groups of channels each get mean 0 and variance 1 over all its places, then gamma and
// beta of each channel: output = clamp(normalised * gamma + beta, low, high). geometry::alpha is
// epsilon. The output is another tensor than the input.
#pragma once

#include <ctnn/kernels/row_norm.hpp>

namespace ctnn {

namespace detail {

/// Adds up each channel over all pixels, or with Squares the squares of its distances from
/// centers[channel].
template <kernel_key Key, bool Squares>
[[gnu::always_inline]] inline void channel_sums(const operands& o, const geometry& g, float* sums,
                                                const float* centers) noexcept {
    constexpr int lanes = Key.lanes;
    const long long pixels = g.in[2];
    for (int c = 0; c < g.channels; c += lanes) {
        const int channel = math::min(c, g.channels - lanes);
        const float* from = o.input + channel;
        simd::floats<lanes> parts[4]{};
        simd::floats<lanes> middle{};
        if constexpr (Squares) middle = simd::load<lanes>(centers + channel);
        long long pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4, from += 4LL * g.channels)
            _Pragma("GCC unroll 4") for (int k = 0; k < 4; ++k) parts[k] +=
                norm_term<Squares, lanes>(simd::load<lanes>(from + 1LL * k * g.channels), middle);
        for (; pixel < pixels; ++pixel, from += g.channels)
            parts[0] += norm_term<Squares, lanes>(simd::load<lanes>(from), middle);
        simd::store<lanes>(sums + channel, (parts[0] + parts[1]) + (parts[2] + parts[3]));
    }
}

} // namespace detail

template <kernel_key Key> void group_norm_map(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const int channels = g.channels;
    const int size = channels / g.groups;
    const float part = 1 / (static_cast<float>(g.in[2]) * static_cast<float>(size));
    float* centers = o.scratch;
    float* factors = centers + channels;
    float* sums = factors + channels;
    const float* betas = o.weights + channels;
    const auto of_group = [&](int first) noexcept {
        float sum = 0;
        for (int c = first; c < first + size; ++c) sum += sums[c];
        return sum * part;
    };
    detail::channel_sums<Key, false>(o, g, sums, nullptr);
    for (int first = 0; first < channels; first += size) {
        const float center = of_group(first);
        for (int c = first; c < first + size; ++c) centers[c] = center;
    }
    detail::channel_sums<Key, true>(o, g, sums, centers);
    for (int first = 0; first < channels; first += size) {
        const float factor = 1 / simd::root(of_group(first) + g.alpha);
        for (int c = first; c < first + size; ++c) factors[c] = factor * o.weights[c];
    }
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    const float* from = o.input;
    float* to = o.output;
    for (int pixel = 0; pixel < g.in[2]; ++pixel, from += channels, to += channels)
        for (int c = 0; c < channels; c += lanes) {
            const int at = math::min(c, channels - lanes);
            const auto distance = simd::load<lanes>(from + at) - simd::load<lanes>(centers + at);
            simd::store<lanes>(to + at,
                               simd::clamp<lanes>(distance * simd::load<lanes>(factors + at) +
                                                      simd::load<lanes>(betas + at),
                                                  low, high));
        }
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::group_norm) inline constexpr kernel_function kernel_of<Key> =
    &group_norm_map<Key>;

/// Gammas, then betas.
constexpr void pack_group_norm(const weight_source& source, const geometry& g, const kernel_key&,
                               float* to) noexcept {
    for (int c = 0; c < g.channels; ++c) {
        to[c] = source.gamma ? source.gamma[c] : 1;
        to[g.channels + c] = source.beta ? source.beta[c] : 0;
    }
}

/// The kernel for a group norm of in[2] pixels.
constexpr kernel_choice choose_group_norm(const geometry& g, const target& machine) noexcept {
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::group_norm;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    while (key.lanes > g.channels) key.lanes = key.lanes > 4 ? key.lanes / 2 : 1;
    choice.pack = pack_group_norm;
    choice.packed_floats = 2LL * g.channels;
    choice.scratch_floats = 3LL * g.channels;
    return choice;
}

} // namespace ctnn
