// SPDX-License-Identifier: BSL-1.0
// The greater and the lesser of two vectors in one instruction. clang finds it in the comparison;
// g++ makes a comparison and a selection of that. g++ takes its builtins for functions that may
// throw, so that each of them brings the exception personality into the program: hence asm.
#pragma once

#include <ctnn/kernels/machine/keep.hpp>

namespace ctnn::simd {

/// left > right ? left : right, lane by lane: the right one if one of them is a NaN.
template <class Vector>
[[gnu::always_inline]] inline Vector greater(Vector left, Vector right) noexcept {
#if defined(__x86_64__) && !defined(__clang__)
    if constexpr (sizeof(Vector) >= 16 && sizeof(Vector) <= register_bytes) {
#if defined(__AVX__)
        Vector most;
        asm("vmaxps %2, %1, %0" : "=v"(most) : "v"(left), "v"(right));
        return most;
#else
        asm("maxps %1, %0" : "+x"(left) : "x"(right));
        return left;
#endif
    }
#endif
    return left > right ? left : right;
}

/// left < right ? left : right, lane by lane: the right one if one of them is a NaN.
template <class Vector>
[[gnu::always_inline]] inline Vector lesser(Vector left, Vector right) noexcept {
#if defined(__x86_64__) && !defined(__clang__)
    if constexpr (sizeof(Vector) >= 16 && sizeof(Vector) <= register_bytes) {
#if defined(__AVX__)
        Vector least;
        asm("vminps %2, %1, %0" : "=v"(least) : "v"(left), "v"(right));
        return least;
#else
        asm("minps %1, %0" : "+x"(left) : "x"(right));
        return left;
#endif
    }
#endif
    return left < right ? left : right;
}

} // namespace ctnn::simd
