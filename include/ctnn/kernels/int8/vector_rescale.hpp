// SPDX-License-Identifier: BSL-1.0
// From a tile's sums to cells, by vectors: the rule of rounding::twice, to the bit.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/int8_dots.hpp>
#include <ctnn/kernels/machine/int8_narrow.hpp>
#include <ctnn/kernels/machine/int8_scale.hpp>

namespace ctnn::detail {

template <int Lanes>
[[gnu::always_inline]] inline simd::ints<Lanes> load_ints(const void* from) noexcept {
    return *static_cast<const typename simd::vector_of<int, Lanes>::anywhere*>(from);
}

/// What comes before a block's weights: whether all factors are below one half, then biases,
/// multipliers, shifts, and of long vectors what is added to the products of even and odd lanes.
struct block_head {
    int lanes;
    int block;

    static constexpr int flag_bytes = 64;

    constexpr int part_bytes() const noexcept { return 4 * block; }
    constexpr int parts() const noexcept { return lanes >= 8 ? 5 : 3; }
    constexpr int bytes() const noexcept { return flag_bytes + parts() * part_bytes(); }

    constexpr void begin(unsigned char* to) const noexcept {
        for (int i = 0; i < flag_bytes; ++i) to[i] = i == 0 ? 1 : 0;
    }
    /// Filters in turn; what is 0 counts as below one half.
    constexpr void write(unsigned char* to, int v, int bias, const rescale& factor) const noexcept {
        const int shift = factor.multiplier == 0 ? -1 : factor.shift;
        if (shift >= 0 || shift < -31) to[0] = 0;
        unsigned char* const part = to + flag_bytes;
        write_int(part + 4 * v, bias);
        write_int(part + part_bytes() + 4 * v, factor.multiplier);
        write_int(part + 2 * part_bytes() + 4 * v, shift);
        if (lanes < 8) return;
        const unsigned long long added = simd::added_to_product(shift);
        unsigned char* const own = part + (3 + v % 2) * part_bytes() + 4 * (v - v % 2);
        write_int(own, static_cast<int>(static_cast<unsigned>(added)));
        write_int(own + 4, static_cast<int>(static_cast<unsigned>(added >> 32)));
    }
};

/// Four vectors of numbers as cells.
template <int Lanes> struct lane_cells {
    simd::double_shorts<Lanes> zero;
    simd::quad_bytes<Lanes> low;
    simd::quad_bytes<Lanes> high;

    [[gnu::always_inline]] explicit lane_cells(const int8_geometry& g) noexcept
        : zero(static_cast<short>(g.output_zero) - simd::double_shorts<Lanes>{}),
          low(static_cast<int8>(g.low) - simd::quad_bytes<Lanes>{}),
          high(static_cast<int8>(g.high) - simd::quad_bytes<Lanes>{}) {}
    [[gnu::always_inline]] simd::quad_bytes<Lanes>
    of(const simd::ints<Lanes> (&numbers)[4]) const noexcept {
        return simd::narrow<Lanes>(numbers, zero, low, high);
    }
};

/// What becomes of a tile's sums.
struct int8_ending {
    const unsigned char* head; ///< of the block
    int first;                 ///< of the block's filters
    int block;
    int8* output;
    long long step;  ///< from the cells of one pixel to those of the next
    long long limit; ///< bytes that may be written from `output` on, if any
    int pixels;
    int count;     ///< cells of a pixel
    int sums_step; ///< vectors of sums from one pixel to the next
};

/// The factors of a vector of filters.
template <bool Short, int Lanes>
[[gnu::always_inline]] inline auto factors_in(const int8_ending& end, int vector) noexcept {
    const unsigned char* const own =
        end.head + block_head::flag_bytes + 4 * (end.first + vector * Lanes);
    const int part = 4 * end.block;
    const auto by = load_ints<Lanes>(own + part);
    const auto shift = load_ints<Lanes>(own + 2 * part);
    if constexpr (!Short)
        return simd::lane_factors<Lanes>{by, shift};
    else if constexpr (Lanes >= 8)
        return simd::short_factors<Lanes>{by, shift, load_ints<Lanes>(own + 3 * part),
                                          load_ints<Lanes>(own + 4 * part)};
    else
        return simd::short_factors<Lanes>{by, shift, simd::ints<Lanes>{}, simd::ints<Lanes>{}};
}

/// One after the other: few vectors of sums of several pixels make four.
template <bool Short, bool Negative, int Lanes, int Vectors>
[[gnu::noinline]] void scale_int8_sums(const simd::ints<Lanes>* sums, const int8_ending& ending,
                                       const int8_geometry& g) noexcept {
    const int8_ending end = ending;
    constexpr int together = 4 / Vectors; // pixels
    constexpr int size = 4 * Lanes;
    constexpr int room = size / together; // of a pixel
    using factors_type = decltype(factors_in<Short, Lanes>(end, 0));
    const factors_type factors[4]{factors_in<Short, Lanes>(end, 0),
                                  factors_in<Short, Lanes>(end, Vectors > 1 ? 1 : 0),
                                  factors_in<Short, Lanes>(end, Vectors > 2 ? 2 : 0),
                                  factors_in<Short, Lanes>(end, Vectors > 3 ? 3 : 0)};
    const lane_cells<Lanes> cells{g};
    const bool dense = end.count == Vectors * Lanes && (together == 1 || end.step == end.count);
    int8* output = end.output;
    long long limit = end.limit;
    for (int p = 0; p < end.pixels; p += together) {
        const int used = math::min(together, end.pixels - p);
        simd::ints<Lanes> numbers[4];
        _Pragma("GCC unroll 4") for (int v = 0; v < together * Vectors; ++v) {
            const int pixel = v < Vectors ? 0 : math::min(v / Vectors, used - 1);
            numbers[v] = factors[v % Vectors].template scaled<Negative>(
                sums[pixel * end.sums_step + v % Vectors]);
        }
        if constexpr (Vectors == 3) numbers[3] = numbers[0];
        const simd::quad_bytes<Lanes> made = cells.of(numbers);
        if (dense && limit >= used * Vectors * Lanes) {
            simd::store_bytes(output, made, used * Vectors * Lanes);
        } else {
            alignas(size) int8 each[size];
            *reinterpret_cast<simd::quad_bytes<Lanes>*>(each) = made;
            for (int k = 0; k < used; ++k)
                simd::copy_bytes<room>(
                    output + k * end.step, each + k * Vectors * Lanes,
                    static_cast<int>(math::clamp<long long>(limit - k * end.step, 0, end.count)));
        }
        sums += together * end.sums_step;
        output += together * end.step;
        limit -= together * end.step;
    }
}

/// Up to four vectors of sums of each pixel. Not part of the tile, whose loops need all registers.
template <int Lanes, int Vectors>
[[gnu::always_inline]] inline void write_int8_sums(const simd::ints<Lanes>* sums,
                                                   const int8_ending& end,
                                                   const int8_geometry& g) noexcept {
    static_assert(Vectors >= 1 && Vectors <= 4);
    if (end.head[0] == 0)
        scale_int8_sums<false, true, Lanes, Vectors>(sums, end, g);
    else if (g.low >= g.output_zero)
        scale_int8_sums<true, false, Lanes, Vectors>(sums, end, g);
    else
        scale_int8_sums<true, true, Lanes, Vectors>(sums, end, g);
}

} // namespace ctnn::detail
