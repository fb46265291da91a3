// SPDX-License-Identifier: BSL-1.0
// Sums of two tensors on int8, a word of four cells at a time. Both are brought to twice the
// greater scale: the factor of the tensor that has it is exactly one half, a shift.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/dsp.hpp>
#include <ctnn/quantized/merges.hpp>

namespace ctnn {

namespace detail {

/// How the tensor of the smaller scale is brought to the greater.
enum class sum_way : unsigned char {
    same, ///< the scales are equal
    half, ///< divided by two after the multiplication
    less  ///< by four or more
};

constexpr bool is_half(const rescale& factor) noexcept { return factor == rescale{1 << 30, 0}; }

/// A factor whose two roundings are those of two products (short_scale.hpp).
constexpr bool scales_short(const rescale& factor) noexcept {
    return factor.multiplier >= 1 << 30 && factor.shift <= -2 && factor.shift >= -31;
}

/// A cell of the tensor of the smaller scale, times 2^20 and its factor, added to `sum`.
template <sum_way Way>
[[gnu::always_inline]] inline int add_scaled(int number, const rescale& factor, int power,
                                             int sum) noexcept {
    if constexpr (Way == sum_way::same) return sum + (number >> 1); // an even number
    int high = dsp::add_high_product(number, factor.multiplier, number);
    high += high >> 31;
    if constexpr (Way == sum_way::half) return sum + ((high + 1) >> 1);
    return dsp::add_high_product(high, power, sum);
}

constexpr int twice(int multiplier) noexcept {
    return static_cast<int>(2U * static_cast<unsigned>(multiplier));
}

template <kernel_key Key>
[[gnu::noinline]] void sum_pairs_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    constexpr int bits = sum_int8<false>::more_bits;
    constexpr auto way = static_cast<sum_way>(Key.detail);
    const bool first_is_half = is_half(g.factors[0]);
    const int8* greater = first_is_half ? o.input : o.other;
    const int8* smaller = first_is_half ? o.other : o.input;
    const int greater_start = -(first_is_half ? g.input_zero : g.other_zero) * (1 << (bits - 1));
    const int smaller_start = -(first_is_half ? g.other_zero : g.input_zero) * (1 << bits);
    const rescale& given = g.factors[first_is_half ? 1 : 0];
    const rescale factor{twice(given.multiplier), 0};
    const int power = static_cast<int>(1U << ((32 + given.shift) & 31));
    const int multiplier = twice(g.factors[2].multiplier);
    const int last_power = static_cast<int>(1U << (32 + g.factors[2].shift));
    const int zero = g.output_zero + 128;
    const int low = g.low + 128;
    const int high = g.high + 128;
    const auto sum_of = [&](int left, int right) noexcept {
        const int sum = add_scaled<way>(smaller_start + right * (1 << bits), factor, power,
                                        greater_start + left * (1 << (bits - 1)));
        const int product = dsp::add_high_product(sum, multiplier, sum);
        return dsp::add_high_product(product + (product >> 31), last_power, zero);
    };
    const auto cells_of = [&](int left, int right) noexcept {
        const int first = sum_of(dsp::low_half(left), dsp::low_half(right));
        const int second = sum_of(dsp::high_half(left), dsp::high_half(right));
        if constexpr (Key.vectors == 0) return dsp::saturated_bytes(dsp::low_halves(first, second));
        return dsp::low_halves(math::clamp(first, low, high), math::clamp(second, low, high));
    };
    const int cells = g.map.out[2] * g.map.filters;
    int8* output = o.output;
    for (int i = 0; i < cells; i += 4) {
        const int left = dsp::load_word(greater + i);
        const int right = dsp::load_word(smaller + i);
        const int even = cells_of(dsp::even_bytes(left), dsp::even_bytes(right));
        const int odd = cells_of(dsp::odd_bytes(left), dsp::odd_bytes(right));
        const unsigned word = static_cast<unsigned>(even) | static_cast<unsigned>(odd) << 8;
        dsp::store_word(output + i, static_cast<int>(word ^ 0x80808080U));
    }
}

} // namespace detail

constexpr int8_choice choose_sum_pairs(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const bool first_is_half = detail::is_half(g.factors[0]);
    const rescale& smaller = g.factors[first_is_half ? 1 : 0];
    const rescale& greater = g.factors[first_is_half ? 0 : 1];
    // A sum is less than 2^28 in size.
    const bool fits = detail::scales_short(g.factors[2]) && g.factors[2].shift <= -14;
    if (!fits || !detail::is_half(greater) || g.map.out[2] * g.map.filters % 4 != 0) return choice;
    if (detail::is_half(smaller))
        choice.key.detail = static_cast<int>(detail::sum_way::same);
    else if (smaller.shift == -1)
        choice.key.detail = static_cast<int>(detail::sum_way::half);
    else if (detail::scales_short(smaller))
        choice.key.detail = static_cast<int>(detail::sum_way::less);
    else
        return choice;
    choice.key.kind = kernel_kind::sum_pairs;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    const bool bounds = g.low > least_int8 || g.high < greatest_int8;
    choice.key.vectors = bounds ? 1 : 0;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::sum_pairs) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::sum_pairs_kernel<Key>;

} // namespace ctnn
