// SPDX-License-Identifier: BSL-1.0
// Rows of bytes beside each other: what lies above each other becomes a group.
#pragma once

#include <ctnn/kernels/machine/int8_dots.hpp>
#include <ctnn/kernels/machine/int8_narrow.hpp>

namespace ctnn::simd {

/// The vector in which rows are read.
#if defined(__AVX512BW__)
inline constexpr int zipped_bytes = 64;
#elif defined(__AVX2__)
inline constexpr int zipped_bytes = 32;
#else
inline constexpr int zipped_bytes = 16;
#endif

using zipped = vector_of<byte, zipped_bytes>;

/// Bytes or pairs of bytes of two vectors in turn, from the lower or the upper half of each
/// sixteen.
template <int Unit, bool Upper>
[[gnu::always_inline]] inline zipped::type zip(zipped::type left, zipped::type right) noexcept {
#if defined(__AVX2__)
    zipped::type made;
    if constexpr (Unit == 1 && !Upper)
        asm("vpunpcklbw %2, %1, %0" : "=v"(made) : "v"(left), "v"(right));
    else if constexpr (Unit == 1)
        asm("vpunpckhbw %2, %1, %0" : "=v"(made) : "v"(left), "v"(right));
    else if constexpr (!Upper)
        asm("vpunpcklwd %2, %1, %0" : "=v"(made) : "v"(left), "v"(right));
    else
        asm("vpunpckhwd %2, %1, %0" : "=v"(made) : "v"(left), "v"(right));
    return made;
#else
    if constexpr (Unit == 1 && !Upper)
        return __builtin_shufflevector(left, right, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22,
                                       7, 23);
    else if constexpr (Unit == 1)
        return __builtin_shufflevector(left, right, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                       14, 30, 15, 31);
    else if constexpr (!Upper)
        return __builtin_shufflevector(left, right, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7,
                                       22, 23);
    else
        return __builtin_shufflevector(left, right, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29,
                                       14, 15, 30, 31);
#endif
}

/// Words of four bytes in the order in which zips of each sixteen bytes, two after each other,
/// bring them back into theirs.
[[gnu::always_inline]] inline zipped::type deal_words(const byte* from) noexcept {
    const zipped::type read = *reinterpret_cast<const zipped::anywhere*>(from);
#if defined(__AVX2__)
#if defined(__AVX512BW__)
    constexpr ints<16> order{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
#else
    constexpr ints<8> order{0, 2, 4, 6, 1, 3, 5, 7};
#endif
    return x86::permute_words(read, order);
#else
    return read;
#endif
}

/// As many groups as a vector has bytes: of four rows.
[[gnu::always_inline]] inline void zip_four(unsigned char* to, const byte* const* rows,
                                            long long at, byte shift) noexcept {
    using vector = zipped::type;
    const vector first = deal_words(rows[0] + at);
    const vector second = deal_words(rows[1] + at);
    const vector third = deal_words(rows[2] + at);
    const vector fourth = deal_words(rows[3] + at);
    const vector low = zip<1, false>(first, second) ^ shift;
    const vector high = zip<1, true>(first, second) ^ shift;
    const vector other_low = zip<1, false>(third, fourth) ^ shift;
    const vector other_high = zip<1, true>(third, fourth) ^ shift;
    auto* const made = reinterpret_cast<zipped::anywhere*>(to);
    made[0] = zip<2, false>(low, other_low);
    made[1] = zip<2, true>(low, other_low);
    made[2] = zip<2, false>(high, other_high);
    made[3] = zip<2, true>(high, other_high);
}

/// Half as many as that, as numbers of 16 bits: of two rows.
[[gnu::always_inline]] inline void zip_two_widened(unsigned char* to, const byte* const* rows,
                                                   long long at) noexcept {
    constexpr int count = zipped_bytes / 2;
    using half = vector_of<byte, count>;
    const auto read = [&](int row) noexcept {
        auto words = __builtin_bit_cast(
            zipped::type,
            widen_half<count>(*reinterpret_cast<const typename half::anywhere*>(rows[row] + at)));
#if defined(__AVX2__)
#if defined(__AVX512BW__)
        constexpr ints<16> order{0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15};
#else
        constexpr ints<8> order{0, 1, 4, 5, 2, 3, 6, 7};
#endif
        words = x86::permute_words(words, order);
#endif
        return words;
    };
    const zipped::type first = read(0);
    const zipped::type second = read(1);
    auto* const made = reinterpret_cast<zipped::anywhere*>(to);
    made[0] = zip<2, false>(first, second);
    made[1] = zip<2, true>(first, second);
}

/// Sixteen groups of two rows.
[[gnu::always_inline]] inline void zip_two(unsigned char* to, const byte* const* rows,
                                           long long at) noexcept {
    using sixteen = vector_of<byte, 16>;
    const sixteen::type left = *reinterpret_cast<const sixteen::anywhere*>(rows[0] + at);
    const sixteen::type right = *reinterpret_cast<const sixteen::anywhere*>(rows[1] + at);
    auto* const made = reinterpret_cast<sixteen::anywhere*>(to);
    made[0] = __builtin_shufflevector(left, right, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22,
                                      7, 23);
    made[1] = __builtin_shufflevector(left, right, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14,
                                      30, 15, 31);
}

} // namespace ctnn::simd
