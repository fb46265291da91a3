// SPDX-License-Identifier: BSL-1.0
// Softmax on int8: its plain meaning without shapes.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/quantized/curves.hpp>

namespace ctnn {

namespace detail {

template <kernel_key Key>
[[gnu::noinline, gnu::cold]] void softmax_int8_kernel(const int8_operands& o,
                                                      const int8_geometry& g) noexcept {
    constexpr int bits = softmax_int8::difference_bits;
    constexpr int sum_bits = softmax_int8::sum_bits;
    const rescale factor = g.factors[0];
    const int least = -input_radius(bits, factor.shift);
    const int length = g.map.filters;
    const int8* read = o.input;
    int8* write = o.output;
    for (int row = 0; row < g.map.out[2]; ++row, read += length, write += length) {
        int greatest = least_int8;
        for (int i = 0; i < length; ++i) greatest = math::max<int>(greatest, read[i]);
        // Twice through the row: for the sum, and for the cells.
        int sum = 0;
        int number = 0;
        int shift = 0;
        for (int i = 0; i < 2 * length; ++i) {
            const int at = i < length ? i : i - length;
            if (i == length) {
                const fixed::reciprocal over{sum, sum_bits};
                number = over.number;
                shift = over.bits + 31 - 8;
            }
            const int below = read[at] - greatest;
            int grown = 0;
            if (below >= least)
                grown = fixed::exp_of_negative(
                    fixed::product(fixed::shift_left(below, factor.shift), factor.multiplier),
                    bits);
            if (i < length) {
                sum += fixed::shift_right(grown, sum_bits);
                continue;
            }
            const int cell = fixed::shift_right(fixed::product(number, grown), shift) + least_int8;
            write[at] = static_cast<int8>(math::min(cell, greatest_int8));
        }
    }
}

} // namespace detail

constexpr int8_choice choose_int8_softmax(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    if (g.map.out[0] != 1 || g.map.out[1] != 1) return choice;
    choice.key.kind = kernel_kind::softmax;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::softmax &&
         Key.weights == dtype::int8) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::softmax_int8_kernel<Key>;

} // namespace ctnn
