// SPDX-License-Identifier: BSL-1.0
// Between bytes and vectors of int.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/kernels/simd.hpp>

namespace ctnn::simd {

/// Lanes bytes, each as an int. g++ takes such a conversion apart.
template <int Lanes>
[[gnu::always_inline]] inline ints<Lanes> widen(const signed char* from) noexcept {
    using bytes = typename vector_of<signed char, Lanes>::anywhere;
    const bytes& read = *reinterpret_cast<const bytes*>(from);
#if defined(__AVX2__)
    if constexpr (Lanes >= 8 && 4 * Lanes <= register_bytes) {
        ints<Lanes> numbers;
        asm("vpmovsxbd %1, %0" : "=v"(numbers) : "m"(read));
        return numbers;
    }
#endif
    return __builtin_convertvector(read, ints<Lanes>);
}

/// The same as numbers of 16 bits.
template <int Lanes>
[[gnu::always_inline]] inline typename vector_of<short, Lanes>::type
widen_half(typename vector_of<signed char, Lanes>::type bytes) noexcept {
#if defined(__AVX2__)
    if constexpr (Lanes >= 16 && 2 * Lanes <= register_bytes) {
        typename vector_of<short, Lanes>::type numbers;
        asm("vpmovsxbw %1, %0" : "=v"(numbers) : "v"(bytes));
        return numbers;
    }
#endif
    return __builtin_convertvector(bytes, typename vector_of<short, Lanes>::type);
}

/// The greater and the lesser of bytes.
template <class Bytes>
[[gnu::always_inline]] inline Bytes greater_bytes(Bytes left, Bytes right) noexcept {
#if defined(__AVX2__)
    if constexpr (sizeof(Bytes) >= 16 && sizeof(Bytes) <= register_bytes) {
        asm("vpmaxsb %1, %0, %0" : "+v"(left) : "v"(right));
        return left;
    }
#endif
    return left > right ? left : right;
}
template <class Bytes>
[[gnu::always_inline]] inline Bytes lesser_bytes(Bytes left, Bytes right) noexcept {
#if defined(__AVX2__)
    if constexpr (sizeof(Bytes) >= 16 && sizeof(Bytes) <= register_bytes) {
        asm("vpminsb %1, %0, %0" : "+v"(left) : "v"(right));
        return left;
    }
#endif
    return left < right ? left : right;
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
    [[maybe_unused]] constexpr bool packs = false;
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
        return lesser_bytes(greater_bytes(bytes, low), high);
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

/// Copies that many bytes if the count has them, behind those that are done.
template <int Bytes>
[[gnu::always_inline]] inline void copy_part(signed char* to, const signed char* from, int count,
                                             int& done) noexcept {
    if ((count & Bytes) == 0) return;
    __builtin_memcpy(to + done, from + done, Bytes);
    done += Bytes;
}

/// Writes the first `count` bytes of Size, a power of two from 4 on.
template <int Size>
[[gnu::always_inline]] inline void copy_bytes(signed char* to, const signed char* from,
                                              int count) noexcept {
    if (count >= Size) {
        __builtin_memcpy(to, from, Size);
        return;
    }
    if constexpr (Size > 8) {
        if (count == 8) { // eight filters, and so all pixels of a layer
            __builtin_memcpy(to, from, 8);
            return;
        }
    }
    int done = 0;
    if constexpr (Size > 32) copy_part<32>(to, from, count, done);
    if constexpr (Size > 16) copy_part<16>(to, from, count, done);
    if constexpr (Size > 8) copy_part<8>(to, from, count, done);
    if constexpr (Size > 4) copy_part<4>(to, from, count, done);
    copy_part<2>(to, from, count, done);
    copy_part<1>(to, from, count, done);
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
    alignas(size) signed char each[sizeof(Bytes)];
    __builtin_memcpy(each, &bytes, sizeof(Bytes));
    copy_bytes<size>(to, each, count);
}

} // namespace ctnn::simd
