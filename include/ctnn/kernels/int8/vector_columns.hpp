// SPDX-License-Identifier: BSL-1.0
// The rows of a map under one row of the output, cell by cell beside each other: a column of the
// window is a group of cells then, as dot products want them.
#pragma once

#include <ctnn/kernels/int8/vector_cells.hpp>

namespace ctnn::detail {

using sixteen_bytes = simd::vector_of<signed char, 16>;

[[gnu::always_inline]] inline sixteen_bytes::type zip_low(sixteen_bytes::type left,
                                                          sixteen_bytes::type right) noexcept {
    return __builtin_shufflevector(left, right, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                   23);
}
[[gnu::always_inline]] inline sixteen_bytes::type zip_high(sixteen_bytes::type left,
                                                           sixteen_bytes::type right) noexcept {
    return __builtin_shufflevector(left, right, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14,
                                   30, 15, 31);
}

/// Of pairs of bytes.
[[gnu::always_inline]] inline sixteen_bytes::type
zip_pairs_low(sixteen_bytes::type left, sixteen_bytes::type right) noexcept {
    return __builtin_shufflevector(left, right, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22,
                                   23);
}
[[gnu::always_inline]] inline sixteen_bytes::type
zip_pairs_high(sixteen_bytes::type left, sixteen_bytes::type right) noexcept {
    return __builtin_shufflevector(left, right, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14,
                                   15, 30, 31);
}

/// Sixteen groups.
template <dots Way>
[[gnu::always_inline]] inline void zip_some_rows(unsigned char* to, const int8* const* rows,
                                                 long long at) noexcept {
    using bytes = sixteen_bytes::type;
    const auto read = [&](int row) noexcept {
        return *reinterpret_cast<const sixteen_bytes::anywhere*>(rows[row] + at);
    };
    const auto write = [&](int part, bytes made) noexcept {
        if constexpr (cell_shift(Way) != 0) made ^= static_cast<signed char>(-cell_shift(Way));
        *reinterpret_cast<sixteen_bytes::anywhere*>(to + 16 * part) = made;
    };
    const bytes first = read(0);
    const bytes second = read(1);
    const bytes low = zip_low(first, second);
    const bytes high = zip_high(first, second);
    if constexpr (Way == dots::word_pairs) {
        using words = simd::vector_of<short, 16>;
        auto* const made = reinterpret_cast<words::anywhere*>(to);
        made[0] = simd::widen_half<16>(low);
        made[1] = simd::widen_half<16>(high);
    } else if constexpr (cells_of(Way) == 2) {
        write(0, low);
        write(1, high);
    } else {
        const bytes third = read(2);
        const bytes fourth = read(3);
        const bytes other_low = zip_low(third, fourth);
        const bytes other_high = zip_high(third, fourth);
        write(0, zip_pairs_low(low, other_low));
        write(1, zip_pairs_high(low, other_low));
        write(2, zip_pairs_low(high, other_high));
        write(3, zip_pairs_high(high, other_high));
    }
}

/// `count` groups of as many rows as a group has cells.
template <dots Way>
[[gnu::noinline]] void zip_rows(unsigned char* to, const int8* const* rows,
                                long long count) noexcept {
    constexpr int group = bytes_of_group(Way);
    long long i = 0;
    for (; i <= count - 16; i += 16) zip_some_rows<Way>(to + i * group, rows, i);
    if (i == count) return;
    if (count >= 16) {
        zip_some_rows<Way>(to + (count - 16) * group, rows, count - 16);
        return;
    }
    for (; i < count; ++i)
        for (int row = 0; row < cells_of(Way); ++row)
            copy_cells<Way>(to + i * group + row * bytes_of_cell(Way), rows[row] + i, 1);
}

} // namespace ctnn::detail
