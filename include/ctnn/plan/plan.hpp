// SPDX-License-Identifier: BSL-1.0
// From the graph to what runs: steps in order, a kernel for each that has one, and a place for
// every tensor. The passes are plain functions over a list of steps, each in its file.
#pragma once

#include <ctnn/network/network.hpp>
#include <ctnn/plan/choose_kernel.hpp>
#include <ctnn/plan/fold_norm.hpp>
#include <ctnn/plan/fold_pad.hpp>
#include <ctnn/plan/fuse_bands.hpp>
#include <ctnn/plan/fuse_clamp.hpp>
#include <ctnn/plan/fuse_pool.hpp>
#include <ctnn/plan/fuse_sum.hpp>
#include <ctnn/plan/place.hpp>
#include <ctnn/plan/share_kernels.hpp>

namespace ctnn {

/// How much room a plan needs.
struct plan_size {
    int nodes = 0;
    int steps = 0;
    int outputs = 0;
    int kernels = 0; ///< 0 for the reference target
    int between = 0; ///< tensors between the steps of a layer

    constexpr int tensors() const noexcept { return nodes + between; }
};

template <plan_size Size> struct plan_value {
    placed_tensor tensors[Size.tensors() + 1]{}; ///< of the nodes, then those between steps
    step steps[Size.steps + 1]{};
    kernel_call kernels[Size.kernels + 1]{}; ///< of step i: kernels[steps[i].call]
    int step_count = 0;
    int kernel_count = 0;
    output_copy copies[Size.outputs + 1]{};
    int copy_count = 0;
    long long arena_bytes = 0;
    long long live_bytes = 0; ///< the most that is needed at one time: no arena is smaller
    int peak_step = 0;        ///< that needs it
    long long packed_floats = 0;
    static constexpr int tensor_count = Size.tensors();
};

/// Bytes of what a step writes; only some rows of it are kept for a step that runs together with
/// it.
constexpr long long kept_bytes(const graph_view& graph, const step& writer, bool inner) noexcept {
    const tensor_type made = made_by(graph, writer);
    return inner ? made.bytes() / made.extent[0] * writer.band_rows : made.bytes();
}

namespace detail {

/// Every layer by itself, in the order of the graph; the activation at its end is a step of its
/// own. Kernels merge two tensors at a time, bring one after the other into a concatenation, and do
/// some layers in stages.
template <int Steps>
constexpr step_list<Steps> list_layers(const graph_view& graph, bool by_parts) noexcept {
    step_list<Steps> list;
    int between = graph.node_count;
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        if (subject.edge_count == 0 || subject.layer->family == family::alias) continue;
        const int parts = by_parts ? parts_of(subject) : 0;
        const stage_list stages = by_parts ? stages_of(subject) : stage_list{};
        int read = -1;
        for (int s = 0; s < stages.count; ++s) {
            const int made = s == stages.count - 1 ? i : between++;
            list.add({.layer = subject.layer,
                      .node = i,
                      .output = made,
                      .from = read,
                      .stage = stages.each[s]});
            read = made;
        }
        if (parts + stages.count == 0) list.add({.layer = subject.layer, .node = i, .output = i});
        for (int part = subject.edge_count - parts; part < subject.edge_count && parts > 0; ++part)
            list.add({.layer = subject.layer, .node = i, .output = i, .part = part});
        const bool clamps = subject.output.cell == dtype::int8; // which costs them nothing
        if (subject.layer->options.has_activation && !clamps)
            list.add({.layer = subject.layer->options.activation,
                      .node = i,
                      .output = i,
                      .in_place = true});
    }
    return list;
}

constexpr int count_steps(const graph_view& graph, bool by_parts) noexcept {
    int count = 2 * graph.node_count;
    for (int i = 0; i < graph.node_count && by_parts; ++i) count += parts_of(graph.at(i));
    return by_parts ? count + count_between(graph) : count;
}

/// Room for a step's packed weights, so that those of the next one are aligned for vectors too.
constexpr long long packed_room(long long floats) noexcept { return (floats + 15) / 16 * 16; }

template <plan_size Size, class Plan>
constexpr void place_tensors(Plan& plan, const step_list<Size.steps>& list,
                             const graph_view& graph) noexcept {
    const auto live = find_lifetimes<Size.tensors()>(list, graph);
    bool outside[Size.tensors() + 1]{};    // owners of cells that are an input or an output
    long long bytes[Size.tensors() + 1]{}; // of an owner: the most that is written over its cells
    for (int i = 0; i < list.count; ++i) {
        const int owner = live.owner[live.root[list.steps[i].output]];
        bytes[owner] = math::max(bytes[owner], made_by(graph, list.steps[i]).bytes());
    }
    int inputs = 0;
    for (int i = 0; i < graph.node_count; ++i) {
        plan.tensors[i].extent = graph.at(i).output.extent;
        if (graph.at(i).edge_count > 0) continue;
        plan.tensors[i].where = place::input;
        plan.tensors[i].offset = inputs++;
        outside[i] = true;
    }
    for (int i = 0; i < graph.output_count; ++i) {
        const int owner = live.owner[live.root[graph.outputs[i].node]];
        if (outside[owner] || bytes[owner] > graph.at(graph.outputs[i].node).output.bytes()) {
            plan.copies[plan.copy_count++] = {graph.outputs[i].node, i};
            continue;
        }
        plan.tensors[owner].where = place::output;
        plan.tensors[owner].offset = i;
        outside[owner] = true;
    }

    constexpr int most = Size.tensors() + Size.kernels + 1;
    buffer buffers[most]{};
    int tensor[most]{}; // the owner whose cells a buffer holds; -1 - kernel for what a kernel keeps
    int count = 0;
    for (int i = 0; i < list.count; ++i) {
        const step& writer = list.steps[i];
        // Those that run together begin and end together.
        const int end = last_step(writer, i);
        if (first_step(writer, i) != i) continue;
        for (int k = i; k <= end; ++k) {
            const int made = list.steps[k].output;
            if (live.first[made] == i && !outside[made]) {
                tensor[count] = made;
                // What is written over its cells may be larger.
                const long long kept = kept_bytes(graph, list.steps[k], k < end);
                buffers[count++] = {k < end ? kept : math::max(kept, bytes[made]), i,
                                    live.last[made]};
                if (made >= Size.nodes)
                    plan.tensors[made].extent = made_by(graph, list.steps[k]).extent;
            }
            const int kernel = list.steps[k].call;
            const long long scratch = kernel < 0 ? 0 : plan.kernels[kernel].choice.scratch_bytes();
            if (scratch == 0) continue;
            tensor[count] = -1 - kernel;
            buffers[count++] = {scratch, i, end};
        }
    }
    int order[most]{};
    const arena_size placed = place_buffers(buffers, order, count);
    plan.arena_bytes = placed.bytes;
    plan.live_bytes = placed.least;
    plan.peak_step = placed.peak;
    for (int i = 0; i < count; ++i) {
        if (tensor[i] >= 0)
            plan.tensors[tensor[i]].offset = buffers[i].offset;
        else
            plan.kernels[-1 - tensor[i]].scratch = buffers[i].offset;
    }
    for (int i = 0; i < Size.tensors(); ++i) {
        const placed_tensor& owner = plan.tensors[live.owner[live.root[i]]];
        plan.tensors[i].where = owner.where;
        plan.tensors[i].offset = owner.offset;
    }
}

} // namespace detail

