// SPDX-License-Identifier: BSL-1.0
// From a located fault to everything that its message names: paths of layers, and the arithmetic
// of the layer before, which the rule that found the fault could not see.
#pragma once

#include <ctnn/network/diagnosis.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn::detail {

/// A layer that a message names.
struct spelled_layer {
    int node = -1;  ///< -1: there is none
    int index = -1; ///< -1: an input
    label name;
    type_path path;
};

/// A fault as a message shows it.
struct spelled_fault {
    static constexpr int capacity = 8;
    const fault_kind* kind = nullptr;
    bool found = false;
    fact facts[capacity]{};
    int count = 0;
    spelled_layer where;
    spelled_layer before; ///< made what the mistaken layer reads
    spelled_layer other;  ///< made the other tensor of a merge

    constexpr void add(role what, const shape& figures) noexcept {
        if (count < capacity) facts[count++] = {what, figures};
    }
};

constexpr spelled_layer spell_layer(const graph_view& graph, int node) noexcept {
    if (node < 0) return {};
    const ctnn::node& named = graph.at(node);
    return {node, named.layer_index, name_of(graph, named), named.path};
}

/// Why a window's output has the size that it has, for a wrong expectation about it.
constexpr void explain_window(spelled_fault& message, const graph_view& graph,
                              const node& producer) noexcept {
    const descriptor& layer = *producer.layer;
    const bool transposed = layer.family == family::transposed;
    if (!transposed && layer.family != family::conv && layer.family != family::depthwise &&
        layer.family != family::pool)
        return;
    const window& sliding = layer.options.spatial;
    const shape& expected = message.facts[0].figures;
    const shape& received = message.facts[1].figures;
    const bool sizes_differ = expected.rank == received.rank && received.rank == sliding.axes + 1 &&
                              first_difference(expected, received) < sliding.axes;
    if (!sizes_differ || outcome_of(graph, producer).reaches_all) return;
    const bool same = sliding.padding == padding_rule::same;
    message.kind = transposed ? &faults::transposed_output_differs
                   : same     ? &faults::same_output_differs
                              : &faults::window_output_differs;
    message.add(role::map, graph.at(graph.input_of(producer, 0)).output.extent);
    if (!same) message.add(role::span, sliding.spans());
    message.add(role::stride, sliding.each(sliding.stride));
    if (!same) message.add(role::padding, sliding.paddings());
}

/// The shape that was flattened: 4608 is 24 * 24 * 8.
constexpr void explain_alias(spelled_fault& message, const graph_view& graph, int node) noexcept {
    const int rank = graph.at(node).output.extent.rank;
    while (graph.at(node).layer->family == family::alias) {
        node = graph.input_of(graph.at(node), 0);
        const shape& source = graph.at(node).output.extent;
        if (source.rank != rank) return message.add(role::product, source);
    }
}

constexpr spelled_fault spell_fault(const located_fault& found, const graph_view& graph) noexcept {
    spelled_fault message;
    message.kind = found.what.kind;
    message.found = found.what.found;
    for (int i = 0; i < found.what.count; ++i)
        message.add(found.what.facts[i].what, found.what.facts[i].figures);
    message.where = {-1, found.layer_index, spell(graph.scopes, found.name), found.path};
    message.before = spell_layer(graph, found.producer);
    message.other = spell_layer(graph, found.other);
    if (found.producer < 0) return message;
    const node& producer = graph.at(found.producer);
    explain_alias(message, graph, found.producer);
    if (found.what.is(faults::expectation_failed)) explain_window(message, graph, producer);
    if (found.what.is(faults::parameters_differ) && producer.edge_count > 0)
        message.add(role::kernel, outcome_of(graph, producer).kernel);
    return message;
}

} // namespace ctnn::detail
