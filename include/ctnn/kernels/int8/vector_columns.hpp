// SPDX-License-Identifier: BSL-1.0
// The rows of a map under one row of the output, cell by cell beside each other: a column of the
// window is a group of cells then, as dot products want them.
#pragma once

#include <ctnn/kernels/int8/vector_cells.hpp>
#include <ctnn/kernels/machine/int8_zip.hpp>

namespace ctnn::detail {

/// How many groups are made at a time.
constexpr int zipped_groups(dots way) noexcept {
    return way == dots::word_pairs   ? simd::zipped_bytes / 2
           : way == dots::byte_pairs ? 16
                                     : simd::zipped_bytes;
}

template <dots Way>
[[gnu::always_inline]] inline void zip_some_rows(unsigned char* to, const int8* const* rows,
                                                 long long at) noexcept {
    if constexpr (Way == dots::word_pairs)
        simd::zip_two_widened(to, rows, at);
    else if constexpr (Way == dots::byte_pairs)
        simd::zip_two(to, rows, at);
    else
        simd::zip_four(to, rows, at, static_cast<int8>(-cell_shift(Way)));
}

/// `count` groups of as many rows as a group has cells.
template <dots Way>
[[gnu::noinline]] void zip_rows(unsigned char* to, const int8* const* rows,
                                long long count) noexcept {
    constexpr int group = bytes_of_group(Way);
    constexpr int wide = zipped_groups(Way);
    long long i = 0;
    for (; i <= count - wide; i += wide) zip_some_rows<Way>(to + i * group, rows, i);
    if (i == count) return;
    if (count >= wide) {
        zip_some_rows<Way>(to + (count - wide) * group, rows, count - wide);
        return;
    }
    for (; i < count; ++i)
        for (int row = 0; row < cells_of(Way); ++row)
            copy_cells<Way>(to + i * group + row * bytes_of_cell(Way), rows[row] + i, 1);
}

} // namespace ctnn::detail
