// SPDX-License-Identifier: BSL-1.0
// Sums of two tensors on int8 by vectors.
#pragma once

#include <ctnn/kernels/int8/pairs.hpp>
#include <ctnn/kernels/machine/mve_sum.hpp>
#include <ctnn/quantized/merges.hpp>

namespace ctnn {

namespace detail {

template <kernel_key Key>
[[gnu::noinline]] void sum_lanes_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    static_assert(sum_int8<false>::more_bits == 20);
    const int cells = g.map.out[2] * g.map.filters;
    mve::sum({o.output, o.input, o.other, -g.input_zero, g.factors[0].multiplier,
              g.factors[0].shift, -g.other_zero, g.factors[1].multiplier, g.factors[1].shift,
              g.factors[2].multiplier, g.factors[2].shift, g.output_zero, cells});
    clamp_cells(o.output, cells, g);
}

} // namespace detail

constexpr int8_choice choose_sum_lanes(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    if (g.factors[0].shift > 0 || g.factors[1].shift > 0 || g.factors[2].shift >= 0 ||
        g.map.out[2] * g.map.filters % 4 != 0)
        return choice;
    choice.key.kind = kernel_kind::sum_lanes;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::sum_lanes) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::sum_lanes_kernel<Key>;

} // namespace ctnn
