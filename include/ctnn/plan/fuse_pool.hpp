// SPDX-License-Identifier: BSL-1.0
// Draws a pool into the convolution before it, where a kernel has all that a window reads at hand.
#pragma once

#include <ctnn/plan/choose_kernel.hpp>
#include <ctnn/plan/kernel_call.hpp>
#include <ctnn/plan/readers.hpp>

namespace ctnn {

/// Whether a pool's windows lie side by side, with no padding: each cell is read once at most.
constexpr bool pools_side_by_side(const geometry& pool) noexcept {
    if (pool.divisor > 0) return false; // a mean that is none
    for (int axis = 0; axis < 3; ++axis)
        if (pool.stride[axis] != pool.window[axis] || pool.dilation[axis] != 1 ||
            pool.before[axis] != 0 || pool.out[axis] * pool.window[axis] > pool.in[axis])
            return false;
    return true;
}

/// pool(clamp(layer(x))) becomes one step where nobody else reads what is pooled.
template <int Nodes, int Steps>
constexpr void fuse_pool(step_list<Steps>& list, const graph_view& graph, kernel_call* calls,
                         const target& machine) noexcept {
    const reader_table<Nodes> readers{graph};
    const maker_table<Nodes> makers{list, graph};
    for (int i = 0; i < list.count; ++i) {
        step& maker = list.steps[i];
        if (maker.layer->family != family::conv || maker.call < 0 || maker.added >= 0 ||
            maker.stage != layer_stage::whole || makers.step[maker.output] != i)
            continue;
        const int reader = readers.only_reader(maker.output);
        if (reader < 0 || graph.at(reader).layer->family != family::pool) continue;
        const step& pool = list.steps[makers.step[reader]];
        if (pool.call < 0 || pool.node != reader || pool.clamps()) continue;
        const kernel_call& pooling = calls[pool.call];
        if (pooling.choice.key.kind != kernel_kind::pool || !pools_side_by_side(pooling.numbers))
            continue;
        kernel_call& call = calls[maker.call];
        geometry both = call.numbers;
        for (int axis = 0; axis < 3; ++axis) both.pool[axis] = pooling.numbers.window[axis];
        both.pool_way = pooling.choice.key.detail;
        const kernel_choice choice = choose_kernel(graph, maker, both, machine);
        if (choice.key.kind == kernel_kind::none) continue;
        call.numbers = both;
        call.choice = choice;
        maker.pool = reader;
        maker.output = reader;
        list.steps[makers.step[reader]].taken = true;
    }
    list.close_gaps();
}

} // namespace ctnn
