// SPDX-License-Identifier: BSL-1.0
// Sums of two tensors on int8.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/quantized/merges.hpp>

namespace ctnn {

namespace detail {

template <kernel_key Key>
[[gnu::noinline]] void sum_int8_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    constexpr int bits = sum_int8<false>::more_bits;
    const long long cells = 1LL * g.map.out[2] * g.map.filters;
    for (long long i = 0; i < cells; ++i) {
        const int sum = fixed::scaled((o.input[i] - g.input_zero) * (1 << bits), g.factors[0]) +
                        fixed::scaled((o.other[i] - g.other_zero) * (1 << bits), g.factors[1]);
        o.output[i] = static_cast<int8>(
            math::clamp(fixed::scaled(sum, g.factors[2]) + g.output_zero, g.low, g.high));
    }
}

} // namespace detail

constexpr int8_choice choose_int8_sum(const int8_geometry&, const target& machine) noexcept {
    int8_choice choice;
    choice.key.kind = kernel_kind::merge;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.key.lanes = 1;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::merge &&
         Key.weights == dtype::int8) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::sum_int8_kernel<Key>;

} // namespace ctnn
