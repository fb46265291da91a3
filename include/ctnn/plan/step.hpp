// SPDX-License-Identifier: BSL-1.0
// What runs one after the other, before it is known where: a list that passes work on.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/plan/stages.hpp>

namespace ctnn {

/// One call of a layer's meaning or kernel, with what passes have drawn into it:
/// output = pool(clamp(norm(layer(inputs)) + added, low, high)).
struct step {
    const descriptor* layer = nullptr;
    int node = -1;   ///< the graph's node: inputs and weights
    int output = -1; ///< the node whose tensor is written, or a tensor between the steps of a layer
    int from = -1;   ///< such a tensor, which is read instead of the layer's input
    layer_stage stage = layer_stage::whole;
    int norm = -1;       ///< the node of a batch norm that is folded into the weights
    int added = -1;      ///< the node of a tensor that is added
    int padded = -1;     ///< the node of a padding with zeros that the window does instead
    int pool = -1;       ///< the node of a pool that is made of what the layer gives
    int part = -1;       ///< of a merge that takes several steps: the input that this one brings in
    int call = -1;       ///< the plan's kernel call; -1: the layer's reference meaning
    int band_first = -1; ///< of steps that run together, some rows at a time: the first of them
    int band_last = -1;  ///< and the last
    int band_rows = 0; ///< of those: rows of the output that are kept; of the last, made at a time
    long long packed = -1;    ///< of a reference meaning: its weights among the packed ones, in
                              ///< floats; -1: they are read from the network's blob
    bool in_place = false;    ///< the activation at the end of a layer: reads what it writes
    bool row_by_row = false;  ///< a row of its output needs that row of its input alone
    bool taken = false;       ///< a pass has drawn it into another step
    bool takes_norm = false;  ///< its kernel folds a norm into its weights
    bool takes_sum = false;   ///< its kernel adds a tensor
    bool takes_clamp = false; ///< its kernel takes a clamp
    bool overwrites = false;  ///< its kernel may write over what it reads first
    float low = -static_cast<float>(math::infinity);
    float high = static_cast<float>(math::infinity);

    constexpr bool clamps() const noexcept {
        return low > -static_cast<float>(math::infinity) ||
               high < static_cast<float>(math::infinity);
    }
};

/// The steps between which something has to be there for step `index`.
constexpr int first_step(const step& subject, int index) noexcept {
    return subject.band_first < 0 ? index : subject.band_first;
}
constexpr int last_step(const step& subject, int index) noexcept {
    return subject.band_last < 0 ? index : subject.band_last;
}

template <int Steps> struct step_list {
    step steps[Steps + 1]{};
    int count = 0;

    constexpr void add(const step& next) noexcept { steps[count++] = next; }
    /// Takes out the steps that a pass has drawn into others.
    constexpr void close_gaps() noexcept {
        int kept = 0;
        for (int i = 0; i < count; ++i)
            if (!steps[i].taken) steps[kept++] = steps[i];
        count = kept;
    }
};

/// The nodes whose tensors a step reads.
struct read_list {
    int nodes[max_inputs + 1]{};
    int count = 0;

    constexpr void add(int node) noexcept { nodes[count++] = node; }
};

/// The tensor that a step reads as its layer's input `edge`.
constexpr int input_node(const graph_view& graph, const step& reader, int edge) noexcept {
    if (reader.from >= 0) return reader.from;
    return reader.padded >= 0 ? graph.input_of(graph.at(reader.padded), 0)
                              : graph.input_of(graph.at(reader.node), edge);
}

constexpr read_list reads_of(const graph_view& graph, const step& reader) noexcept {
    read_list reads;
    const node& subject = graph.at(reader.node);
    const bool joins = reader.layer->operation != operation::concat; // to what is there already
    if (reader.in_place || (joins && reader.part > 1)) reads.add(reader.output);
    if (reader.in_place) return reads;
    if (joins && reader.part == 1) reads.add(graph.input_of(subject, 0));
    if (reader.part >= 0) reads.add(graph.input_of(subject, reader.part));
    const int edges = reader.part >= 0 ? 0 : reader.from >= 0 ? 1 : subject.edge_count;
    for (int i = 0; i < edges; ++i) reads.add(input_node(graph, reader, i));
    if (reader.added >= 0) reads.add(reader.added);
    return reads;
}

/// The type of the tensor that a step reads first.
constexpr tensor_type read_by(const graph_view& graph, const step& reader) noexcept {
    const node& subject = graph.at(reader.node);
    if (reader.in_place) return subject.output;
    const tensor_type& input = graph.at(graph.input_of(subject, 0)).output;
    if (reader.from < 0) return input;
    const layer_stage done =
        reader.stage == layer_stage::mix ? layer_stage::filter : layer_stage::border;
    return {shape_after(graph, subject, done), input.cell};
}

/// The type of the tensor that a step writes.
constexpr tensor_type made_by(const graph_view& graph, const step& writer) noexcept {
    if (writer.pool >= 0) return graph.at(writer.pool).output;
    const node& subject = graph.at(writer.node);
    // What else passes have drawn in gives its own node's output, of the same extents.
    return {shape_after(graph, subject, writer.stage), subject.output.cell};
}

/// The weights that a step's reference meaning reads.
constexpr long long raw_floats(const graph_view& graph, const step& reader) noexcept {
    if (reader.in_place) return 0;
    const outcome known = outcome_of(graph, graph.at(reader.node));
    long long floats = 0;
    for (int i = 0; i < known.weight_count; ++i) floats += known.weights[i].extent.elements();
    return floats;
}

} // namespace ctnn
