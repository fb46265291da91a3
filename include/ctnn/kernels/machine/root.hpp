// SPDX-License-Identifier: BSL-1.0
// The square root by an instruction. The compilers' own function calls the C library for negative
// numbers, and so needs it.
#pragma once

#include <ctnn/core/math.hpp>

namespace ctnn::simd {

[[gnu::always_inline]] inline float root(float number) noexcept {
#if defined(__AVX__)
    asm("vsqrtss %0, %0, %0" : "+x"(number));
    return number;
#elif defined(__SSE2__)
    asm("sqrtss %0, %0" : "+x"(number));
    return number;
#elif defined(__aarch64__)
    asm("fsqrt %s0, %s0" : "+w"(number));
    return number;
#else
    return static_cast<float>(math::sqrt(static_cast<double>(number)));
#endif
}

} // namespace ctnn::simd
