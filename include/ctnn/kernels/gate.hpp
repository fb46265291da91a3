// SPDX-License-Identifier: BSL-1.0
// Activations of a tensor with something beside it, cell by cell: rows that another row opens and
// closes (glu), and slopes below zero that are trained (prelu).
#pragma once

#include <ctnn/kernels/affine.hpp>
#include <ctnn/kernels/vector_math.hpp>

namespace ctnn {

namespace detail {

/// One half times the logistic of the other, between bounds.
template <int Lanes> struct gated {
    simd::floats<Lanes> low;
    simd::floats<Lanes> high;

    [[gnu::always_inline]] simd::floats<Lanes>
    operator()(simd::floats<Lanes> left, simd::floats<Lanes> right) const noexcept {
        return simd::clamp<Lanes>(left * simd::logistic<Lanes>(right), low, high);
    }
};

/// x, or slope * x below zero, between bounds.
template <int Lanes> struct bent {
    simd::floats<Lanes> low;
    simd::floats<Lanes> high;

    [[gnu::always_inline]] simd::floats<Lanes>
    operator()(simd::floats<Lanes> x, simd::floats<Lanes> slope) const noexcept {
        return simd::clamp<Lanes>(x < 0.0F ? slope * x : x, low, high);
    }
};

} // namespace detail

/// in[2] pairs of rows of `filters` floats: clamp(first * logistic(second), low, high).
template <kernel_key Key> void gated_rows(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long half = g.filters;
    const detail::gated<lanes> join{simd::broadcast<lanes>(g.low), simd::broadcast<lanes>(g.high)};
    const float* from = o.input;
    float* to = o.output;
    for (int row = 0; row < g.in[2]; ++row, from += 2 * half, to += half) {
        long long i = 0;
        for (; i + lanes <= half; i += lanes)
            simd::store<lanes>(
                to + i, join(simd::load<lanes>(from + i), simd::load<lanes>(from + half + i)));
        if (i == half) continue;
        const int rest = static_cast<int>(half - i);
        simd::store_part<Key.machine, lanes>(
            to + i,
            join(simd::load_part<Key.machine, lanes>(from + i, rest),
                 simd::load_part<Key.machine, lanes>(from + half + i, rest)),
            rest);
    }
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::gate) inline constexpr kernel_function kernel_of<Key> = &gated_rows<Key>;

/// The kernel for a gated linear unit. Nothing is packed.
constexpr kernel_choice choose_gate(const geometry& g, const target& machine) noexcept {
    kernel_choice choice;
    choice.key.kind = kernel_kind::gate;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    while (choice.key.lanes > 4 && choice.key.lanes >= 2 * g.filters) choice.key.lanes /= 2;
    return choice;
}

namespace detail {

/// Packed slopes: whole pixels and whole vectors of them, but no more than there are cells.
constexpr long long slope_period(const geometry& g, int lanes) noexcept {
    const long long cells = 1LL * g.out[0] * g.out[1] * g.out[2] * g.filters;
    const long long all = (cells + lanes - 1) / lanes * lanes;
    return math::min(channel_period(g.channels, lanes), all);
}

} // namespace detail

/// x, or slope * x below zero; `channels` slopes are repeated over the cells. The output may be the
/// input.
template <kernel_key Key> void slopes(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long cells = 1LL * g.out[0] * g.out[1] * g.out[2] * g.filters;
    const long long period = detail::slope_period(g, lanes);
    const detail::bent<lanes> bend{simd::broadcast<lanes>(g.low), simd::broadcast<lanes>(g.high)};
    long long line = 0;
    long long i = 0;
    for (; i + lanes <= cells; i += lanes) {
        simd::store<lanes>(o.output + i, bend(simd::load<lanes>(o.input + i),
                                              simd::load<lanes>(o.weights + line)));
        line += lanes;
        if (line == period) line = 0;
    }
    if (i == cells) return;
    const int rest = static_cast<int>(cells - i);
    simd::store_part<Key.machine, lanes>(
        o.output + i,
        bend(simd::load_part<Key.machine, lanes>(o.input + i, rest),
             simd::load<lanes>(o.weights + line)),
        rest);
}

template <kernel_key Key>
requires(Key.kind ==
         kernel_kind::slopes) inline constexpr kernel_function kernel_of<Key> = &slopes<Key>;

/// weight_source::gamma are the slopes.
constexpr void pack_slopes(const weight_source& source, const geometry& g, const kernel_key& key,
                           float* to) noexcept {
    const long long period = detail::slope_period(g, key.lanes);
    for (long long i = 0; i < period; ++i) to[i] = source.gamma[i % g.channels];
}

/// The kernel for slopes that are repeated every `channels` cells.
constexpr kernel_choice choose_slopes(const geometry& g, const target& machine) noexcept {
    kernel_choice choice;
    choice.key.kind = kernel_kind::slopes;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    choice.pack = pack_slopes;
    choice.packed_floats = detail::slope_period(g, machine.lanes);
    return choice;
}

} // namespace ctnn
