// SPDX-License-Identifier: BSL-1.0
// Floats as numbers of 16 bits: float16 (IEEE binary16) and bfloat16, the upper half of a float32.
// Always the nearest, of two equally near ones the even; a NaN stays one.
#pragma once

namespace ctnn {

/// The bits of the nearest float16; infinity from 65520 on.
constexpr unsigned float16_bits(float number) noexcept {
    const unsigned bits = __builtin_bit_cast(unsigned, number);
    const unsigned sign = bits >> 16 & 0x8000U;
    const unsigned size = bits & 0x7fffffffU;
    if (size > 0x7f800000U) return sign | 0x7e00U;  // NaN
    if (size >= 0x477ff000U) return sign | 0x7c00U; // from 65520 on
    const unsigned exponent = size >> 23;
    if (exponent < 102) return sign; // below half of the least
    // Of a subnormal result one bit more is dropped for each power of two.
    const unsigned dropped = exponent < 113 ? 126 - exponent : 13;
    const unsigned mantissa = exponent < 113 ? (size & 0x7fffffU) | 0x800000U : size - (112U << 23);
    const unsigned kept = mantissa >> dropped;
    const unsigned rest = mantissa & ((1U << dropped) - 1);
    const unsigned middle = 1U << (dropped - 1);
    return sign | (kept + (rest > middle || (rest == middle && (kept & 1U) != 0) ? 1 : 0));
}

/// The bits of the nearest bfloat16.
constexpr unsigned bfloat16_bits(float number) noexcept {
    const unsigned bits = __builtin_bit_cast(unsigned, number);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return bits >> 16 | 0x40U; // NaN
    return (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
}

/// A float beside a double from which the same float16 or bfloat16 is the nearest: of the two
/// floats around it the one with an odd mantissa (Boldo and Melquiond, 2008), since what is rounded
/// twice to the nearest may be the second nearest.
constexpr float before_halves(double number) noexcept {
    const float single = static_cast<float>(number);
    const double back = static_cast<double>(single);
    if (back == number || number != number) return single;
    const unsigned bits = __builtin_bit_cast(unsigned, single);
    const bool away = number > 0 ? back > number : back < number;
    return __builtin_bit_cast(float, (away ? bits - 1 : bits) | 1U);
}

} // namespace ctnn
