// SPDX-License-Identifier: BSL-1.0
// Copies of cells in the form in which vectors multiply them, with what lies beyond the map.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/int8_dots.hpp>
#include <ctnn/kernels/machine/int8_narrow.hpp>

#include <cstddef>

namespace ctnn::detail {

/// Bytes behind a copy that may be read and do not count.
inline constexpr int cells_beyond = 128;

template <dots Way, int Bytes>
[[gnu::always_inline]] inline void copy_some_cells(unsigned char* to, const int8* from) noexcept {
    using cells = simd::vector_of<signed char, Bytes>;
    const typename cells::type read = *reinterpret_cast<const typename cells::anywhere*>(from);
    if constexpr (Way == dots::word_pairs) {
        using words = simd::vector_of<short, Bytes>;
        *reinterpret_cast<typename words::anywhere*>(to) = simd::widen_half<Bytes>(read);
    } else {
        *reinterpret_cast<typename cells::anywhere*>(to) =
            read ^ static_cast<signed char>(-cell_shift(Way));
    }
}

/// Copies cells; reads and writes no others.
template <dots Way>
[[gnu::always_inline]] inline void copy_cells(unsigned char* to, const int8* from,
                                              long long count) noexcept {
    constexpr int wide = Way == dots::word_pairs ? simd::register_bytes / 2 : simd::register_bytes;
    constexpr int size = bytes_of_cell(Way);
    long long i = 0;
    if (count >= wide) {
        for (; i <= count - wide; i += wide) copy_some_cells<Way, wide>(to + i * size, from + i);
        if (i < count) copy_some_cells<Way, wide>(to + (count - wide) * size, from + count - wide);
        return;
    }
    for (; i <= count - 8; i += 8) copy_some_cells<Way, 8>(to + i * size, from + i);
    for (; i < count; ++i) {
        if constexpr (Way == dots::word_pairs) {
            const short word = from[i];
            __builtin_memcpy(to + 2 * i, &word, 2);
        } else {
            to[i] = static_cast<unsigned char>(from[i] ^ -cell_shift(Way));
        }
    }
}

/// Writes one cell `count` times.
template <dots Way>
[[gnu::always_inline]] inline void fill_cells(unsigned char* to, int cell,
                                              long long count) noexcept {
    if constexpr (Way == dots::word_pairs) {
        const short word = static_cast<short>(cell);
        for (long long i = 0; i < count; ++i) __builtin_memcpy(to + 2 * i, &word, 2);
    } else {
        __builtin_memset(to, cell ^ cell_shift(Way), static_cast<std::size_t>(count));
    }
}

} // namespace ctnn::detail
