// SPDX-License-Identifier: BSL-1.0
// Runs a network on int8, as TensorFlow Lite's reference kernels would to the bit; in constant
// expressions too.
#pragma once

#include <ctnn/plan/plan.hpp>
#include <ctnn/quantized/quantized.hpp>
#include <ctnn/runtime/launch.hpp>
#include <ctnn/runtime/spans.hpp>

namespace ctnn {

/// The weights of a quantised network, one layer after the other: kernels, row-major in the
/// network's layouts, and biases. No other network has them, which the overloads of run ask for.
template <class Network> struct quantized_weights;
template <class Network>
requires requires { Network::rule; }
struct quantized_weights<Network> {
    fixed_span<const int8, std::size_t{Network::size.kernels}> kernels;
    fixed_span<const int, std::size_t{Network::size.biases}> biases;
};

namespace detail {

/// One call of a layer's meaning on int8.
struct quantized_launch {
    void (*run)(const quantized_call&) noexcept = nullptr;
    attributes options;
    launch_tensors tensors;
    quantized_place place;
};

template <int Launches, int Operands, int Tensors, int Factors, int Copies> struct quantized_table {
    quantized_launch launches[Launches + 1]{};
    int operands[Operands + 1]{};
    placed_tensor tensors[Tensors + 1]{};
    quantization numbers[Tensors + 1]{};
    rescale factors[Factors + 1]{};
    output_copy copies[Copies + 1]{};
    static constexpr int count = Launches;
    static constexpr int copy_count = Copies;
};

/// What a layer of a quantised network is, with all that its meaning is prepared from.
template <class Network, class Visit> constexpr void for_each_setting(Visit visit) noexcept {
    constexpr graph_view graph = Network::graph();
    quantized_place next;
    quantized_place first[int8_graph<typename Network::network>::count + 1]{};
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        const int owner = subject.owner < 0 ? i : subject.owner;
        if (owner == i) first[i] = next;
        const quantized_size own = weights_of_node(graph, subject);
        next.kernel += own.kernels;
        next.bias += own.biases;
        next.filter += own.filters;
        if (subject.edge_count == 0) continue;

        shape shapes[max_inputs]{};
        quantization numbers[max_inputs]{};
        for (int input = 0; input < subject.edge_count; ++input) {
            const int read = graph.input_of(subject, input);
            shapes[input] = graph.at(read).output.extent;
            numbers[input] = Network::numbers::tensors[read];
        }
        quantized_place place = first[owner];
        const quantization made = Network::numbers::tensors[i];
        const descriptor& clamp = *clamp_of(*subject.layer);
        if (clamp.operation == operation::clamp) {
            place.low = math::max(least_int8, quantized_cell(clamp.options.alpha, made));
            place.high = math::min(greatest_int8, quantized_cell(clamp.options.beta, made));
        }
        visit(i,
              quantized_setting{subject.layer->options, shapes, numbers, subject.edge_count,
                                subject.output.extent, made,
                                Network::numbers::kernel_scales + place.filter, Network::rule},
              place);
    }
}

template <class Network> constexpr int count_factors() noexcept {
    rescale_list list{nullptr, 0};
    for_each_setting<Network>(
        [&](int node, const quantized_setting& known, const quantized_place&) noexcept {
            Network::graph().at(node).layer->quantized.prepare(known, list);
        });
    return list.count;
}

template <class Network> constexpr auto make_quantized_table() noexcept {
    using planned = plan_of<Network>;
    constexpr auto& plan = planned::value;
    constexpr graph_view graph = Network::graph();
    constexpr launch_table_size size = size_of_launches(plan, graph);
    quantized_table<size.launches, size.operands, size.tensors, count_factors<Network>(),
                    size.copies>
        table;
    int launch_of[size.tensors + 1]{};
    int operands = 0;
    for (int i = 0; i < plan.step_count; ++i) {
        const step& from = plan.steps[i];
        const read_list reads = reads_of(graph, from);
        table.launches[i].tensors = {operands, reads.count, from.output};
        for (int input = 0; input < reads.count; ++input)
            table.operands[operands++] = reads.nodes[input];
        launch_of[from.node] = i + 1;
    }
    rescale_list factors{table.factors, count_factors<Network>()};
    for_each_setting<Network>(
        [&](int node, const quantized_setting& known, quantized_place place) noexcept {
            const descriptor& layer = *graph.at(node).layer;
            place.factor = factors.count;
            layer.quantized.prepare(known, factors);
            if (launch_of[node] == 0) return; // an alias
            quantized_launch& to = table.launches[launch_of[node] - 1];
            to.run = layer.quantized.run;
            to.options = layer.options;
            to.options.activation = nullptr;
            to.options.has_activation = false;
            to.place = place;
        });
    for (int i = 0; i < size.tensors; ++i) {
        table.tensors[i] = plan.tensors[i];
        table.numbers[i] = Network::numbers::tensors[i];
    }
    for (int i = 0; i < plan.copy_count; ++i) table.copies[i] = plan.copies[i];
    return table;
}

template <class Network> inline constexpr auto quantized_table_of = make_quantized_table<Network>();

template <class Network>
constexpr void run_quantized(const int8* kernels, const int* biases, const int8* const* inputs,
                             int8* const* outputs, int8* arena) noexcept {
    constexpr auto& table = quantized_table_of<Network>;
    const auto write = [&](const placed_tensor& tensor) noexcept {
        return tensor.where == place::output ? outputs[tensor.offset] : arena + tensor.offset;
    };
    const auto read = [&](const placed_tensor& tensor) noexcept {
        return tensor.where == place::input ? inputs[tensor.offset]
                                            : static_cast<const int8*>(write(tensor));
    };
    for (int i = 0; i < table.count; ++i) {
        const quantized_launch& next = table.launches[i];
        const int8* cells[max_inputs]{};
        shape shapes[max_inputs]{};
        quantization numbers[max_inputs]{};
        for (int input = 0; input < next.tensors.operand_count; ++input) {
            const int tensor = table.operands[next.tensors.first_operand + input];
            cells[input] = read(table.tensors[tensor]);
            shapes[input] = table.tensors[tensor].extent;
            numbers[input] = table.numbers[tensor];
        }
        const placed_tensor& made = table.tensors[next.tensors.output];
        next.run({next.options, shapes, cells, numbers, next.tensors.operand_count, made.extent,
                  write(made), table.numbers[next.tensors.output], kernels + next.place.kernel,
                  biases + next.place.bias, table.factors + next.place.factor, next.place.low,
                  next.place.high, Network::rule});
    }
    for (int i = 0; i < table.copy_count; ++i) {
        const placed_tensor& tensor = table.tensors[table.copies[i].node];
        const int8* from = read(tensor);
        for (long long cell = 0; cell < tensor.extent.elements(); ++cell)
            outputs[table.copies[i].output][cell] = from[cell];
    }
}

} // namespace detail

/// The memory in which a quantised network's tensors live while it runs.
template <class Network> struct quantized_arena {
    static constexpr int cells = static_cast<int>(plan_of<Network>::value.arena_bytes);
    alignas(16) int8 memory[cells > 0 ? cells : 1];
};

/// Runs a quantised network once in memory that the caller gives, by its plain meaning.
template <class Network>
constexpr void
run(const quantized_weights<Network>& weights, const input_spans<Network, int8>& inputs,
    const output_spans<Network, int8>& outputs, quantized_arena<Network>& memory) noexcept {
    detail::run_quantized<Network>(weights.kernels.data(), weights.biases.data(), inputs.pointers(),
                                   outputs.pointers(), memory.memory);
}

} // namespace ctnn
