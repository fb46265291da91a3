// SPDX-License-Identifier: BSL-1.0
// Gives every tensor a place: an input or output of the network, or a stretch of the arena that
// others use before and after it.
#pragma once

#include <ctnn/network/liveness.hpp>
#include <ctnn/plan/arena.hpp>
#include <ctnn/plan/step.hpp>

namespace ctnn {

/// Where a tensor's cells are while a model runs.
enum class place : unsigned char { input, arena, output };

/// A tensor of the plan. Aliases and steps that work in place share the place of what they read.
struct placed_tensor {
    shape extent;
    place where = place::arena;
    long long offset = 0; ///< bytes into the arena; of an input or output, its position
};

/// A tensor to copy to an output, where no step writes it there: an input, or the same cells as
/// another output.
struct output_copy {
    int node = -1;
    int output = -1;
};

/// Tensors that share cells, and the steps between which those are needed. A network's inputs have
/// none; a node whose tensor a pass has taken away has no first step.
template <int Tensors> struct lifetimes {
    int root[Tensors + 1]{};  ///< the node whose cells node i shares as an alias
    int owner[Tensors + 1]{}; ///< of a root: the root whose cells it writes over
    int first[Tensors + 1]{}; ///< of an owner; -1: not made by a step
    int last[Tensors + 1]{};
};

namespace detail {

/// Visits the tensors that a step reads besides the one that it writes.
template <int Tensors, class Visit>
constexpr void for_each_read(const lifetimes<Tensors>& live, const graph_view& graph,
                             const step& reader, Visit visit) noexcept {
    const read_list reads = reads_of(graph, reader);
    for (int i = 0; i < reads.count; ++i)
        if (reads.nodes[i] != reader.output) visit(live.root[reads.nodes[i]]);
}

/// The tensor that a step may write over, since cell by cell it needs nothing else of it; -1: none.
template <int Tensors, int Steps>
constexpr int overwritten(const lifetimes<Tensors>& live, const graph_view& graph,
                          const step_list<Steps>& list, int index) noexcept {
    const step& writer = list.steps[index];
    if (writer.from >= 0 && writer.added < 0) return -1;
    const node& subject = graph.at(writer.node);
    const int read = live.root[graph.input_of(subject, 0)];
    if (works_in_place(subject) || writer.overwrites) return read;
    const bool merges = subject.layer->family == family::merge && writer.call >= 0 &&
                        subject.layer->operation != operation::concat;
    if (merges) return read;
    if (writer.added < 0) return -1;
    const read_list reads = reads_of(graph, writer); // what is added is the last of them
    for (int i = 0; i + 1 < reads.count; ++i)
        if (live.root[reads.nodes[i]] == live.root[writer.added]) return -1;
    // Of steps that run together, the last may write where the first has read row by row before.
    const int first = first_step(writer, index);
    if (first != index &&
        live.owner[live.root[input_node(graph, list.steps[first], 0)]] ==
            live.owner[live.root[writer.added]] &&
        !list.steps[first].row_by_row)
        return -1;
    return live.root[writer.added];
}

} // namespace detail

template <int Tensors, int Steps>
constexpr lifetimes<Tensors> find_lifetimes(const step_list<Steps>& list,
                                            const graph_view& graph) noexcept {
    lifetimes<Tensors> live;
    int reader[Tensors + 1]{}; // of a root: the step that reads it last
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        const bool alias = subject.layer->family == family::alias && subject.edge_count == 1;
        live.root[i] = alias ? live.root[graph.input_of(subject, 0)] : i;
        live.owner[i] = live.root[i];
        live.first[i] = live.last[i] = reader[i] = -1;
    }
    for (int i = graph.node_count; i < Tensors; ++i) {
        live.root[i] = live.owner[i] = i;
        live.first[i] = live.last[i] = reader[i] = -1;
    }
    for (int i = 0; i < list.count; ++i) {
        const int last = last_step(list.steps[i], i);
        reader[list.steps[i].output] = last;
        detail::for_each_read(live, graph, list.steps[i],
                              [&](int root) noexcept { reader[root] = last; });
    }
    for (int i = 0; i < graph.output_count; ++i)
        reader[live.root[graph.outputs[i].node]] = list.count;

    for (int i = 0; i < list.count; ++i) {
        const step& writer = list.steps[i];
        const bool joins = writer.layer->operation != operation::concat;
        const int made = writer.output;
        if (writer.in_place || writer.part > (joins ? 1 : 0)) continue;
        const int over = detail::overwritten(live, graph, list, i);
        const bool from_outside = over < 0 || live.first[live.owner[over]] < 0;
        if (!from_outside && reader[over] == i)
            live.owner[made] = live.owner[over];
        else
            live.first[made] = first_step(writer, i);
        live.last[live.owner[made]] = reader[made];
    }
    return live;
}

} // namespace ctnn
