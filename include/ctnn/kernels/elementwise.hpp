// SPDX-License-Identifier: BSL-1.0
// Activations, cell by cell: output = clamp(curve(input), low, high). The output may be the input.
#pragma once

#include <ctnn/core/curve.hpp>
#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/partial.hpp>
#include <ctnn/kernels/vector_math.hpp>

namespace ctnn {

namespace detail {

template <curve Curve, int Lanes>
[[gnu::always_inline]] inline simd::floats<Lanes>
curve_of(simd::floats<Lanes> x, simd::floats<Lanes> alpha, simd::floats<Lanes> beta,
         simd::floats<Lanes> limit) noexcept {
    static_cast<void>(alpha);
    static_cast<void>(beta);
    static_cast<void>(limit);
    constexpr simd::floats<Lanes> zeros{};
    if constexpr (Curve == curve::line) {
        return alpha * x + beta;
    } else if constexpr (Curve == curve::bent) {
        return x <= beta ? alpha * (x - beta) : x;
    } else if constexpr (Curve == curve::step) {
        return x <= alpha ? beta : x;
    } else if constexpr (Curve == curve::elu) {
        return beta * (x < 0.0F ? alpha * simd::expm1<Lanes>(x) : x);
    } else if constexpr (Curve == curve::exponential) {
        return simd::exp<Lanes>(x);
    } else if constexpr (Curve == curve::logistic) {
        return simd::logistic<Lanes>(x);
    } else if constexpr (Curve == curve::silu) {
        return x * simd::logistic<Lanes>(x);
    } else if constexpr (Curve == curve::tanh) {
        return simd::tanh<Lanes>(x);
    } else if constexpr (Curve == curve::gelu) {
        return x * simd::normal_share<Lanes>(x);
    } else if constexpr (Curve == curve::gelu_tanh) {
        // (1 + tanh(u)) / 2 = logistic(2 u)
        const auto cube = x * x * x;
        return x * simd::logistic<Lanes>(1.59576912F * (x + 0.044715F * cube));
    } else if constexpr (Curve == curve::hard_swish) {
        return x * simd::clamp<Lanes>(x + 3.0F, simd::floats<Lanes>{}, simd::broadcast<Lanes>(6)) *
               (1.0F / 6);
    } else if constexpr (Curve == curve::softplus) {
        const auto above = x < 0.0F ? simd::floats<Lanes>{} : x;
        return above + simd::log1p_of_part<Lanes>(simd::exp<Lanes>(-simd::abs<Lanes>(x)));
    } else if constexpr (Curve == curve::softsign) {
        return x / (1.0F + simd::abs<Lanes>(x));
    } else if constexpr (Curve == curve::ramp) {
        return simd::clamp<Lanes>(alpha * x + beta, zeros, simd::broadcast<Lanes>(1));
    } else if constexpr (Curve == curve::capped) {
        const auto below = x <= beta ? alpha * (x - beta) : x;
        return x >= limit ? limit : below;
    } else if constexpr (Curve == curve::celu) {
        return x < 0.0F ? alpha * simd::expm1<Lanes>(x / alpha) : x;
    } else if constexpr (Curve == curve::log_logistic) {
        const auto below = x < 0.0F ? x : zeros;
        return below - simd::log1p_of_part<Lanes>(simd::exp<Lanes>(-simd::abs<Lanes>(x)));
    } else if constexpr (Curve == curve::tanh_shrink) {
        return x - simd::tanh<Lanes>(x);
    } else if constexpr (Curve == curve::soft_shrink) {
        const auto below = x < -alpha ? x + alpha : x * 0.0F;
        return x > alpha ? x - alpha : below;
    } else if constexpr (Curve == curve::hard_shrink) {
        const auto inside = x < -alpha ? x : x * 0.0F;
        return x > alpha ? x : inside;
    } else if constexpr (Curve == curve::sparse_plus) {
        const auto rising = 0.25F * (x + 1.0F) * (x + 1.0F);
        const auto above = x >= 1.0F ? x : rising;
        return x <= -1.0F ? zeros : above;
    } else {
        // With e = e^x: tanh(ln(1 + e)) = e (e + 2) / (e (e + 2) + 2). Beyond 20 it is 1.
        static_assert(Curve == curve::mish);
        const auto grown = simd::exp<Lanes>(x > 20.0F ? simd::broadcast<Lanes>(20) : x);
        const auto both = grown * (grown + 2.0F);
        return x * (both / (both + 2.0F));
    }
}

/// No lambda, here and elsewhere: g++ and clang do not agree on how one is both noexcept and
/// inlined always, and where it is not noexcept it brings the exception personality.
template <curve Curve, int Lanes> struct clamped_curve {
    simd::floats<Lanes> alpha, beta, limit, low, high;

    [[gnu::always_inline]] simd::floats<Lanes> operator()(simd::floats<Lanes> x) const noexcept {
        return simd::clamp<Lanes>(curve_of<Curve, Lanes>(x, alpha, beta, limit), low, high);
    }
};

} // namespace detail

template <kernel_key Key> void elementwise(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    const long long cells = 1LL * g.out[0] * g.out[1] * g.out[2] * g.filters;
    const detail::clamped_curve<static_cast<curve>(Key.detail), lanes> of{
        simd::broadcast<lanes>(g.alpha), simd::broadcast<lanes>(g.beta),
        simd::broadcast<lanes>(g.limit), simd::broadcast<lanes>(g.low),
        simd::broadcast<lanes>(g.high)};
    long long i = 0;
    for (; i + lanes <= cells; i += lanes)
        simd::store<lanes>(o.output + i, of(simd::load<lanes>(o.input + i)));
    if (i == cells) return;
    const int rest = static_cast<int>(cells - i);
    simd::store_part<Key.machine, lanes>(
        o.output + i, of(simd::load_part<Key.machine, lanes>(o.input + i, rest)), rest);
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::elementwise) inline constexpr kernel_function kernel_of<Key> =
    &elementwise<Key>;

/// The kernel for a curve, whose numbers are geometry::alpha, beta and limit. Nothing is packed.
constexpr kernel_choice choose_elementwise(const geometry&, const target& machine,
                                           curve shape) noexcept {
    if (shape == curve::none) return {};
    kernel_choice choice;
    choice.key.kind = kernel_kind::elementwise;
    choice.key.machine = machine.instructions;
    choice.key.lanes = machine.lanes;
    choice.key.detail = static_cast<int>(shape);
    return choice;
}

} // namespace ctnn
