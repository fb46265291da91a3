// SPDX-License-Identifier: BSL-1.0
// Means over windows on int8: four channels at a time, summed as pairs of 16-bit numbers.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/dsp.hpp>
#include <ctnn/quantized/pools.hpp>

namespace ctnn {

namespace detail {

/// The part of a window that lies in the map, along one axis.
struct window_part {
    int begin;
    int end;

    constexpr window_part(const geometry& map, int axis, int at) noexcept
        : begin(math::max(at * map.stride[axis] - map.before[axis], 0)),
          end(math::min(at * map.stride[axis] - map.before[axis] + map.window[axis],
                        map.in[axis])) {}
};

template <kernel_key Key>
[[gnu::noinline]] void pool_pairs_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const int channels = map.channels;
    int8* output = o.output;
    for (int y = 0; y < map.out[1]; ++y)
        for (int x = 0; x < map.out[2]; ++x) {
            const window_part rows{map, 1, y};
            const window_part columns{map, 2, x};
            const int count = (rows.end - rows.begin) * (columns.end - columns.begin);
            for (int c = 0; c < channels; c += 4, output += 4) {
                int even = 0;
                int odd = 0;
                for (int row = rows.begin; row < rows.end; ++row) {
                    const int8* read = o.input + (row * map.in[2] + columns.begin) * channels + c;
                    for (int column = columns.begin; column < columns.end; ++column) {
                        const int word = dsp::load_word(read);
                        even = dsp::add_even_bytes(even, word);
                        odd = dsp::add_odd_bytes(odd, word);
                        read += channels;
                    }
                }
                const int sums[]{dsp::low_half(even), dsp::low_half(odd), dsp::high_half(even),
                                 dsp::high_half(odd)};
                for (int i = 0; i < 4; ++i)
                    output[i] =
                        static_cast<int8>(math::clamp(rounded_mean(sums[i], count), g.low, g.high));
            }
        }
}

} // namespace detail

/// Means whose sums fit into 16 bits.
constexpr int8_choice choose_pool_pairs(const int8_geometry& g, const target& machine,
                                        bool mean) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (!mean || map.window[0] != 1 || map.in[0] != 1 || map.channels % 4 != 0 ||
        map.window[1] * map.window[2] > 255 || map.dilation[1] != 1 || map.dilation[2] != 1)
        return choice;
    choice.key.kind = kernel_kind::pool_pairs;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::pool_pairs) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::pool_pairs_kernel<Key>;

} // namespace ctnn
