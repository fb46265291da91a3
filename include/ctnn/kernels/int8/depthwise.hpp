// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on int8. Every tap is a row of channels; a tap beyond the map is a row of
// the zero point, so that -zero * sum of weights can be part of the bias.
//
// Packed: for each filter its bias, then all multipliers, all shifts, then the taps, each a row of
// filters.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>

#include <cstddef>

namespace ctnn {

namespace detail {

inline constexpr int most_int8_taps = 64;

constexpr void pack_int8_depthwise(const int8_source& source, const int8_geometry& g,
                                   const kernel_key&, unsigned char* to) noexcept {
    const int filters = g.map.filters;
    const int taps = g.map.window[1] * g.map.window[2];
    for (int f = 0; f < filters; ++f) {
        int sum = 0;
        for (int tap = 0; tap < taps; ++tap) {
            const int8 weight = source.kernel[tap * filters + f];
            sum += weight;
            to[12 * filters + tap * filters + f] = static_cast<unsigned char>(weight);
        }
        write_int(to + 4 * f, (source.bias ? source.bias[f] : 0) - g.input_zero * sum);
        write_int(to + 4 * (filters + f), source.factors[f].multiplier);
        write_int(to + 4 * (2 * filters + f), source.factors[f].shift);
    }
}

template <kernel_key Key>
[[gnu::noinline]] void depthwise_int8_kernel(const int8_operands& o,
                                             const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const int filters = map.filters;
    const int multiple = filters / map.channels;
    const int taps = map.window[1] * map.window[2];
    const int8* const beyond = reinterpret_cast<const int8*>(o.scratch);
    __builtin_memset(o.scratch, g.input_zero, static_cast<std::size_t>(map.channels));
    const unsigned char* const weights = o.weights + 12 * filters;
    int8* output = o.output;
    for (int y = 0; y < map.out[1]; ++y)
        for (int x = 0; x < map.out[2]; ++x, output += filters) {
            const int8* rows[most_int8_taps];
            for (int tap = 0; tap < taps; ++tap) {
                const int row =
                    y * map.stride[1] - map.before[1] + tap / map.window[2] * map.dilation[1];
                const int column =
                    x * map.stride[2] - map.before[2] + tap % map.window[2] * map.dilation[2];
                const bool inside =
                    row >= 0 && row < map.in[1] && column >= 0 && column < map.in[2];
                rows[tap] =
                    inside ? o.input + (1LL * row * map.in[2] + column) * map.channels : beyond;
            }
            for (int f = 0; f < filters; ++f) {
                int sum = read_int(o.weights + 4 * f);
                const int channel = multiple == 1 ? f : f / multiple;
                for (int tap = 0; tap < taps; ++tap)
                    sum += rows[tap][channel] * static_cast<int8>(weights[tap * filters + f]);
                const rescale factor{read_int(o.weights + 4 * (filters + f)),
                                     read_int(o.weights + 4 * (2 * filters + f))};
                output[f] = static_cast<int8>(
                    math::clamp(fixed::scaled(sum, factor) + g.output_zero, g.low, g.high));
            }
        }
}

} // namespace detail

constexpr int8_choice choose_int8_depthwise(const int8_geometry& g,
                                            const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.window[0] != 1 || map.in[0] != 1 ||
        map.window[1] * map.window[2] > detail::most_int8_taps)
        return choice;
    choice.key.kind = kernel_kind::depthwise;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.key.lanes = 1;
    choice.pack = &detail::pack_int8_depthwise;
    choice.packed_bytes = 1LL * map.filters * (12 + map.window[1] * map.window[2]);
    choice.kept_bytes = map.channels;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::depthwise &&
         Key.weights == dtype::int8) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::depthwise_int8_kernel<Key>;

} // namespace ctnn
