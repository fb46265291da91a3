// SPDX-License-Identifier: BSL-1.0
// From sums of 32 bits back to cells: products of which the upper half counts, and vectors of int
// that become bytes.
#pragma once

#include <ctnn/core/fixed_point.hpp>
#include <ctnn/kernels/simd.hpp>

namespace ctnn::simd {

/// Multipliers, and again those of the odd lanes in the even ones.
template <int Lanes> struct multipliers {
    ints<Lanes> all;
    ints<Lanes> odd;

    [[gnu::always_inline]] explicit multipliers(ints<Lanes> by) noexcept : all(by), odd(by) {
        if constexpr (Lanes >= 8) {
            using longs = typename vector_of<unsigned long long, Lanes / 2>::type;
            odd = __builtin_bit_cast(ints<Lanes>, __builtin_bit_cast(longs, by) >> 32);
        }
    }
};

/// fixed::multiply_high lane by lane, for multipliers that are not negative: halves are rounded up.
template <int Lanes>
[[gnu::always_inline]] inline ints<Lanes> multiply_high(ints<Lanes> x,
                                                        const multipliers<Lanes>& by) noexcept {
#if defined(__AVX2__)
    if constexpr (Lanes * 4 <= register_bytes && Lanes >= 8) {
        using longs = typename vector_of<unsigned long long, Lanes / 2>::type;
        constexpr unsigned long long half = 1ULL << 30;
        const longs shifted = __builtin_bit_cast(longs, x) >> 32;
        longs even, odd;
        asm("vpmuldq %2, %1, %0" : "=v"(even) : "v"(x), "v"(by.all));
        asm("vpmuldq %2, %1, %0" : "=v"(odd) : "v"(shifted), "v"(by.odd));
        even = (even + half) >> 31;
        odd = (odd + half) << 1;
        if constexpr (Lanes == 8) {
            longs both;
            asm("vpblendd $0xaa, %2, %1, %0" : "=x"(both) : "x"(even), "x"(odd));
            return __builtin_bit_cast(ints<Lanes>, both);
        } else {
            constexpr unsigned long long low = 0xffffffffULL;
            return __builtin_bit_cast(ints<Lanes>, (even & low) | (odd & ~low));
        }
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

/// Four vectors one after the other as bytes.
template <int Lanes> using quad_bytes = typename vector_of<signed char, 4 * Lanes>::type;
template <int Lanes> using double_shorts = typename vector_of<short, 2 * Lanes>::type;

#if defined(__AVX2__)
namespace x86 {

template <class Shorts, class Ints>
[[gnu::always_inline]] inline Shorts pack_ints(Ints left, Ints right) noexcept {
    Shorts both;
    asm("vpackssdw %2, %1, %0" : "=v"(both) : "v"(left), "v"(right));
    return both;
}
template <class Bytes, class Shorts>
[[gnu::always_inline]] inline Bytes pack_shorts(Shorts left, Shorts right) noexcept {
    Bytes both;
    asm("vpacksswb %2, %1, %0" : "=v"(both) : "v"(left), "v"(right));
    return both;
}
template <class Shorts>
[[gnu::always_inline]] inline Shorts add_saturated(Shorts left, Shorts right) noexcept {
    Shorts sum;
    asm("vpaddsw %2, %1, %0" : "=v"(sum) : "v"(left), "v"(right));
    return sum;
}
template <class Bytes, class Ints>
[[gnu::always_inline]] inline Bytes permute_words(Bytes from, Ints order) noexcept {
    Bytes made;
    asm("vpermd %1, %2, %0" : "=v"(made) : "v"(from), "v"(order));
    return made;
}

} // namespace x86
#endif

/// sums + zero as bytes that saturate, kept between low and high.
template <int Lanes>
[[gnu::always_inline]] inline quad_bytes<Lanes>
narrow(const ints<Lanes> (&sums)[4], double_shorts<Lanes> zero, quad_bytes<Lanes> low,
       quad_bytes<Lanes> high) noexcept {
#if defined(__AVX512BW__)
    constexpr bool packs = Lanes == 8 || Lanes == 16;
#elif defined(__AVX2__)
    constexpr bool packs = Lanes == 8;
#else
    constexpr bool packs = false;
#endif
    quad_bytes<Lanes> bytes;
#if defined(__AVX2__)
    if constexpr (packs) {
        using shorts = double_shorts<Lanes>;
        const shorts left = x86::add_saturated(x86::pack_ints<shorts>(sums[0], sums[1]), zero);
        const shorts right = x86::add_saturated(x86::pack_ints<shorts>(sums[2], sums[3]), zero);
        bytes = x86::pack_shorts<quad_bytes<Lanes>>(left, right);
        ints<Lanes> order; // packs work in quarters of a vector
        if constexpr (Lanes == 8)
            order = ints<8>{0, 4, 1, 5, 2, 6, 3, 7};
        else
            order = ints<16>{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
        bytes = x86::permute_words(bytes, order);
        asm("vpmaxsb %1, %0, %0" : "+v"(bytes) : "v"(low));
        asm("vpminsb %1, %0, %0" : "+v"(bytes) : "v"(high));
        return bytes;
    }
#endif
#if defined(__aarch64__)
    if constexpr (Lanes == 4) {
        typename vector_of<short, 8>::type halves[2];
        for (int i = 0; i < 2; ++i) {
            asm("sqxtn %0.4h, %1.4s\n\tsqxtn2 %0.8h, %2.4s"
                : "=&w"(halves[i])
                : "w"(sums[2 * i]), "w"(sums[2 * i + 1]));
            asm("sqadd %0.8h, %0.8h, %1.8h" : "+w"(halves[i]) : "w"(zero));
        }
        asm("sqxtn %0.8b, %1.8h\n\tsqxtn2 %0.16b, %2.8h"
            : "=&w"(bytes)
            : "w"(halves[0]), "w"(halves[1]));
        asm("smax %0.16b, %0.16b, %1.16b" : "+w"(bytes) : "w"(low));
        asm("smin %0.16b, %0.16b, %1.16b" : "+w"(bytes) : "w"(high));
        return bytes;
    }
#endif
    for (int v = 0; v < 4; ++v)
        for (int i = 0; i < Lanes; ++i) {
            const int at = v * Lanes + i;
            const int cell = math::clamp(sums[v][i], -32768, 32767) + zero[0];
            bytes[at] = static_cast<signed char>(
                math::clamp(cell, static_cast<int>(low[0]), static_cast<int>(high[0])));
        }
    return bytes;
}

/// Writes the first `count` bytes of a vector, which are no more than it has.
template <class Bytes>
[[gnu::always_inline]] inline void store_bytes(signed char* to, const Bytes& bytes,
                                               int count) noexcept {
    constexpr int size = static_cast<int>(sizeof(Bytes));
    using anywhere = typename vector_of<signed char, size>::anywhere;
    if (count == size) {
        *reinterpret_cast<anywhere*>(to) = bytes;
        return;
    }
#if defined(__AVX512BW__)
    if constexpr (size == 64) {
        asm("vmovdqu8 %1, %0%{%2%}"
            : "+m"(*reinterpret_cast<anywhere*>(to))
            : "v"(bytes), "Yk"((1ULL << static_cast<unsigned>(count)) - 1));
        return;
    }
#endif
    alignas(size) signed char each[sizeof(Bytes)];
    __builtin_memcpy(each, &bytes, sizeof(Bytes));
    int done = 0;
    if constexpr (size > 32) {
        if ((count & 32) != 0) __builtin_memcpy(to, each, 32), done += 32;
    }
    if constexpr (size > 16) {
        if ((count & 16) != 0) __builtin_memcpy(to + done, each + done, 16), done += 16;
    }
    if ((count & 8) != 0) __builtin_memcpy(to + done, each + done, 8), done += 8;
    if ((count & 4) != 0) __builtin_memcpy(to + done, each + done, 4), done += 4;
    for (; done < count; ++done) to[done] = each[done];
}

} // namespace ctnn::simd
