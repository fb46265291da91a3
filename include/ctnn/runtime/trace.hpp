// SPDX-License-Identifier: BSL-1.0
// Runs a network and shows what each layer gives, as soon as it is there: to hold a network against
// another engine layer by layer, or to find where numbers go wrong.
#pragma once

#include <ctnn/runtime/model.hpp>

namespace ctnn {

/// What a visitor of `trace` is given. The cells are there for the time of the visit: later layers
/// write over them.
template <class Cell> struct traced_output {
    int index = 0; ///< as in Network::layer<0>
    text path;     ///< "stage_1/conv2d_2"
    shape extent;
    const Cell* cells = nullptr; ///< row-major, channels last

    constexpr const Cell* begin() const noexcept { return cells; }
    constexpr const Cell* end() const noexcept { return cells + extent.elements(); }
};

namespace detail {

/// A layer, and how many launches have been run when its output is complete.
struct trace_stop {
    label path;
    int node = 0;
    int launches = 0;
};

template <int Layers> struct trace_stops { trace_stop each[Layers + 1]{}; };

template <class Network> constexpr auto find_trace_stops() noexcept {
    constexpr const auto& plan = plan_of<Network>::value;
    constexpr graph_view graph = Network::graph();
    trace_stops<Network::layer_count> stops;
    int launches = 0;
    for (int i = 0; i < graph.node_count; ++i) {
        while (launches < plan.step_count && plan.steps[launches].node == i) ++launches;
        if (graph.at(i).layer_index >= 0)
            stops.each[graph.at(i).layer_index] = {name_of(graph, graph.at(i)), i, launches};
    }
    return stops;
}

template <class Network> inline constexpr auto trace_stops_of = find_trace_stops<Network>();

} // namespace detail

/// `run`, and `visit(traced_output<Cell>)` after every layer, in the order in which they run. An
/// activation at the end of a layer belongs to it. For tests and for debugging: unlike `run`, it
/// brings the names of all layers into the program.
template <class Network, class Cell = float, class Visitor>
constexpr void trace(weights_span<Network> weights, const input_spans<Network, Cell>& inputs,
                     const output_spans<Network, Cell>& outputs, arena<Network, Cell>& memory,
                     Visitor&& visit) noexcept(noexcept(visit(traced_output<Cell>{}))) {
    constexpr const auto& table = launches_of<Network, Cell>;
    const detail::memory<Cell> cells{inputs.pointers(), memory.memory, outputs.pointers()};
    int done = 0;
    for (int i = 0; i < Network::layer_count; ++i) {
        const detail::trace_stop& stop = detail::trace_stops_of<Network>.each[i];
        detail::run_launches(table, done, stop.launches, weights.data(), cells);
        done = stop.launches;
        const placed_tensor& tensor = table.tensors[stop.node];
        visit(traced_output<Cell>{i, stop.path, tensor.extent, cells.read(tensor)});
    }
    detail::copy_outputs(table, cells);
}

} // namespace ctnn
