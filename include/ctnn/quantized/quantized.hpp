// SPDX-License-Identifier: BSL-1.0
// A network whose cells and weights are int8.
#pragma once

#include <ctnn/network/network.hpp>
#include <ctnn/quantized/faults.hpp>

namespace ctnn {

namespace detail {

/// The same graph with other cells.
template <class Network> struct int8_graph {
    static constexpr int count = Network::graph().node_count;
    struct node_array {
        node each[count + 1]{};
    };
    static constexpr node_array list() noexcept {
        node_array copy;
        for (int i = 0; i < count; ++i) {
            copy.each[i] = Network::graph().at(i);
            copy.each[i].output.cell = dtype::int8;
        }
        return copy;
    }
    static constexpr node_array nodes = list();

    static constexpr graph_view view() noexcept {
        graph_view graph = Network::graph();
        graph.nodes = nodes.each;
        return graph;
    }
};

/// What the layers of a quantised network need: how much, and which.
struct quantized_size {
    long long kernels = 0; ///< cells of int8
    int biases = 0;
    int filters = 0; ///< kernels' scales
};

constexpr quantized_size weights_of_node(const graph_view& graph, const node& subject) noexcept {
    quantized_size size;
    if (subject.owner >= 0 || subject.edge_count == 0) return size;
    const outcome known = outcome_of(graph, subject);
    for (int i = 0; i < known.weight_count; ++i) {
        const shape& extent = known.weights[i].extent;
        if (known.weights[i].name == "bias") {
            size.biases += static_cast<int>(extent.elements());
        } else {
            size.kernels += extent.elements();
            size.filters += known.output.extent.channels();
        }
    }
    return size;
}

} // namespace detail

/// A network on int8, by the rules of TensorFlow Lite: `Numbers` has the members
///     static constexpr quantization tensors[];   // of each input and layer, as they are written
///     static constexpr float kernel_scales[];    // of each filter of each layer with a kernel
/// Weights are kernels of int8 in the network's layouts, symmetric (zero point 0), and biases of
/// int32 in units of the input's scale times the kernel's. The clamp at the end of a layer costs
/// nothing; other activations are layers of their own, with numbers of their own, and so is
/// softmax. Every layer must have a meaning on int8.
template <class Network, class Numbers, rounding Rule = rounding::twice> class quantized {
    static constexpr detail::quantized_size count_weights() noexcept {
        detail::quantized_size sum;
        for (int i = 0; i < graph().node_count; ++i) {
            const detail::quantized_size each = detail::weights_of_node(graph(), graph().at(i));
            sum.kernels += each.kernels;
            sum.biases += each.biases;
            sum.filters += each.filters;
        }
        return sum;
    }

public:
    using network = Network;
    using numbers = Numbers;
    static constexpr rounding rule = Rule;

    static constexpr graph_view graph() noexcept { return detail::int8_graph<Network>::view(); }

    static constexpr int input_count = Network::input_count;
    static constexpr int output_count = Network::output_count;
    static constexpr shape input = Network::input;
    static constexpr shape output = Network::output;
    static constexpr auto inputs = Network::inputs;
    static constexpr auto outputs = Network::outputs;
    static constexpr int layer_count = Network::layer_count;
    static constexpr long long parameters = Network::parameters;
    static constexpr long long macs = Network::macs;
    static constexpr detail::quantized_size size = count_weights();
    static_assert(detail::can_be_quantized<Network, Numbers, count_weights().filters>());
    /// Bytes of the kernels and biases.
    static constexpr long long weight_bytes = size.kernels + 4LL * size.biases;
    static constexpr long long arena_bytes = detail::arena_bytes_of<quantized>();
};

/// Whether a network is one of int8.
template <class Network>
concept is_quantized = requires {
    Network::rule;
};

} // namespace ctnn
