// SPDX-License-Identifier: BSL-1.0
// Vectors of 32-bit sums times factors, rounded twice as fixed::scaled has it. Most factors are
// below one half: those take half as long.
#pragma once

#include <ctnn/core/fixed_point.hpp>
#include <ctnn/kernels/simd.hpp>

namespace ctnn::simd {

template <int Lanes> using unsigneds = typename vector_of<unsigned, Lanes>::type;
template <int Lanes> using longs = typename vector_of<unsigned long long, Lanes / 2>::type;

/// Whether vectors of so many lanes are multiplied as even and odd lanes.
template <int Lanes>
#if defined(__AVX2__)
inline constexpr bool by_even_and_odd = Lanes >= 8 && Lanes * 4 <= register_bytes;
#else
inline constexpr bool by_even_and_odd = false;
#endif

#if defined(__AVX2__)
namespace x86 {

/// The products of the even lanes, with their signs.
template <class Longs, class Ints>
[[gnu::always_inline]] inline Longs multiply_even(Ints left, Ints right) noexcept {
    Longs products;
    asm("vpmuldq %2, %1, %0" : "=v"(products) : "v"(left), "v"(right));
    return products;
}

/// The upper halves of both, lane by lane.
template <int Lanes>
[[gnu::always_inline]] inline ints<Lanes> merge_upper(longs<Lanes> even,
                                                      longs<Lanes> odd) noexcept {
#if defined(__AVX512F__)
    if constexpr (Lanes == 16) {
        constexpr unsigned short lanes = 0x5555;
        asm("vmovshdup %1, %0%{%2%}" : "+v"(odd) : "v"(even), "Yk"(lanes));
        return __builtin_bit_cast(ints<Lanes>, odd);
    }
#endif
    if constexpr (Lanes == 8) {
        even >>= 32;
        asm("vpblendd $0x55, %1, %0, %0" : "+x"(odd) : "x"(even));
    }
    return __builtin_bit_cast(ints<Lanes>, odd);
}

} // namespace x86
#endif

/// Multipliers, and again those of the odd lanes in the even ones.
template <int Lanes> struct multipliers {
    ints<Lanes> all;
    ints<Lanes> odd;

    [[gnu::always_inline]] explicit multipliers(ints<Lanes> by) noexcept : all(by), odd(by) {
        if constexpr (by_even_and_odd<Lanes>)
            odd = __builtin_bit_cast(ints<Lanes>, __builtin_bit_cast(longs<Lanes>, by) >> 32);
    }
};

/// fixed::multiply_high lane by lane, for multipliers that are not negative: halves are rounded up.
template <int Lanes>
[[gnu::always_inline]] inline ints<Lanes> multiply_high(ints<Lanes> x,
                                                        const multipliers<Lanes>& by) noexcept {
#if defined(__AVX2__)
    if constexpr (by_even_and_odd<Lanes>) {
        constexpr unsigned long long half = 1ULL << 30;
        const auto shifted =
            __builtin_bit_cast(ints<Lanes>, __builtin_bit_cast(longs<Lanes>, x) >> 32);
        const auto even = x86::multiply_even<longs<Lanes>>(x, by.all) + half;
        const auto odd = x86::multiply_even<longs<Lanes>>(shifted, by.odd) + half;
        return x86::merge_upper<Lanes>(even << 1, odd << 1);
    }
#endif
#if defined(__aarch64__)
    if constexpr (Lanes == 4) {
        ints<Lanes> high;
        asm("sqrdmulh %0.4s, %1.4s, %2.4s" : "=w"(high) : "w"(x), "w"(by.all));
        return high;
    }
#endif
    for (int i = 0; i < Lanes; ++i) x[i] = fixed::multiply_high(x[i], by.all[i]);
    return x;
}

/// Factors of any size: fixed::scaled lane by lane.
template <int Lanes> struct lane_factors {
    multipliers<Lanes> multiplier;
    ints<Lanes> left;
    ints<Lanes> rounds; ///< all bits where something is shifted to the right
    ints<Lanes> right;  ///< all of that but the last bit
    ints<Lanes> last;

    [[gnu::always_inline]] lane_factors(ints<Lanes> by, ints<Lanes> shift) noexcept
        : multiplier(by), left(shift & (shift > 0)), rounds(shift < 0),
          right((-1 - shift) & rounds), last(-rounds) {}

    template <bool Negative = true>
    [[gnu::always_inline]] ints<Lanes> scaled(ints<Lanes> sum) const noexcept {
        const auto shifted = __builtin_bit_cast(unsigneds<Lanes>, sum)
                             << __builtin_bit_cast(unsigneds<Lanes>, left);
        const auto high =
            multiply_high<Lanes>(__builtin_bit_cast(ints<Lanes>, shifted), multiplier);
        // Half is added to the last bit: to a number of 32 bits there is not always room.
        return (((high + ((high >> 31) & rounds)) >> right) + last) >> last;
    }
};

/// What is added to a product that is shifted to the right.
constexpr unsigned long long added_to_product(int shift) noexcept {
    return (1ULL << 30) + (shift < 0 && shift >= -31 ? 1ULL << (30 - shift) : 0);
}

/// Factors below one half. Both roundings and the shift are one: with p = sum * multiplier and e
/// the shift to the right, (((p + 2^30) >> 31) + 2^(e-1) - (sum < 0)) >> e is (p + 2^30 + 2^(30+e)
/// - (sum < 0) * 2^31) >> (31+e), of which the upper half of p's sum has all. A sum below 0 of
/// which the first product rounds to 0 gives 0 either way.
template <int Lanes> struct short_factors {
    multipliers<Lanes> multiplier;
    ints<Lanes> right;
    ints<Lanes> even; ///< what is added to the products
    ints<Lanes> odd;

    [[gnu::always_inline]] short_factors(ints<Lanes> by, ints<Lanes> shift, ints<Lanes> to_even,
                                         ints<Lanes> to_odd) noexcept
        : multiplier(by), right(by_even_and_odd<Lanes> ? -1 - shift : shift), even(to_even),
          odd(to_odd) {}

    /// Without Negative, what is below 0 may come out too great by one, and still not above 0.
    template <bool Negative = true>
    [[gnu::always_inline]] ints<Lanes> scaled(ints<Lanes> sum) const noexcept {
#if defined(__AVX2__)
        if constexpr (by_even_and_odd<Lanes>) {
            const auto whole = __builtin_bit_cast(longs<Lanes>, sum);
            const auto shifted = whole >> 32;
            auto left = x86::multiply_even<longs<Lanes>>(sum, multiplier.all) +
                        __builtin_bit_cast(longs<Lanes>, even);
            auto other = x86::multiply_even<longs<Lanes>>(__builtin_bit_cast(ints<Lanes>, shifted),
                                                          multiplier.odd) +
                         __builtin_bit_cast(longs<Lanes>, odd);
            if constexpr (Negative) {
                left -= whole & 0x80000000ULL;
                other -= shifted & 0x80000000ULL;
            }
            return x86::merge_upper<Lanes>(left, other) >> right;
        }
#endif
#if defined(__aarch64__)
        if constexpr (Lanes == 4) {
            ints<Lanes> high = multiply_high<Lanes>(sum, multiplier);
            if constexpr (Negative) high += high >> 31;
            asm("srshl %0.4s, %0.4s, %1.4s" : "+w"(high) : "w"(right));
            return high;
        }
#endif
        return lane_factors<Lanes>{multiplier.all, right}.template scaled<Negative>(sum);
    }
};

} // namespace ctnn::simd