/// A plan before its tensors are placed.
template <plan_size Size> struct plan_draft {
    plan_value<Size> plan;
    step_list<Size.steps> list;
};

/// What runs, one step after the other.
template <plan_size Size>
constexpr step_list<Size.steps> list_steps(const graph_view& graph,
                                           const target& machine) noexcept {
    step_list<Size.steps> list = detail::list_layers<Size.steps>(graph, Size.kernels > 0);
    if constexpr (Size.kernels > 0) fold_pad<Size.nodes>(list, graph, machine);
    return list;
}

/// Gives every step a kernel of its own, if there is one: the reference target has every layer run
/// by itself by its plain meaning.
template <plan_size Size>
constexpr plan_draft<Size> choose_calls(const step_list<Size.steps>& list, const graph_view& graph,
                                        const target& machine) noexcept {
    plan_draft<Size> draft{{}, list};
    if constexpr (Size.kernels > 0) {
        plan_value<Size>& plan = draft.plan;
        for (int i = 0; i < draft.list.count; ++i) {
            step& next = draft.list.steps[i];
            kernel_call call;
            call.numbers = geometry_of(graph, next);
            call.choice = choose_kernel(graph, next, call.numbers, machine);
            if (call.choice.key.kind == kernel_kind::none) continue;
            next.call = plan.kernel_count;
            next.takes_norm = call.choice.takes_norm;
            next.takes_sum = call.choice.takes_sum;
            next.takes_clamp = call.choice.takes_clamp;
            if (next.layer->operation == operation::clamp) {
                next.low = static_cast<float>(next.layer->options.alpha);
                next.high = static_cast<float>(next.layer->options.beta);
            }
            plan.kernels[plan.kernel_count++] = call;
        }
    }
    return draft;
}

