// SPDX-License-Identifier: BSL-1.0
// All numbers of a quantised network, layer by layer: where its weights are, what it multiplies by.
#pragma once

#include <ctnn/quantized/quantized.hpp>

namespace ctnn {

/// Where the parts of a layer begin, and between which cells its output lies.
struct quantized_place {
    long long kernel = 0; ///< into the kernels
    int bias = 0;         ///< into the biases
    int filter = 0;       ///< into the kernels' scales
    int factor = 0;       ///< into the factors
    int factors = 0;      ///< how many it has
    int low = least_int8;
    int high = greatest_int8;
};

namespace detail {

/// The clamp that is part of a layer on int8: the layer itself, or the activation at its end.
constexpr const descriptor& clamp_of(const descriptor& layer) noexcept {
    return layer.options.has_activation ? *layer.options.activation : layer;
}

/// Prepares one layer: its factors go into the list.
template <class Network>
constexpr void prepare_layer(const graph_view& graph, int index, quantized_place& place,
                             rescale_list& list) noexcept {
    const node& subject = graph.at(index);
    shape shapes[max_inputs]{};
    quantization numbers[max_inputs]{};
    for (int input = 0; input < subject.edge_count; ++input) {
        const int read = graph.input_of(subject, input);
        shapes[input] = graph.at(read).output.extent;
        numbers[input] = Network::numbers::tensors[read];
    }
    const quantization made = Network::numbers::tensors[index];
    const descriptor& clamp = clamp_of(*subject.layer);
    if (clamp.operation == operation::clamp) {
        place.low = math::max(least_int8, quantized_cell(clamp.options.alpha, made));
        place.high = math::min(greatest_int8, quantized_cell(clamp.options.beta, made));
    }
    place.factor = list.count;
    subject.layer->quantized.prepare(
        {subject.layer->options, shapes, numbers, subject.edge_count, subject.output.extent, made,
         Network::numbers::kernel_scales + place.filter, Network::rule},
        list);
    place.factors = list.count - place.factor;
}

/// Prepares all layers; `places` has room for the nodes, and what was counted comes back.
template <class Network>
constexpr int prepare_layers(quantized_place* places, rescale_list list) noexcept {
    constexpr graph_view graph = Network::graph();
    quantized_place next;
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        places[i] = subject.owner < 0 ? next : places[subject.owner];
        const quantized_size own = weights_of_node(graph, subject);
        next.kernel += own.kernels;
        next.bias += own.biases;
        next.filter += own.filters;
        if (subject.edge_count > 0) prepare_layer<Network>(graph, i, places[i], list);
    }
    return list.count;
}

template <class Network> constexpr int count_factors() noexcept {
    quantized_place places[Network::graph().node_count + 1]{};
    return prepare_layers<Network>(places, {nullptr, 0});
}

template <int Nodes, int Factors> struct quantized_facts {
    quantized_place places[Nodes + 1]{};
    rescale factors[Factors + 1]{};
};

template <class Network> constexpr auto find_facts() noexcept {
    constexpr int count = count_factors<Network>();
    quantized_facts<Network::graph().node_count, count> facts;
    prepare_layers<Network>(facts.places, {facts.factors, count});
    return facts;
}

/// By node; for constant expressions alone.
template <class Network> inline constexpr auto facts_of = find_facts<Network>();

} // namespace detail
} // namespace ctnn
