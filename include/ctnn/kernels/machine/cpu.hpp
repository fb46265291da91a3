// SPDX-License-Identifier: BSL-1.0
// What the processor that runs this has, and its operating system keeps: vector registers that are
// not saved between programs cannot be used.
#pragma once

#include <ctnn/plan/target.hpp>

namespace ctnn {

namespace detail {

#if defined(__x86_64__)
struct cpuid_answer {
    unsigned a = 0, b = 0, c = 0, d = 0;
};
inline cpuid_answer cpuid(unsigned leaf) noexcept {
    cpuid_answer answer;
    asm volatile("cpuid"
                 : "=a"(answer.a), "=b"(answer.b), "=c"(answer.c), "=d"(answer.d)
                 : "a"(leaf), "c"(0));
    return answer;
}
constexpr bool has_all(unsigned word, unsigned bits) noexcept { return (word & bits) == bits; }

/// What x86-64-v3 and x86-64-v4 mean, by the psABI, bit by bit.
inline isa best_of_x86() noexcept {
    constexpr unsigned fma = 1U << 12, movbe = 1U << 22, osxsave = 1U << 27, avx = 1U << 28,
                       f16c = 1U << 29;
    constexpr unsigned bmi1 = 1U << 3, avx2 = 1U << 5, bmi2 = 1U << 8;
    constexpr unsigned avx512 =
        1U << 16 | 1U << 17 | 1U << 28 | 1U << 30 | 1U << 31; // F DQ CD BW VL
    constexpr unsigned lzcnt = 1U << 5;
    constexpr unsigned ymm = 0x06, zmm = 0xe6; // registers that the system saves
    if (cpuid(0).a < 7 || cpuid(0x80000000U).a < 0x80000001U) return isa::sse2;
    const unsigned first = cpuid(1).c;
    const unsigned seventh = cpuid(7).b;
    if (!has_all(first, fma | movbe | osxsave | avx | f16c) ||
        !has_all(seventh, bmi1 | avx2 | bmi2) || !has_all(cpuid(0x80000001U).c, lzcnt))
        return isa::sse2;
    unsigned saved = 0, high = 0;
    asm volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    if (!has_all(saved, ymm)) return isa::sse2;
    return has_all(seventh, avx512) && has_all(saved, zmm) ? isa::avx512 : isa::avx2;
}
#endif

} // namespace detail

/// Whether this processor runs AVX-512 with VNNI, its dot products of bytes.
inline bool has_avx512_vnni() noexcept {
#if defined(__x86_64__)
    return detail::best_of_x86() == isa::avx512 && (detail::cpuid(7).c & 1U << 11) != 0;
#else
    return false;
#endif
}

/// The best instruction set that this processor runs.
inline isa best_instructions() noexcept {
#if defined(__x86_64__)
    return detail::best_of_x86();
#else
    return this_machine.instructions;
#endif
}

} // namespace ctnn
