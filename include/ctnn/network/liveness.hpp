// SPDX-License-Identifier: BSL-1.0
// Which tensors are in memory when: the least that any plan can do with.
#pragma once

#include <ctnn/network/graph.hpp>

namespace ctnn {

/// The node that owns the cells of a tensor: aliases (flatten, reshape, dropout) share those of
/// what they read.
constexpr int storage_of(const graph_view& graph, int index) noexcept {
    while (graph.at(index).layer->family == family::alias && graph.at(index).edge_count == 1)
        index = graph.input_of(graph.at(index), 0);
    return index;
}

/// Fills `last[i]` with the node that reads tensor i last, aliases counted for what they share;
/// the network's output lives to the end.
constexpr void find_last_readers(const graph_view& graph, int* last) noexcept {
    for (int i = 0; i < graph.node_count; ++i) last[i] = i;
    for (int i = 0; i < graph.node_count; ++i)
        for (int edge = 0; edge < graph.at(i).edge_count; ++edge)
            last[storage_of(graph, graph.input_of(graph.at(i), edge))] = i;
    if (graph.output >= 0) last[storage_of(graph, graph.output)] = graph.node_count;
}

/// The greatest sum of bytes of tensors that must exist at once: while a layer runs, what it reads,
/// what it writes, and what is read later. Nothing is computed in place.
template <int Nodes> constexpr long long peak_live_bytes(const graph_view& graph) noexcept {
    int last[Nodes + 1]{};
    find_last_readers(graph, last);
    long long live = 0;
    long long peak = 0;
    long long ending[Nodes + 2]{};
    for (int i = 0; i < graph.node_count; ++i) {
        if (storage_of(graph, i) == i) {
            live += graph.at(i).output.bytes();
            ending[last[i]] += graph.at(i).output.bytes();
        }
        peak = live > peak ? live : peak;
        live -= ending[i];
    }
    return peak;
}

} // namespace ctnn
