// SPDX-License-Identifier: BSL-1.0
// Pools over windows on int8 by vectors of channels: the greatest of bytes, or sums of 32 bits.
#pragma once

#include <ctnn/kernels/int8/vector_rescale.hpp>
#include <ctnn/quantized/pools.hpp>

namespace ctnn {

namespace detail {

/// Means are divisions of floats: of at most so many cells they are exact, since a quotient below
/// 2^8 that is no whole number is further from one than floats are from each other.
inline constexpr int most_cells_of_mean = 1 << 15;

/// The part of a window that lies on the map.
struct pool_part {
    const int8* from;
    int rows;
    int columns;
    long long row;    ///< bytes from one row of the window to the next
    long long column; ///< from one cell to the next
};

constexpr int first_inside(int start, int dilation) noexcept {
    return start < 0 ? math::ceil_div(-start, dilation) : 0;
}
constexpr int last_inside(int start, int dilation, int window, int extent) noexcept {
    return start >= extent ? 0 : math::min(window, math::ceil_div(extent - start, dilation));
}

inline pool_part find_pool_part(const int8* input, const geometry& map, int y, int x) noexcept {
    const int top = y * map.stride[1] - map.before[1];
    const int left = x * map.stride[2] - map.before[2];
    const int j = first_inside(top, map.dilation[1]);
    const int k = first_inside(left, map.dilation[2]);
    const long long row = 1LL * map.in[2] * map.channels;
    return {input + (top + j * map.dilation[1]) * row +
                1LL * (left + k * map.dilation[2]) * map.channels,
            math::max(0, last_inside(top, map.dilation[1], map.window[1], map.in[1]) - j),
            math::max(0, last_inside(left, map.dilation[2], map.window[2], map.in[2]) - k),
            row * map.dilation[1], 1LL * map.channels * map.dilation[2]};
}

/// Lanes channels; no others are read.
template <int Lanes, bool Mean>
[[gnu::always_inline]] inline void pool_channels(const pool_part& part, int channel, int8* output,
                                                 const int8_geometry& g) noexcept {
    using bytes = simd::vector_of<signed char, Lanes>;
    using ints = simd::ints<Lanes>;
    typename bytes::type made;
    const typename bytes::type low = static_cast<int8>(g.low) - typename bytes::type{};
    const typename bytes::type high = static_cast<int8>(g.high) - typename bytes::type{};
    if constexpr (Mean) {
        ints sum{};
        const int8* row = part.from + channel;
        for (int j = 0; j < part.rows; ++j, row += part.row) {
            const int8* cell = row;
            for (int k = 0; k < part.columns; ++k, cell += part.column)
                sum += simd::widen<Lanes>(cell);
        }
        const int count = part.rows * part.columns;
        const ints half = ints{} + count / 2;
        const auto number =
            __builtin_convertvector(sum + (sum > 0 ? half : -half), simd::floats<Lanes>) /
            static_cast<float>(count);
        made = __builtin_convertvector(__builtin_convertvector(number, ints), typename bytes::type);
    } else {
        made = static_cast<int8>(least_int8) - typename bytes::type{};
        const int8* row = part.from + channel;
        for (int j = 0; j < part.rows; ++j, row += part.row) {
            const int8* cell = row;
            for (int k = 0; k < part.columns; ++k, cell += part.column)
                made = simd::greater_bytes(
                    made, *reinterpret_cast<const typename bytes::anywhere*>(cell));
        }
    }
    made = simd::lesser_bytes(simd::greater_bytes(made, low), high);
    *reinterpret_cast<typename bytes::anywhere*>(output + channel) = made;
}

template <kernel_key Key>
[[gnu::noinline]] void pool_vectors_kernel(const int8_operands& o,
                                           const int8_geometry& g) noexcept {
    constexpr bool mean = Key.detail == 1;
    constexpr int lanes = Key.lanes;
    const geometry& map = g.map;
    const int channels = map.channels;
    int8* output = o.output;
    for (int y = 0; y < map.out[1]; ++y)
        for (int x = 0; x < map.out[2]; ++x, output += channels) {
            const pool_part part = find_pool_part(o.input, map, y, x);
            int c = 0;
            for (; c <= channels - lanes; c += lanes)
                pool_channels<lanes, mean>(part, c, output, g);
            if (c == channels) continue;
            if (channels >= lanes) {
                pool_channels<lanes, mean>(part, channels - lanes, output, g);
                continue;
            }
            for (; c <= channels - 4; c += 4) pool_channels<4, mean>(part, c, output, g);
            for (; c < channels; ++c) {
                int joined = mean ? 0 : least_int8;
                for (int j = 0; j < part.rows; ++j)
                    for (int k = 0; k < part.columns; ++k) {
                        const int cell = part.from[c + j * part.row + k * part.column];
                        joined = mean ? joined + cell : math::max(joined, cell);
                    }
                output[c] = static_cast<int8>(math::clamp(
                    mean ? rounded_mean(joined, part.rows * part.columns) : joined, g.low, g.high));
            }
        }
}

} // namespace detail

constexpr int8_choice choose_pool_vectors(const int8_geometry& g, const target& machine,
                                          bool mean) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (dots_of(machine) == dots::none || map.window[0] != 1 || map.in[0] != 1 ||
        1LL * map.window[1] * map.window[2] > detail::most_cells_of_mean)
        return choice;
    choice.key.kind = kernel_kind::pool_vectors;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.key.lanes = mean ? machine.lanes : 4 * machine.lanes;
    choice.key.detail = mean ? 1 : 0;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::pool_vectors) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::pool_vectors_kernel<Key>;

} // namespace ctnn
