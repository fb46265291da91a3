// SPDX-License-Identifier: BSL-1.0
// Integers that stand for real numbers: TensorFlow Lite's rules for scaling 32-bit sums, to the bit
// (tensorflow/lite/kernels/internal/common.h, quantization_util.cc).
#pragma once

#include <ctnn/core/math.hpp>

namespace ctnn {

/// How a product is rounded when it is scaled back.
enum class rounding : unsigned char {
    twice, ///< after the multiplication and after the shift: TensorFlow Lite Micro's default
    once   ///< after both (TFLITE_SINGLE_ROUNDING)
};

/// A positive factor as integers: multiplier / 2^31 * 2^shift.
struct rescale {
    int multiplier = 0;
    int shift = 0;

    friend constexpr bool operator==(const rescale&, const rescale&) = default;
};

namespace fixed {

inline constexpr int greatest = 0x7fffffff;
inline constexpr int least = -greatest - 1;

/// The nearest whole number; halves go away from zero, as std::round has them.
constexpr long long round(double value) noexcept {
    const long long whole = static_cast<long long>(value);
    const double rest = value - static_cast<double>(whole);
    return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole;
}

/// value = fraction * 2^exponent with a fraction in [1/2, 1).
struct split_number {
    double fraction = 0;
    int exponent = 0;

    constexpr explicit split_number(double value) noexcept : fraction(value) {
        if (!(value > 0)) return;
        for (; fraction >= 1; ++exponent) fraction *= 0.5;
        for (; fraction < 0.5; --exponent) fraction *= 2;
    }
};

/// A factor as integers. Factors below 2^-32 are 0.
constexpr rescale rescale_by(double factor, rounding rule = rounding::twice) noexcept {
    if (!(factor > 0)) return {};
    const split_number split{factor};
    long long multiplier = round(split.fraction * 2147483648.0);
    int shift = split.exponent;
    if (multiplier == 2147483648LL) {
        multiplier /= 2;
        ++shift;
    }
    if (shift < -31) return {};
    if (rule == rounding::once && shift > 30) return {greatest, 30};
    return {static_cast<int>(multiplier), shift};
}

/// left * right * 2 / 2^32, rounded to the nearest, halves upwards; the one overflow saturates.
[[gnu::always_inline]] constexpr int multiply_high(int left, int right) noexcept {
    if (left == least && right == least) return greatest;
    const long long product = static_cast<long long>(left) * right;
    return static_cast<int>((product + (product >= 0 ? 1LL << 30 : 1 - (1LL << 30))) / (1LL << 31));
}

/// value / 2^exponent, rounded to the nearest, halves away from zero.
[[gnu::always_inline]] constexpr int shift_right(int value, int exponent) noexcept {
    const int mask = static_cast<int>((1U << exponent) - 1);
    const int rest = value & mask;
    return (value >> exponent) + (rest > (mask >> 1) + (value < 0 ? 1 : 0) ? 1 : 0);
}

/// value * 2^exponent as 32 bits have it.
[[gnu::always_inline]] constexpr int shift_left(int value, int exponent) noexcept {
    return static_cast<int>(static_cast<unsigned>(value) << exponent);
}

/// A sum times a factor.
[[gnu::always_inline]] constexpr int scaled(int sum, const rescale& by,
                                            rounding rule = rounding::twice) noexcept {
    if (rule == rounding::once) {
        const int shift = 31 - by.shift;
        return static_cast<int>(
            (static_cast<long long>(sum) * by.multiplier + (1LL << (shift - 1))) >> shift);
    }
    const int left = by.shift > 0 ? by.shift : 0;
    const int right = by.shift > 0 ? 0 : -by.shift;
    return shift_right(multiply_high(shift_left(sum, left), by.multiplier), right);
}

} // namespace fixed
} // namespace ctnn
