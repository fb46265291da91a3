// SPDX-License-Identifier: BSL-1.0
// Vectors of float16 (IEEE binary16), read as float32.
#pragma once

#include <ctnn/kernels/simd.hpp>

namespace ctnn::simd {

/// Lanes float16 from any address that one may have.
template <int Lanes>
[[gnu::always_inline]] inline floats<Lanes> load_half(const unsigned short* from) noexcept {
    using halves = typename vector_of<unsigned short, Lanes>::anywhere;
    const halves* const stored = reinterpret_cast<const halves*>(from);
#if defined(__AVX512F__)
    if constexpr (Lanes == 16) {
        floats<Lanes> v;
        asm("vcvtph2ps %1, %0" : "=v"(v) : "m"(*stored));
        return v;
    }
#endif
#if defined(__F16C__)
    if constexpr (Lanes == 8) {
        floats<Lanes> v;
        asm("vcvtph2ps %1, %0" : "=x"(v) : "m"(*stored));
        return v;
    }
    if constexpr (Lanes == 4) {
        floats<Lanes> v;
        asm("vcvtph2ps %1, %0" : "=x"(v) : "m"(*stored));
        return v;
    }
#endif
#if defined(__aarch64__)
    if constexpr (Lanes == 4) {
        floats<Lanes> v;
        const typename vector_of<unsigned short, Lanes>::type bits = *stored;
        asm("fcvtl %0.4s, %1.4h" : "=w"(v) : "w"(bits));
        return v;
    }
#endif
    using words = typename vector_of<unsigned, Lanes>::type;
    words bits;
    if constexpr (Lanes == 1)
        bits = *stored;
    else
        bits = __builtin_convertvector(*stored, words);
    const words size = (bits & 0x7fffU) << 13;
    // The exponent moves by 112, subnormals by a true multiplication; infinity and NaN keep theirs.
    const floats<Lanes> scaled = __builtin_bit_cast(floats<Lanes>, size) * 0x1p112F;
    const words special = size >= 0x0f800000U ? words{} + 0x7f800000U : words{};
    return __builtin_bit_cast(floats<Lanes>,
                              __builtin_bit_cast(words, scaled) | special | (bits & 0x8000U) << 16);
}

} // namespace ctnn::simd
