// SPDX-License-Identifier: BSL-1.0
// Words to the optimiser about registers, which are named differently by each machine.
#pragma once

namespace ctnn::simd {

/// Bytes of a vector register, by this file's flags.
#if defined(__AVX512F__)
constexpr int register_bytes = 64;
#elif defined(__AVX__)
constexpr int register_bytes = 32;
#else
constexpr int register_bytes = 16;
#endif

/// The vector is in a register now. g++ else reads it from memory again for each of its uses.
template <class Vector> [[gnu::always_inline]] inline void keep(Vector& v) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
    if constexpr (sizeof(Vector) <= register_bytes) {
#if defined(__x86_64__)
        asm("" : "+v"(v));
#elif defined(__aarch64__)
        asm("" : "+w"(v));
#endif
    }
#endif
    static_cast<void>(v);
}

/// The pointer is in a register now, and what it was computed from is forgotten: g++ else keeps the
/// address of every pixel of a tile and runs out of registers.
[[gnu::always_inline]] inline void keep(const float*& pointer) noexcept {
#if defined(__GNUC__)
    asm("" : "+r"(pointer));
#endif
}

/// The number is in a register now. g++ 12 else vectorises a loop over several sums of products of
/// bytes for VNNI, and the sums are wrong.
[[gnu::always_inline]] inline void keep(int& number) noexcept {
#if defined(__GNUC__) && !defined(__clang__) && (defined(__AVX512VNNI__) || defined(__AVXVNNI__))
    asm("" : "+r"(number));
#endif
    static_cast<void>(number);
}

} // namespace ctnn::simd
