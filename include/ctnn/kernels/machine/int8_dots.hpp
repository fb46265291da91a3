// SPDX-License-Identifier: BSL-1.0
// Sums of products of neighbouring cells, as instruction sets have them: each lane of 32 bits adds
// a group of cells times a group of weights. By asm, for g++ takes the builtins for functions that
// may throw; elsewhere in plain C++, so that any machine computes what any other does.
#pragma once

#include <ctnn/kernels/simd.hpp>
#include <ctnn/plan/target.hpp>

namespace ctnn {

/// What a group is. No product or sum saturates.
enum class dots : unsigned char {
    none,
    shifted_bytes, ///< four cells plus 128 by four weights of 8 bits: AVX-512 VNNI
    bytes,         ///< four cells by four weights of 8 bits: Arm's dot products
    byte_pairs,    ///< two by two of 8 bits: NEON
    word_pairs     ///< two by two of 16 bits: AVX2, AVX-512
};

constexpr int cells_of(dots way) noexcept {
    return way == dots::shifted_bytes || way == dots::bytes ? 4 : 2;
}
constexpr int bytes_of_cell(dots way) noexcept { return way == dots::word_pairs ? 2 : 1; }
constexpr int bytes_of_group(dots way) noexcept { return cells_of(way) * bytes_of_cell(way); }
/// What is added to a cell, which the bias has to take away again.
constexpr int cell_shift(dots way) noexcept { return way == dots::shifted_bytes ? 128 : 0; }

/// The way of a machine; none where it has no such instructions.
constexpr dots dots_of(const target& machine) noexcept {
    switch (machine.instructions) {
    case isa::avx512: return machine.dots ? dots::shifted_bytes : dots::word_pairs;
    case isa::avx2: return dots::word_pairs;
    case isa::neon: return machine.dots ? dots::bytes : dots::byte_pairs;
    default: return dots::none;
    }
}

namespace simd {

using byte = signed char;

template <bool First, class Left, class Right> struct either_number { using type = Left; };
template <class Left, class Right> struct either_number<false, Left, Right> { using type = Right; };
template <bool First, class Left, class Right>
using conditional_number = typename either_number<First, Left, Right>::type;

/// A group in each lane.
template <dots Way, int Lanes>
using groups = typename vector_of<byte, Lanes * bytes_of_group(Way)>::type;

template <dots Way, int Lanes>
[[gnu::always_inline]] inline groups<Way, Lanes> load_groups(const void* from) noexcept {
    return *static_cast<const typename vector_of<byte, Lanes * bytes_of_group(Way)>::anywhere*>(
        from);
}

/// One group in all lanes.
template <dots Way, int Lanes>
[[gnu::always_inline]] inline groups<Way, Lanes> spread_group(const void* from) noexcept {
    using all = groups<Way, Lanes>;
    constexpr int size = bytes_of_group(Way);
    using number = typename vector_of<conditional_number<size == 2, short, int>, Lanes>::type;
    [[maybe_unused]] const auto& group =
        *static_cast<const typename vector_of<byte, size>::anywhere*>(from);
#if defined(__AVX512F__)
    if constexpr (Lanes == 16 && size == 4) {
        all groups;
        asm("vpbroadcastd %1, %0" : "=v"(groups) : "m"(group));
        return groups;
    }
#endif
#if defined(__AVX2__)
    if constexpr (Lanes == 8 && size == 4) {
        all groups;
        asm("vpbroadcastd %1, %0" : "=x"(groups) : "m"(group));
        return groups;
    }
#endif
    conditional_number<size == 2, short, int> bits;
    __builtin_memcpy(&bits, from, size);
    return __builtin_bit_cast(all, bits - number{});
}

/// In plain C++.
template <dots Way, int Lanes>
[[gnu::always_inline]] inline ints<Lanes> plain_dot(ints<Lanes> sum, groups<Way, Lanes> cells,
                                                    groups<Way, Lanes> weights) noexcept {
    constexpr int group = cells_of(Way);
    if constexpr (Way == dots::word_pairs) {
        using words = typename vector_of<short, 2 * Lanes>::type;
        const words read = __builtin_bit_cast(words, cells);
        const words by = __builtin_bit_cast(words, weights);
        for (int i = 0; i < Lanes; ++i)
            for (int k = 0; k < group; ++k) sum[i] += read[group * i + k] * by[group * i + k];
    } else {
        constexpr int mask = Way == dots::shifted_bytes ? 255 : -1;
        for (int i = 0; i < Lanes; ++i)
            for (int k = 0; k < group; ++k)
                sum[i] += (cells[group * i + k] & mask) * weights[group * i + k];
    }
    return sum;
}

/// sum + cells by weights, lane by lane.
template <dots Way, int Lanes>
[[gnu::always_inline]] inline ints<Lanes> dot(ints<Lanes> sum, groups<Way, Lanes> cells,
                                              groups<Way, Lanes> weights) noexcept {
#if defined(__AVX512VNNI__)
    if constexpr (Way == dots::shifted_bytes && Lanes == 16) {
        asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(cells), "v"(weights));
        return sum;
    }
#endif
#if defined(__AVX512BW__)
    if constexpr (Way == dots::word_pairs && Lanes == 16) {
        ints<Lanes> products;
        asm("vpmaddwd %2, %1, %0" : "=v"(products) : "v"(cells), "vm"(weights));
        return sum + products;
    }
#endif
#if defined(__AVX2__)
    if constexpr (Way == dots::word_pairs && Lanes == 8) {
        ints<Lanes> products;
        asm("vpmaddwd %2, %1, %0" : "=x"(products) : "x"(cells), "xm"(weights));
        return sum + products;
    }
#endif
#if defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)
    if constexpr (Way == dots::bytes && Lanes == 4) {
        asm("sdot %0.4s, %1.16b, %2.16b" : "+w"(sum) : "w"(cells), "w"(weights));
        return sum;
    }
#endif
#if defined(__aarch64__)
    if constexpr (Way == dots::byte_pairs && Lanes == 4) {
        typename vector_of<short, 8>::type products;
        asm("smull %0.8h, %1.8b, %2.8b" : "=w"(products) : "w"(cells), "w"(weights));
        asm("sadalp %0.4s, %1.8h" : "+w"(sum) : "w"(products));
        return sum;
    }
#endif
    return plain_dot<Way, Lanes>(sum, cells, weights);
}

} // namespace simd
} // namespace ctnn
