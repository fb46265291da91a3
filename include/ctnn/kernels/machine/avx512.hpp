// SPDX-License-Identifier: BSL-1.0
// What AVX-512 has and the vector extension cannot say: loads and stores of some lanes.
#pragma once

#include <ctnn/kernels/simd.hpp>

#if defined(__AVX512F__)
namespace ctnn::simd::avx512 {

/// A mask of the first `count` of 16 lanes.
[[gnu::always_inline]] inline unsigned short first_lanes(int count) noexcept {
    return static_cast<unsigned short>((1U << static_cast<unsigned>(count)) - 1U);
}

using some_lanes = typename vector_of<float, 16>::anywhere;

/// Lanes that are not loaded or stored are not touched. By asm, for g++ takes the builtins for
/// functions that may throw.
[[gnu::always_inline]] inline floats<16> load_part(const float* from, int count,
                                                   floats<16> rest) noexcept {
    asm("vmovups %1, %0%{%2%}"
        : "+v"(rest)
        : "m"(*reinterpret_cast<const some_lanes*>(from)), "Yk"(first_lanes(count)));
    return rest;
}
[[gnu::always_inline]] inline void store_part(float* to, floats<16> v, int count) noexcept {
    asm("vmovups %1, %0%{%2%}"
        : "+m"(*reinterpret_cast<some_lanes*>(to))
        : "v"(v), "Yk"(first_lanes(count)));
}

} // namespace ctnn::simd::avx512
#endif
