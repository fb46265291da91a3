// SPDX-License-Identifier: BSL-1.0
// Pools whose windows differ by a cell, so that there are as many as the output is to have cells:
// output i of n reads the cells from floor(i * extent / n) to ceil((i + 1) * extent / n).
#pragma once

#include <ctnn/kernels/pool.hpp>
#include <ctnn/layers/adaptive_pool.hpp>

namespace ctnn {

template <kernel_key Key> void uneven_pool(const operands& o, const geometry& g) noexcept {
    constexpr int lanes = Key.lanes;
    constexpr int way = Key.detail;
    const long long channels = g.channels;
    const auto low = simd::broadcast<lanes>(g.low);
    const auto high = simd::broadcast<lanes>(g.high);
    detail::pool_place place{};
    place.step[2] = channels;
    place.step[1] = g.in[2] * channels;
    place.step[0] = g.in[1] * place.step[1];
    float* to = o.output;
    for (int z = 0; z < g.out[0]; ++z)
        for (int y = 0; y < g.out[1]; ++y)
            for (int x = 0; x < g.out[2]; ++x, to += channels) {
                const int at[3]{z, y, x};
                place.first = o.input;
                long long cells = 1;
                for (int axis = 0; axis < 3; ++axis) {
                    const auto read = cells_of_output(at[axis], g.in[axis], g.out[axis]);
                    place.first += read.begin * place.step[axis];
                    place.extent[axis] = read.end - read.begin;
                    cells *= place.extent[axis];
                }
                const auto factor = simd::broadcast<lanes>(1 / static_cast<float>(cells));
                for (long long c = 0; c < channels; c += lanes) {
                    const long long channel = math::min(c, channels - lanes);
                    auto joined = detail::pool_some<way, lanes>(place, channel);
                    if constexpr (way == pool_way::mean) joined *= factor;
                    simd::store<lanes>(to + channel, simd::clamp<lanes>(joined, low, high));
                }
            }
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::uneven_pool) inline constexpr kernel_function kernel_of<Key> =
    &uneven_pool<Key>;

/// The kernel for a pool of windows that differ, `way` of pool_way. Nothing is packed.
constexpr kernel_choice choose_uneven_pool(const geometry& g, const target& machine,
                                           int way) noexcept {
    kernel_choice choice;
    kernel_key& key = choice.key;
    key.kind = kernel_kind::uneven_pool;
    key.machine = machine.instructions;
    key.lanes = machine.lanes;
    while (key.lanes > g.channels) key.lanes = key.lanes > 4 ? key.lanes / 2 : 1;
    key.detail = way;
    return choice;
}

} // namespace ctnn
