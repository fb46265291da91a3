// SPDX-License-Identifier: BSL-1.0
// From a network's type, or from a merge's descriptor, to a golden::subject.
#pragma once

#include "golden_case.hpp"

#include <initializer_list>
#include <memory>

#include <ctnn/ctnn.hpp>

namespace golden {

template <class Network, class Cell>
void run_network(const float* weights, const Cell* const* inputs, Cell* output) {
    using ctnn::input_span, ctnn::output_span, ctnn::weights_span;
    const auto model = std::make_unique<ctnn::model<Network, Cell>>(weights_span<Network>{weights});
    model->run(input_span<Network, Cell>{inputs[0]}, output_span<Network, Cell>{output});
}

inline std::vector<subject::layer> layers_of(const ctnn::graph_view& graph) {
    std::vector<subject::layer> layers;
    for (int i = 0; i < graph.node_count; ++i)
        if (graph.at(i).layer_index >= 0)
            layers.push_back({graph.at(i).output.extent, graph.at(i).parameters});
    return layers;
}

inline std::string name_of(const ctnn::fault& problem) {
    const ctnn::text name = problem.kind->name;
    return {name.data, static_cast<std::size_t>(name.size)};
}

/// A network as a user writes it. Layers that do not fit together make a subject with a fault, so
/// that the case fails and the others are still built.
template <class... Layers> subject network_of() {
    subject result;
    if constexpr (ctnn::well_formed<Layers...>) {
        using network = ctnn::network<Layers...>;
        using layout = ctnn::weight_layout<network>;
        result.inputs = {network::input};
        result.output = network::output;
        result.parameters = network::parameters;
        result.trainable_parameters = network::trainable_parameters;
        result.weights.assign(layout::begin(), layout::end());
        result.layers = layers_of(network::graph());
        result.run_single = run_network<network, float>;
        result.run_double = run_network<network, double>;
    } else {
        result.fault = name_of(ctnn::detail::graph_of<Layers...>::value.problem.what);
    }
    return result;
}

template <class Cell>
subject::run_function<Cell> run_merge(ctnn::descriptor merge, std::vector<ctnn::shape> shapes,
                                      ctnn::shape output) {
    return [=](const float*, const Cell* const* inputs, Cell* cells) {
        const int count = static_cast<int>(shapes.size());
        merge.reference.get<Cell>()(
            {merge.options, shapes.data(), inputs, count, output, cells, nullptr});
    };
}

/// A merge of several inputs by its rule and its reference meaning: a network has one input.
inline subject merge_of(ctnn::descriptor merge, int axis,
                        std::initializer_list<ctnn::shape> shapes) {
    merge.options.along = axis;
    std::vector<ctnn::tensor_type> types;
    for (const ctnn::shape& extent : shapes) types.push_back({extent});
    const ctnn::outcome outcome =
        merge.rule({merge.options, types.data(), static_cast<int>(types.size())});
    subject result;
    if (outcome.problem) {
        result.fault = name_of(outcome.problem);
        return result;
    }
    result.inputs = shapes;
    result.output = outcome.output.extent;
    result.run_single = run_merge<float>(merge, shapes, result.output);
    result.run_double = run_merge<double>(merge, shapes, result.output);
    return result;
}

} // namespace golden
