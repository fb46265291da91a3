// SPDX-License-Identifier: BSL-1.0
// Folds zeros that a layer puts around a map into the padding of the convolution after it.
#pragma once

#include <ctnn/plan/choose_kernel.hpp>
#include <ctnn/plan/readers.hpp>

namespace ctnn {

namespace detail {

/// Whether every window still meets the map, so that kernels need not know rows of zeros alone.
constexpr bool windows_meet(const geometry& numbers) noexcept {
    for (int axis = 0; axis < max_spatial; ++axis) {
        const int span = (numbers.window[axis] - 1) * numbers.dilation[axis] + 1;
        if (numbers.before[axis] >= span || numbers.after[axis] >= span) return false;
    }
    return true;
}

} // namespace detail

/// conv(pad(x)) becomes one step where nobody else reads pad(x) and a kernel knows the result.
template <int Nodes, int Steps>
constexpr void fold_pad(step_list<Steps>& list, const graph_view& graph,
                        const target& machine) noexcept {
    const reader_table<Nodes> readers{graph};
    for (int i = 0; i < list.count; ++i) {
        step& pad = list.steps[i];
        if (pad.layer->operation != operation::pad || pad.in_place) continue;
        const int reader = readers.only_reader(pad.output);
        if (reader < 0) continue;
        const window& sides = pad.layer->options.spatial;
        bool adds = sides.beyond == border::zeros && pad.layer->options.alpha == 0;
        for (int axis = 0; axis < sides.axes; ++axis) // it may cut cells off instead
            if (sides.before[axis] < 0 || sides.after[axis] < 0) adds = false;
        int next = i + 1;
        while (next < list.count && list.steps[next].node != reader) ++next;
        if (!adds || next == list.count) continue;
        step joined = list.steps[next];
        const family kind = joined.layer->family;
        if (kind != family::conv && kind != family::depthwise) continue;
        if (joined.stage != layer_stage::whole || joined.from >= 0) continue;
        joined.padded = pad.output;
        const geometry numbers = geometry_of(graph, joined);
        if (!detail::windows_meet(numbers)) continue;
        if (choose_kernel(graph, joined, numbers, machine).key.kind == kernel_kind::none) continue;
        list.steps[next] = joined;
        pad.taken = true;
    }
    list.close_gaps();
}

} // namespace ctnn
