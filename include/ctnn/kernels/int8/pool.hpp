// SPDX-License-Identifier: BSL-1.0
// Pools over windows on int8.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/quantized/pools.hpp>

namespace ctnn {

namespace detail {

template <kernel_key Key>
[[gnu::noinline]] void pool_int8_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    constexpr bool mean = Key.detail == 1;
    const geometry& map = g.map;
    const int channels = map.channels;
    int8* output = o.output;
    for (int y = 0; y < map.out[1]; ++y)
        for (int x = 0; x < map.out[2]; ++x, output += channels) {
            const int top = y * map.stride[1] - map.before[1];
            const int left = x * map.stride[2] - map.before[2];
            for (int c = 0; c < channels; ++c) {
                int joined = mean ? 0 : least_int8;
                int count = 0;
                for (int j = 0; j < map.window[1]; ++j)
                    for (int k = 0; k < map.window[2]; ++k) {
                        const int row = top + j * map.dilation[1];
                        const int column = left + k * map.dilation[2];
                        if (row < 0 || row >= map.in[1] || column < 0 || column >= map.in[2])
                            continue;
                        const int read = o.input[(1LL * row * map.in[2] + column) * channels + c];
                        joined = mean ? joined + read : math::max(joined, read);
                        ++count;
                    }
                output[c] = static_cast<int8>(
                    math::clamp(mean ? rounded_mean(joined, count) : joined, g.low, g.high));
            }
        }
}

} // namespace detail

constexpr int8_choice choose_int8_pool(const int8_geometry& g, const target& machine,
                                       bool mean) noexcept {
    int8_choice choice;
    if (g.map.window[0] != 1 || g.map.in[0] != 1) return choice;
    choice.key.kind = kernel_kind::pool;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.key.lanes = 1;
    choice.key.detail = mean ? 1 : 0;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::pool && Key.weights == dtype::int8) inline constexpr int8_function
    int8_kernel_of<Key> = &detail::pool_int8_kernel<Key>;

} // namespace ctnn
