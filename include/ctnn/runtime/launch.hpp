// SPDX-License-Identifier: BSL-1.0
// The small tables that a model runs from: nothing of the graph or the plan is reached at run time.
#pragma once

#include <ctnn/plan/plan.hpp>

namespace ctnn {

/// Where a launch finds its tensors: indices into launch_table::tensors.
struct launch_tensors {
    int first_operand = 0; ///< into launch_table::operands
    int operand_count = 0;
    int output = 0;
};

/// One call of a layer's reference meaning.
template <class Cell> struct reference_launch {
    void (*run)(const reference_call<Cell>&) noexcept = nullptr;
    attributes options;
    long long weights[max_weights]{}; ///< offsets into the packed weights, or into the blob
};

/// One call of a kernel.
struct kernel_launch {
    kernel_function run = nullptr;
    geometry numbers;
    long long packed = 0;  ///< offset into the packed weights, in floats
    long long scratch = 0; ///< offset into the arena, in floats
};

/// One launch after the other: of a kernel, or of a reference meaning.
struct launch {
    int kernel = -1;    ///< into launch_table::kernels; -1: none
    int reference = -1; ///< into launch_table::references
    int together = 1;   ///< launches from here on that run together, some rows at a time
    int band_rows = 0;  ///< of the last one's output at a time
    launch_tensors tensors;
};

struct launch_table_size {
    int launches = 0;
    int kernels = 0;
    int references = 0;
    int operands = 0;
    int most_operands = 1;
    int tensors = 0;
    int copies = 0;
    int bands = 0;
};

template <class Cell, launch_table_size Size> struct launch_table {
    launch launches[Size.launches + 1]{};
    kernel_launch kernels[Size.kernels + 1]{};
    reference_launch<Cell> references[Size.references + 1]{};
    int operands[Size.operands + 1]{};
    placed_tensor tensors[Size.tensors + 1]{};
    output_copy copies[Size.copies + 1]{};
    static constexpr int count = Size.launches;
    static constexpr int kernel_count = Size.kernels;
    static constexpr int copy_count = Size.copies;
    static constexpr int band_count = Size.bands;
    static constexpr int operand_room = Size.most_operands;
};

namespace detail {

template <class Plan>
constexpr launch_table_size size_of_launches(const Plan& plan, const graph_view& graph) noexcept {
    launch_table_size size;
    size.launches = plan.step_count;
    for (int i = 0; i < plan.step_count; ++i) {
        const int operands = reads_of(graph, plan.steps[i]).count;
        size.operands += operands;
        size.most_operands = math::max(size.most_operands, operands);
        if (plan.steps[i].band_first == i) ++size.bands;
        ++(plan.steps[i].call < 0 ? size.references : size.kernels);
    }
    size.tensors = Plan::tensor_count;
    size.copies = plan.copy_count;
    return size;
}

template <class Cell>
constexpr reference_launch<Cell> launch_reference(const graph_view& graph,
                                                  const step& from) noexcept {
    const node& subject = graph.at(from.node);
    reference_launch<Cell> to;
    to.run = from.layer->reference.template get<Cell>();
    to.options = from.layer->options;
    to.options.activation = nullptr; // it has a launch of its own
    to.options.has_activation = false;
    if (from.in_place) return to;
    const outcome known = outcome_of(graph, subject);
    long long offset = from.packed < 0 ? subject.first_weight : from.packed;
    for (int w = 0; w < known.weight_count; ++w) {
        to.weights[w] = offset;
        offset += known.weights[w].extent.elements();
    }
    return to;
}

/// The functions of a plan's kernels, in the order of its calls.
template <class Plan, class Numbers> struct kernel_functions;
template <class Plan, int... Calls> struct kernel_functions<Plan, numbers<Calls...>> {
    static constexpr kernel_function run[sizeof...(Calls) + 1]{
        kernel_of<Plan::value.kernels[Calls].choice.key>...};
};

} // namespace detail

template <class Network, class Cell, target Machine> constexpr auto make_launch_table() noexcept {
    using planned = plan_of<Network, Machine>;
    constexpr auto& plan = planned::value;
    constexpr graph_view graph = Network::graph();
    using functions = detail::kernel_functions<planned, detail::count_to<plan.kernel_count>>;
    launch_table<Cell, detail::size_of_launches(plan, graph)> table;
    int operands = 0;
    int references = 0;
    int kernels = 0;
    for (int i = 0; i < plan.step_count; ++i) {
        const step& from = plan.steps[i];
        launch& to = table.launches[i];
        const read_list reads = reads_of(graph, from);
        to.tensors = {operands, reads.count, from.output};
        if (from.band_first == i) {
            to.together = from.band_last - i + 1;
            to.band_rows = plan.steps[from.band_last].band_rows;
        }
        for (int input = 0; input < reads.count; ++input)
            table.operands[operands++] = reads.nodes[input];
        if (from.call < 0) {
            to.reference = references;
            table.references[references++] = detail::launch_reference<Cell>(graph, from);
        } else {
            const kernel_call& call = plan.kernels[from.call];
            to.kernel = kernels;
            table.kernels[kernels++] = {functions::run[from.call], call.numbers, call.packed,
                                        call.scratch / 4};
        }
    }
    for (int i = 0; i < planned::size.tensors(); ++i) table.tensors[i] = plan.tensors[i];
    for (int i = 0; i < plan.copy_count; ++i) table.copies[i] = plan.copies[i];
    return table;
}

/// The launch table of a network, in read-only memory.
template <class Network, class Cell, target Machine = targets::reference>
inline constexpr auto launches_of = make_launch_table<Network, Cell, Machine>();

} // namespace ctnn
