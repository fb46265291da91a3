// SPDX-License-Identifier: BSL-1.0
// Pairs of 16-bit numbers in a word: the DSP extension of Cortex-M4, M7 and M33, and the same in
// plain C++.
#pragma once

#if defined(__ARM_FEATURE_DSP) && defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>
#define CTNN_HAS_DSP
#endif

// A function that is instructions throughout. What it reads and writes by its arguments is not seen
// in it, so the compiler must conclude nothing from its body: g++ else takes the stores of a call's
// numbers for unused.
#if defined(__clang__)
#define CTNN_OWN_BODY gnu::naked, gnu::noinline
#else
#define CTNN_OWN_BODY gnu::naked, gnu::noipa
#endif

namespace ctnn::dsp {

[[gnu::always_inline]] constexpr int low_half(int pair) noexcept {
    return static_cast<short>(static_cast<unsigned>(pair) & 0xffffU);
}
[[gnu::always_inline]] constexpr int high_half(int pair) noexcept { return pair >> 16; }
[[gnu::always_inline]] constexpr int wrapped_sum(int left, int right) noexcept {
    return static_cast<int>(static_cast<unsigned>(left) + static_cast<unsigned>(right));
}

[[gnu::always_inline]] inline int load_word(const void* from) noexcept {
    int word = 0;
    __builtin_memcpy(&word, from, 4);
    return word;
}
[[gnu::always_inline]] inline void store_word(void* to, int word) noexcept {
    __builtin_memcpy(to, &word, 4);
}

/// Bytes 0 and 2 of a word, or 1 and 3, as numbers with a sign.
[[gnu::always_inline]] inline int even_bytes(int word) noexcept {
#ifdef CTNN_HAS_DSP
    return __sxtb16(word);
#else
    const unsigned bits = static_cast<unsigned>(word);
    const auto low = static_cast<signed char>(bits & 0xffU);
    const auto high = static_cast<signed char>(bits >> 16 & 0xffU);
    return static_cast<int>((static_cast<unsigned>(low) & 0xffffU) | static_cast<unsigned>(high)
                                                                         << 16);
#endif
}
[[gnu::always_inline]] inline int odd_bytes(int word) noexcept {
    return even_bytes(
        static_cast<int>(static_cast<unsigned>(word) >> 8 | static_cast<unsigned>(word) << 24));
}

/// sum + both products, as 32 bits have it.
[[gnu::always_inline]] inline int multiply_add(int left, int right, int sum) noexcept {
#ifdef CTNN_HAS_DSP
    return __smlad(left, right, sum);
#else
    return wrapped_sum(wrapped_sum(sum, low_half(left) * low_half(right)),
                       high_half(left) * high_half(right));
#endif
}

/// A pair plus bytes 0 and 2 of a word, each sum of 16 bits.
[[gnu::always_inline]] inline int add_even_bytes(int pair, int word) noexcept {
#ifdef CTNN_HAS_DSP
    return __sxtab16(pair, word);
#else
    const int bytes = even_bytes(word);
    return static_cast<int>((static_cast<unsigned>(low_half(pair) + low_half(bytes)) & 0xffffU) |
                            static_cast<unsigned>(high_half(pair) + high_half(bytes)) << 16);
#endif
}
[[gnu::always_inline]] inline int add_odd_bytes(int pair, int word) noexcept {
    return add_even_bytes(pair, static_cast<int>(static_cast<unsigned>(word) >> 8 |
                                                 static_cast<unsigned>(word) << 24));
}

/// The low halves of two words, or their high halves, as a pair.
[[gnu::always_inline]] inline int low_halves(int first, int second) noexcept {
    return static_cast<int>((static_cast<unsigned>(first) & 0xffffU) | static_cast<unsigned>(second)
                                                                           << 16);
}
[[gnu::always_inline]] inline int high_halves(int first, int second) noexcept {
    return static_cast<int>(static_cast<unsigned>(first) >> 16 |
                            (static_cast<unsigned>(second) & 0xffff0000U));
}

/// sum + left * right / 2^32, rounded to the nearest, halves upwards.
[[gnu::always_inline]] inline int add_high_product(int left, int right, int sum) noexcept {
#ifdef CTNN_HAS_DSP
    int result;
    __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(left), "r"(right), "r"(sum));
    return result;
#else
    return wrapped_sum(
        sum, static_cast<int>((static_cast<long long>(left) * right + (1LL << 31)) >> 32));
#endif
}

/// A pair of numbers kept between 0 and 255.
[[gnu::always_inline]] inline int saturated_bytes(int pair) noexcept {
#ifdef CTNN_HAS_DSP
    return static_cast<int>(__usat16(pair, 8));
#else
    const auto kept = [](int number) noexcept {
        return static_cast<unsigned>(number < 0 ? 0 : number > 255 ? 255 : number);
    };
    return static_cast<int>(kept(low_half(pair)) | kept(high_half(pair)) << 16);
#endif
}

/// A sum times its factor, plus zero: `multiplier` is twice the factor's, and `power` 2^32 over
/// what it is divided by.
[[gnu::always_inline]] inline int scaled(int sum, int multiplier, int power, int zero) noexcept {
    const int high = add_high_product(sum, multiplier, sum);
    return add_high_product(wrapped_sum(high, high >> 31), power, zero);
}

/// Four numbers as cells of int8, once 128 is taken away.
[[gnu::always_inline]] inline int cells_of(int first, int second, int third, int fourth) noexcept {
    const auto even = static_cast<unsigned>(saturated_bytes(low_halves(first, third)));
    const auto odd = static_cast<unsigned>(saturated_bytes(low_halves(second, fourth)));
    return static_cast<int>((even | odd << 8) ^ 0x80808080U);
}

} // namespace ctnn::dsp
