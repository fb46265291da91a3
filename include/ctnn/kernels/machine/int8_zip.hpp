// SPDX-License-Identifier: BSL-1.0
// Rows of bytes beside each other: what lies above each other becomes a group.
#pragma once

#include <ctnn/kernels/machine/int8_dots.hpp>
#include <ctnn/kernels/machine/int8_narrow.hpp>

namespace ctnn::simd {

/// How many groups are made at a time.
#if defined(__AVX512BW__)
inline constexpr int zipped_bytes = 64;
#elif defined(__AVX2__)
inline constexpr int zipped_bytes = 32;
#else
inline constexpr int zipped_bytes = 16;
#endif
constexpr int zipped_groups(dots way) noexcept {
    return way == dots::word_pairs && zipped_bytes > 16 ? zipped_bytes / 2 : zipped_bytes;
}

template <int Size> using bytes = typename vector_of<byte, Size>::type;

/// Bytes of two vectors in turn, from the lower or upper half of each sixteen.
template <int Size>
[[gnu::always_inline]] inline bytes<Size> zip_low(bytes<Size> left, bytes<Size> right) noexcept {
#if defined(__AVX2__)
    if constexpr (Size <= register_bytes) {
        bytes<Size> zipped;
        asm("vpunpcklbw %2, %1, %0" : "=v"(zipped) : "v"(left), "v"(right));
        return zipped;
    }
#endif
    for (int i = Size - 1; i >= 0; --i) {
        const int from = i / 16 * 16 + i % 16 / 2;
        (i % 2 == 0 ? left : right)[from] = (i % 2 == 0 ? left : right)[from];
    }
    return left;
}

} // namespace ctnn::simd
