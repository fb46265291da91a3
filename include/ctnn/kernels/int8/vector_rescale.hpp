// SPDX-License-Identifier: BSL-1.0
// From a tile's sums to cells, by vectors: the rule of rounding::twice, to the bit.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/int8_dots.hpp>
#include <ctnn/kernels/machine/int8_narrow.hpp>

namespace ctnn::detail {

template <int Lanes>
[[gnu::always_inline]] inline simd::ints<Lanes> load_ints(const void* from) noexcept {
    return *static_cast<const typename simd::vector_of<int, Lanes>::anywhere*>(from);
}

/// What sums are multiplied by.
template <int Lanes> struct lane_factors {
    using ints = simd::ints<Lanes>;
    using unsigneds = typename simd::vector_of<unsigned, Lanes>::type;
    simd::multipliers<Lanes> multiplier;
    ints left;
    ints rounds; ///< all bits where something is shifted to the right
    ints right;  ///< all of that but the last bit
    ints last;

    [[gnu::always_inline]] lane_factors(ints by, ints shift) noexcept
        : multiplier(by), left(shift & (shift > 0)), rounds(shift < 0),
          right((-1 - shift) & rounds), last(-rounds) {}
    [[gnu::always_inline]] explicit lane_factors(const rescale& by) noexcept
        : lane_factors(by.multiplier - ints{}, by.shift - ints{}) {}

    [[gnu::always_inline]] ints scaled(ints sum) const noexcept {
        const auto shifted = __builtin_bit_cast(unsigneds, sum)
                             << __builtin_bit_cast(unsigneds, left);
        const ints high = simd::multiply_high<Lanes>(__builtin_bit_cast(ints, shifted), multiplier);
        // Half is added to the last bit: to a number of 32 bits there is not always room.
        return (((high + ((high >> 31) & rounds)) >> right) + last) >> last;
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
    const unsigned char* factors; ///< multipliers; shifts lie `apart` bytes on
    int apart;
    int8* output;
    long long step;  ///< from the cells of one pixel to those of the next
    long long limit; ///< bytes that may be written from `output` on, if any
    int pixels;
    int count;     ///< cells of a pixel
    int sums_step; ///< vectors of sums from one pixel to the next
};

/// Up to four vectors of sums of each pixel. Not part of the tile, whose loops need all registers.
template <int Lanes, int Vectors>
[[gnu::noinline]] void write_int8_sums(const simd::ints<Lanes>* sums, const int8_ending& end,
                                       const int8_geometry& g) noexcept {
    using ints = simd::ints<Lanes>;
    static_assert(Vectors >= 1 && Vectors <= 4);
    constexpr int size = 4 * Lanes;
    const auto factors_of = [&](int v) noexcept {
        const unsigned char* const from = end.factors + (v < Vectors ? v : 0) * size;
        return lane_factors<Lanes>{load_ints<Lanes>(from), load_ints<Lanes>(from + end.apart)};
    };
    const lane_factors<Lanes> factors[4]{factors_of(0), factors_of(1), factors_of(2),
                                         factors_of(3)};
    const lane_cells<Lanes> cells{g};
    int8* output = end.output;
    long long limit = end.limit;
    for (int p = 0; p < end.pixels; ++p, sums += end.sums_step) {
        ints numbers[4];
        _Pragma("GCC unroll 4") for (int v = 0; v < Vectors; ++v) numbers[v] =
            factors[v].scaled(sums[v]);
        _Pragma("GCC unroll 4") for (int v = Vectors; v < 4; ++v) numbers[v] = numbers[0];
        const int count = static_cast<int>(math::clamp<long long>(limit, 0, end.count));
        simd::store_bytes(output, cells.of(numbers), count);
        output += end.step;
        limit -= end.step;
    }
}

} // namespace ctnn::detail
