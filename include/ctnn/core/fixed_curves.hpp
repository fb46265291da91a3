// SPDX-License-Identifier: BSL-1.0
// Curves of fixed-point numbers, to the bit as gemmlowp's fixedpoint.h has them, from which
// TensorFlow Lite's softmax, logistic and tanh of int8 are made. A number with i integer bits is an
// int whose unit is 2^(i - 31).
#pragma once

#include <ctnn/core/fixed_point.hpp>

namespace ctnn::fixed {

/// value * 2^exponent, rounded, within the range of int.
constexpr int multiply_by_power(int value, int exponent) noexcept {
    if (exponent <= 0) return shift_right(value, -exponent);
    const int most = greatest >> exponent;
    return value > most ? greatest : value < -most - 1 ? least : shift_left(value, exponent);
}

constexpr int sum_of(int left, int right) noexcept {
    return static_cast<int>(static_cast<unsigned>(left) + static_cast<unsigned>(right));
}
constexpr int difference_of(int left, int right) noexcept {
    return static_cast<int>(static_cast<unsigned>(left) - static_cast<unsigned>(right));
}

/// Out of line: curves have many of them.
[[gnu::noinline]] constexpr int product(int left, int right) noexcept {
    return multiply_high(left, right);
}

/// e^x for x in [-1/4, 0), both without integer bits: its series around -1/8.
constexpr int exp_of_quarter(int number) noexcept {
    constexpr int exp_of_eighth = 1895147668; // e^(-1/8)
    constexpr int third = 715827883;
    const int x = sum_of(number, 1 << 28);
    const int x2 = product(x, x);
    const int x3 = product(x2, x);
    const int x4 = product(x2, x2);
    const int tail =
        multiply_by_power(sum_of(product(sum_of(multiply_by_power(x4, -2), x3), third), x2), -1);
    return sum_of(exp_of_eighth, product(exp_of_eighth, sum_of(x, tail)));
}

/// e^x for x <= 0 with that many integer bits; the result has none.
constexpr int exp_of_negative(int number, int integer_bits) noexcept {
    constexpr int factors[]{1672461947, 1302514674, 790015084, 290630308,
                            39332535,   720401,     242}; // e^(-2^k), k from -2
    if (number == 0) return greatest;
    const int fraction_bits = 31 - integer_bits;
    const int quarter = 1 << (fraction_bits - 2);
    const int below = (number & (quarter - 1)) - quarter;
    int result = exp_of_quarter(multiply_by_power(below, integer_bits));
    const int rest = difference_of(below, number);
    for (int k = -2; k < integer_bits; ++k)
        if ((rest & (1 << (fraction_bits + k))) != 0) result = product(result, factors[k + 2]);
    return result;
}

/// Half of the sum, rounded away from zero.
constexpr int half_sum(int left, int right) noexcept {
    const long long sum = static_cast<long long>(left) + right;
    return static_cast<int>((sum + (sum >= 0 ? 1 : -1)) / 2);
}

/// Newton's x = 1 / d with two integer bits, for d = (1 + number) / 2 and a number in [0, 1].
constexpr int reciprocal_of_half(int number) noexcept {
    constexpr int start = 1515870810;  // 48/17 with two integer bits
    constexpr int slope = -1010580540; // -32/17
    constexpr int one = 1 << 29;
    const int half = half_sum(number, greatest);
    int x = sum_of(start, product(half, slope));
    for (int i = 0; i < 3; ++i) {
        const int miss = difference_of(one, product(half, x));
        x = sum_of(x, multiply_by_power(product(x, miss), 2));
    }
    return x;
}

/// 1 / (1 + x) for x in [0, 1], without integer bits.
constexpr int one_over_one_plus(int number) noexcept {
    // x / 2 has one integer bit from here on.
    return multiply_by_power(reciprocal_of_half(number), 1);
}

/// (1 - x) / (1 + x) for x in [0, 1], without integer bits.
constexpr int one_minus_over_one_plus(int number) noexcept {
    return multiply_by_power(difference_of(reciprocal_of_half(number), 1 << 29), 2);
}

/// 1 / (1 + e^-x), x with that many integer bits.
constexpr int logistic(int number, int integer_bits) noexcept {
    if (number == 0) return 1 << 30;
    const int size = number > 0 ? difference_of(0, number) : number;
    const int above = one_over_one_plus(exp_of_negative(size, integer_bits));
    return number > 0 ? above : difference_of(greatest, above);
}

/// tanh x, x with that many integer bits.
constexpr int tanh(int number, int integer_bits) noexcept {
    if (number == 0) return 0;
    const int size = number > 0 ? difference_of(0, number) : number;
    // e^2x: the same digits with one integer bit more.
    const int above = one_minus_over_one_plus(exp_of_negative(size, integer_bits + 1));
    return number > 0 ? above : difference_of(0, above);
}

/// 1 / x as number / 2^31 / 2^bits, for an x > 0 with that many integer bits.
struct reciprocal {
    int number = 0; ///< 1 / (1 + f), f the digits of x below its leading one
    int bits = 0;   ///< integer bits of x above that one

    constexpr reciprocal(int x, int integer_bits) noexcept {
        const int headroom = __builtin_clz(static_cast<unsigned>(x));
        bits = integer_bits - headroom;
        number = one_over_one_plus(
            static_cast<int>((static_cast<unsigned>(x) << headroom) - (1U << 31)));
    }
};

} // namespace ctnn::fixed
