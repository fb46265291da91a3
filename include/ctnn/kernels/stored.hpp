// SPDX-License-Identifier: BSL-1.0
// Weights as a kernel reads them: the vectors that one input is multiplied by make a group, in
// which numbers are float32, float16 or bfloat16. Those of 16 bits are divided by a power of two
// for each output channel, so that the greatest is between 1 and 2: none is too large for a float16
// then, nor are all of them too small. What is summed is multiplied by it again before the bias is
// added.
#pragma once

#include <ctnn/core/halves.hpp>
#include <ctnn/kernels/kernel.hpp>
#include <ctnn/kernels/machine/half.hpp>
#include <ctnn/kernels/simd.hpp>

namespace ctnn {

/// Floats of room for a group of `count` weights: two of 16 bits lie in one.
constexpr int stored_floats(dtype weights, int count) noexcept {
    return weights == dtype::float32 ? count : (count + 1) / 2;
}

/// Floats before the groups of a block of channels: biases, and what sums are multiplied by.
constexpr int stored_begin(dtype weights, int channels) noexcept {
    return weights == dtype::float32 ? channels : 2 * channels;
}

/// The vectors of a group. Two vectors of bfloat16 are halves of the same words, so that a shift
/// brings one and a mask the other.
template <dtype Weights, int Lanes, int Count>
[[gnu::always_inline]] inline void load_stored(const float* from,
                                               simd::floats<Lanes> (&to)[Count]) noexcept {
    const unsigned short* halves = reinterpret_cast<const unsigned short*>(from);
    using short_words = typename simd::vector_of<unsigned short, Lanes>::anywhere;
    using words = typename simd::vector_of<unsigned, Lanes>::type;
    using words_anywhere = typename simd::vector_of<unsigned, Lanes>::anywhere;
    if constexpr (Weights == dtype::float32) {
        _Pragma("GCC unroll 16") for (int n = 0; n < Count; ++n) to[n] =
            simd::load<Lanes>(from + n * Lanes);
    } else if constexpr (Weights == dtype::float16) {
        _Pragma("GCC unroll 16") for (int n = 0; n < Count; ++n) to[n] =
            simd::load_half<Lanes>(halves + n * Lanes);
    } else {
        _Pragma("GCC unroll 16") for (int n = 0; n + 1 < Count; n += 2) {
            const words both = *reinterpret_cast<const words_anywhere*>(halves + n * Lanes);
            to[n] = __builtin_bit_cast(simd::floats<Lanes>, both << 16);
            to[n + 1] = __builtin_bit_cast(simd::floats<Lanes>, both & 0xffff0000U);
        }
        if constexpr (Count % 2 != 0) {
            const auto& last = *reinterpret_cast<const short_words*>(halves + (Count - 1) * Lanes);
            words wide;
            if constexpr (Lanes == 1)
                wide = last;
            else
                wide = __builtin_convertvector(last, words);
            to[Count - 1] = __builtin_bit_cast(simd::floats<Lanes>, wide << 16);
        }
    }
}

/// The weight of a group, counted vector by vector, that lies at a position.
constexpr int stored_at(dtype weights, int lanes, int vectors, int position) noexcept {
    const int pair = position / (2 * lanes);
    if (weights != dtype::bfloat16 || 2 * pair + 1 >= vectors) return position;
    const int inside = position % (2 * lanes);
    return (2 * pair + inside % 2) * lanes + inside / 2;
}

/// Writes a group of weights; weight(i) is the one of lane i % lanes of vector i / lanes. Gives the
/// place behind it.
template <class Weight>
constexpr float* write_stored(dtype weights, int lanes, int vectors, const Weight& weight,
                              float* to) noexcept {
    const int count = lanes * vectors;
    if (weights == dtype::float32) {
        for (int i = 0; i < count; ++i) *to++ = static_cast<float>(weight(i));
        return to;
    }
    const auto bits = [&](int position) noexcept {
        if (position >= count) return 0U;
        const float number = before_halves(weight(stored_at(weights, lanes, vectors, position)));
        return weights == dtype::float16 ? float16_bits(number) : bfloat16_bits(number);
    };
    for (int i = 0; i < count; i += 2)
        *to++ = __builtin_bit_cast(float, bits(i) | bits(i + 1) << 16);
    return to;
}

/// The power of two that leaves the greatest weight between 1 and 2; 1 if there is none.
constexpr double power_of_two_in(double size) noexcept {
    constexpr double least = 0x1p-126;
    constexpr double most = 0x1p127;
    if (!(size > 0)) return 1;
    const auto exponent = __builtin_bit_cast(unsigned long long, size) & 0x7ff0000000000000ULL;
    return math::clamp(__builtin_bit_cast(double, exponent), least, most);
}

/// Channels that are packed together, and what their weights are multiplied by for that.
struct stored_channels {
    static constexpr int most = 256;
    int first = 0; ///< filter
    int count = 0; ///< the channels of a block that exist
    double factors[most]{};

    /// Takes `width` channels from `filter` on, `known` of which exist, and writes what comes
    /// before their groups. A filter has `elements` weights.
    constexpr stored_channels(const weight_source& source, const geometry& g, dtype weights,
                              int filter, int known, int width, long elements, float*& to) noexcept
        : first(filter), count(math::clamp(known, 0, width)) {
        for (int n = 0; n < width; ++n) {
            to[n] = n < count ? static_cast<float>(source.shift(first + n)) : 0;
            if (n < count) factors[n] = source.scale(first + n);
        }
        to += width;
        if (weights == dtype::float32) return;
        double largest[most]{};
        for (long i = 0; i < elements; ++i)
            for (int n = 0; n < count; ++n) {
                const double size =
                    math::abs(static_cast<double>(source.kernel[i * g.filters + first + n]));
                if (size > largest[n] && size < math::infinity) largest[n] = size;
            }
        for (int n = 0; n < width; ++n) {
            const double power = power_of_two_in(largest[n] * math::abs(factors[n]));
            factors[n] /= power;
            to[n] = static_cast<float>(power);
        }
        to += width;
    }

    /// A weight of channel n, as it is stored; 0 if there is no such channel.
    constexpr double weight(const weight_source& source, const geometry& g, long element,
                            int n) const noexcept {
        if (n >= count) return 0;
        return static_cast<double>(source.kernel[element * g.filters + first + n]) * factors[n];
    }
};

} // namespace ctnn