/// Draws steps together, and says where packed weights are.
template <plan_size Size>
constexpr plan_draft<Size> fuse_calls(plan_draft<Size> draft, const graph_view& graph,
                                      const target& machine) noexcept {
    plan_value<Size>& plan = draft.plan;
    step_list<Size.steps>& list = draft.list;
    if constexpr (Size.kernels > 0) {
        fold_norm<Size.tensors()>(list, graph);
        fuse_sum<Size.tensors()>(list, graph);
        fuse_clamp<Size.tensors()>(list, graph);
        fuse_pool<Size.tensors()>(list, graph, plan.kernels, machine);
        fuse_bands<Size.tensors()>(list, graph, machine, plan.kernels);
        share_kernels<Size.kernels>(plan.kernels, list, graph);
        bool runs[Size.kernels + 1]{};
        for (int i = 0; i < list.count; ++i) {
            if (list.steps[i].call < 0) {
                list.steps[i].packed = plan.packed_floats;
                plan.packed_floats += detail::packed_room(raw_floats(graph, list.steps[i]));
                continue;
            }
            runs[list.steps[i].call] = true;
            kernel_call& call = plan.kernels[list.steps[i].call];
            call.numbers.low = list.steps[i].low;
            call.numbers.high = list.steps[i].high;
            call.packed = plan.packed_floats;
            plan.packed_floats += detail::packed_room(call.choice.packed_floats);
        }
        // What is left of steps that were drawn into others would be compiled for nothing.
        for (int i = 0; i < plan.kernel_count; ++i)
            if (!runs[i]) plan.kernels[i] = {};
    }
    return draft;
}

/// Gives every tensor of a draft its place.
template <plan_size Size>
constexpr plan_value<Size> finish_plan(const graph_view& graph,
                                       const plan_draft<Size>& draft) noexcept {
    plan_value<Size> plan = draft.plan;
    detail::place_tensors<Size>(plan, draft.list, graph);
    for (int i = 0; i < draft.list.count; ++i) plan.steps[i] = draft.list.steps[i];
    plan.step_count = draft.list.count;
    return plan;
}

/// The plan of a network, made once, and in several evaluations, since compilers bound the length
/// of one.
template <class Network, target Machine = targets::reference> struct plan_of {
    static constexpr int nodes = Network::graph().node_count;
    static constexpr int steps = detail::count_steps(Network::graph(), !Machine.reference);
    static constexpr plan_size size{nodes, steps, Network::output_count,
                                    Machine.reference ? 0 : steps,
                                    Machine.reference ? 0 : count_between(Network::graph())};
    static constexpr step_list<steps> list = list_steps<size>(Network::graph(), Machine);
    static constexpr plan_draft<size> calls = choose_calls<size>(list, Network::graph(), Machine);
    static constexpr plan_draft<size> draft = fuse_calls<size>(calls, Network::graph(), Machine);
    static constexpr plan_value<size> value = finish_plan<size>(Network::graph(), draft);
};

namespace detail {
template <class Network> constexpr long long arena_bytes_of() noexcept {
    return plan_of<Network>::value.arena_bytes;
}
} // namespace detail

} // namespace ctnn
