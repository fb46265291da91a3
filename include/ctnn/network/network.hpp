// SPDX-License-Identifier: BSL-1.0
// A convolutional network as a type.
#pragma once

#include <ctnn/network/blocks.hpp>
#include <ctnn/network/builder.hpp>
#include <ctnn/network/layer_info.hpp>
#include <ctnn/network/liveness.hpp>
#include <ctnn/network/report.hpp>

namespace ctnn {

namespace detail {

/// Bytes of a network's arena. The plan, a floor above, defines it; nothing here needs the answer.
template <class Network> constexpr long long arena_bytes_of() noexcept;

struct totals {
    long long parameters = 0;
    long long trainable_parameters = 0;
    long long macs = 0;
};

constexpr totals sum_of(const graph_view& graph) noexcept {
    totals sum;
    for (int i = 0; i < graph.node_count; ++i) {
        sum.parameters += graph.at(i).parameters;
        sum.trainable_parameters += graph.at(i).trainable_parameters;
        sum.macs += graph.at(i).macs;
    }
    return sum;
}

constexpr int count_inputs(const graph_view& graph) noexcept {
    int count = 0;
    for (int i = 0; i < graph.node_count; ++i)
        if (graph.at(i).edge_count == 0) ++count;
    return count;
}

constexpr shape input_of(const graph_view& graph) noexcept {
    for (int i = 0; i < graph.node_count; ++i)
        if (graph.at(i).edge_count == 0) return graph.at(i).output.extent;
    return {};
}

} // namespace detail

/// True if the layers fit together: `static_assert(well_formed<input<28, 28, 1>, conv2d<8, 3>>)`.
template <class... Layers>
concept well_formed = !detail::graph_of<Layers...>::value.problem;

/// A network: a list of layers and blocks, run from the first to the last. Everything about it is a
/// constant. A list that does not fit together does not compile, with one error; see
/// docs/errors.md.
template <class... Layers> class network {
    using graph_type = detail::graph_of<Layers...>;
    static_assert(
        detail::fit_together<Layers...>(detail::count_to<detail::fault_of<Layers...>.count>{}),
        "the network does not fit together");
    static constexpr detail::totals sums = detail::sum_of(graph_type::value.view());

public:
    using layers = types<Layers...>;

    /// The network as a value, for passes and reports.
    static constexpr graph_view graph() noexcept { return graph_type::value.view(); }

    static constexpr int input_count = detail::count_inputs(graph_type::value.view());
    /// The shape of the first input.
    static constexpr shape input = detail::input_of(graph_type::value.view());
    static constexpr shape output =
        graph_type::value.output < 0
            ? shape{}
            : graph_type::value.nodes[graph_type::value.output].output.extent;

    /// Layers, without inputs.
    static constexpr int layer_count = graph_type::value.layer_count;

    static constexpr long long parameters = sums.parameters;
    static constexpr long long trainable_parameters = sums.trainable_parameters;
    static constexpr long long non_trainable_parameters =
        sums.parameters - sums.trainable_parameters;
    /// Multiply-adds of kernel taps for one input; no bias, no normalisation.
    static constexpr long long macs = sums.macs;
    static constexpr long long weight_bytes = sums.parameters * 4;
    /// The greatest sum of bytes of tensors that must exist at once, input and output included.
    /// Layers that work cell by cell are counted in place.
    static constexpr long long peak_activation_bytes =
        peak_live_bytes<graph_type::size.nodes>(graph_type::value.view());
    /// Bytes of the arena in which a model keeps its tensors; its input and output lie outside.
    /// Defined by plan/plan.hpp.
    static constexpr long long arena_bytes = detail::arena_bytes_of<network>();

    /// A layer by position or name path: `layer<1>.kernel == shape{3, 3, 40}`.
    template <layer_ref Which>
    static constexpr auto layer = detail::describe_existing<
        detail::existing_layer<Which, find_layer(graph_type::value.view(), Which), layer_count>()>(
        graph());

    /// The type of a layer as it was written.
    template <layer_ref Which>
    using layer_type_at = typename detail::type_of_layer<
        detail::existing_layer<Which, find_layer(graph_type::value.view(), Which), layer_count>(),
        graph_type, layers>::type;
};

} // namespace ctnn
