// SPDX-License-Identifier: BSL-1.0
// Runs a network on int8: by its plain meaning, in constant expressions too, or by kernels. Both
// give what TensorFlow Lite's reference kernels give, to the bit.
#pragma once

#include <ctnn/runtime/launch.hpp>
#include <ctnn/runtime/quantized_pack.hpp>
#include <ctnn/runtime/spans.hpp>

namespace ctnn {

namespace detail {

/// A call of a layer's meaning on int8.
struct int8_meaning_launch {
    void (*run)(const quantized_call&) noexcept = nullptr;
    attributes options;
    quantization numbers[max_inputs]{}; ///< of the inputs
    quantization made;
    quantized_place place;
    int biases = 0; ///< and factors: where they are among packed bytes
};

/// A call of a kernel.
struct int8_kernel_launch {
    int8_function run = nullptr;
    int8_geometry numbers;
    long long scratch = 0;
};

struct int8_launch {
    int kernel = -1; ///< into int8_table::kernels; -1: none
    int meaning = -1;
    launch_tensors tensors;
    long long packed = 0;
};

template <int Launches, int Kernels, int Meanings, int Operands, int Tensors, int Copies>
struct int8_table {
    int8_launch launches[Launches + 1]{};
    int8_kernel_launch kernels[Kernels + 1]{};
    int8_meaning_launch meanings[Meanings + 1]{};
    int operands[Operands + 1]{};
    placed_tensor tensors[Tensors + 1]{};
    output_copy copies[Copies + 1]{};
    static constexpr int count = Launches;
    static constexpr int kernel_count = Kernels;
    static constexpr int meaning_count = Meanings;
    static constexpr int copy_count = Copies;
};

/// The functions of a plan's kernels, in the order of its steps.
template <class Plan, class Numbers> struct int8_functions;
template <class Plan, int... Calls> struct int8_functions<Plan, numbers<Calls...>> {
    static constexpr int8_function run[sizeof...(Calls) + 1]{
        int8_kernel_of<Plan::value.kernels[Calls].choice.key>...};
};

template <class Plan> constexpr int count_int8_kernels(const Plan& plan) noexcept {
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i)
        if (plan.kernels[i].choice.key.kind != kernel_kind::none) ++count;
    return count;
}
template <class Plan>
constexpr int count_int8_operands(const Plan& plan, const graph_view& graph) noexcept {
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i) count += reads_of(graph, plan.steps[i]).count;
    return count;
}

template <class Network>
constexpr int8_meaning_launch launch_int8_meaning(const graph_view& graph,
                                                  const step& from) noexcept {
    const node& subject = graph.at(from.node);
    int8_meaning_launch to;
    to.run = from.layer->quantized.run;
    to.options = from.layer->options;
    to.options.activation = nullptr;
    to.options.has_activation = false;
    for (int i = 0; i < subject.edge_count; ++i)
        to.numbers[i] = Network::numbers::tensors[graph.input_of(subject, i)];
    to.made = Network::numbers::tensors[from.node];
    to.place = facts_of<Network>.places[from.node];
    to.biases = weights_of_node(graph, subject).biases;
    return to;
}

template <class Network, target Machine> struct int8_table_type {
    static constexpr auto& plan = int8_plan_of<Network, Machine>::value;
    static constexpr int kernels = count_int8_kernels(plan);
    using type =
        int8_table<plan.step_count, kernels, plan.step_count - kernels,
                   count_int8_operands(plan, Network::graph()), plan.tensor_count, plan.copy_count>;
};

template <class Network, target Machine> constexpr auto make_int8_table() noexcept {
    using planned = int8_plan_of<Network, Machine>;
    constexpr auto& plan = planned::value;
    constexpr graph_view graph = Network::graph();
    using functions = int8_functions<planned, count_to<plan.step_count>>;
    typename int8_table_type<Network, Machine>::type table;
    int operands = 0;
    int kernel = 0;
    int meaning = 0;
    for (int i = 0; i < plan.step_count; ++i) {
        const step& from = plan.steps[i];
        const int8_call& call = plan.kernels[i];
        const read_list reads = reads_of(graph, from);
        int8_launch& to = table.launches[i];
        to.tensors = {operands, reads.count, from.output};
        to.packed = call.packed;
        for (int input = 0; input < reads.count; ++input)
            table.operands[operands++] = reads.nodes[input];
        if (call.choice.key.kind == kernel_kind::none) {
            to.meaning = meaning;
            table.meanings[meaning++] = launch_int8_meaning<Network>(graph, from);
        } else {
            to.kernel = kernel;
            table.kernels[kernel++] = {functions::run[i], call.numbers, call.scratch};
        }
    }
    for (int i = 0; i < plan.tensor_count; ++i) table.tensors[i] = plan.tensors[i];
    for (int i = 0; i < plan.copy_count; ++i) table.copies[i] = plan.copies[i];
    return table;
}

template <class Network, target Machine>
inline constexpr auto int8_launches_of = make_int8_table<Network, Machine>();

/// Cells of a quantised network while it runs.
struct int8_memory {
    const int8* const* inputs;
    int8* arena;
    int8* const* outputs;

    constexpr const int8* read(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::input ? inputs[tensor.offset] : write(tensor);
    }
    constexpr int8* write(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::output ? outputs[tensor.offset] : arena + tensor.offset;
    }
};

/// Weights of a layer's meaning.
struct int8_parts {
    const int8* kernel;
    const int* bias;
    const rescale* factors;
};

template <class Table>
constexpr void run_int8_meaning(const Table& table, const int8_launch& next,
                                const int8_parts& parts, rounding rule,
                                const int8_memory& memory) noexcept {
    const int8_meaning_launch& meaning = table.meanings[next.meaning];
    const int8* cells[max_inputs]{};
    shape shapes[max_inputs]{};
    for (int input = 0; input < next.tensors.operand_count; ++input) {
        const placed_tensor& tensor =
            table.tensors[table.operands[next.tensors.first_operand + input]];
        cells[input] = memory.read(tensor);
        shapes[input] = tensor.extent;
    }
    const placed_tensor& made = table.tensors[next.tensors.output];
    meaning.run({meaning.options, shapes, cells, meaning.numbers, next.tensors.operand_count,
                 made.extent, memory.write(made), meaning.made, parts.kernel, parts.bias,
                 parts.factors, meaning.place.low, meaning.place.high, rule});
}

template <class Table>
constexpr void copy_int8_outputs(const Table& table, const int8_memory& memory) noexcept {
    for (int i = 0; i < table.copy_count; ++i) {
        const placed_tensor& tensor = table.tensors[table.copies[i].node];
        const int8* from = memory.read(tensor);
        int8* to = memory.outputs[table.copies[i].output];
        const long long count = tensor.extent.elements();
        for (long long cell = 0; cell < count; ++cell) to[cell] = from[cell];
    }
}

/// Every layer by its meaning, from weights as the network has them.
template <class Network>
constexpr void run_int8_meanings(const quantized_weights<Network>& weights,
                                 const int8_memory& memory) noexcept {
    constexpr auto& table = int8_launches_of<Network, targets::reference>;
    for (int i = 0; i < table.count; ++i) {
        const quantized_place& place = table.meanings[table.launches[i].meaning].place;
        run_int8_meaning(table, table.launches[i],
                         {weights.kernels.data() + place.kernel, weights.biases.data() + place.bias,
                          facts_of<Network>.factors + place.factor},
                         Network::rule, memory);
    }
    copy_int8_outputs(table, memory);
}

/// Kernels, from packed weights. Knows no network.
template <class Table>
void run_int8_launches(const Table& table, const unsigned char* packed, rounding rule,
                       const int8_memory& memory) noexcept {
    for (int i = 0; i < table.count; ++i) {
        const int8_launch& next = table.launches[i];
        if constexpr (Table::kernel_count > 0) {
            if (next.kernel >= 0) {
                const int8_kernel_launch& kernel = table.kernels[next.kernel];
                const int* operand = table.operands + next.tensors.first_operand;
                kernel.run({memory.read(table.tensors[operand[0]]),
                            next.tensors.operand_count > 1 ? memory.read(table.tensors[operand[1]])
                                                           : nullptr,
                            memory.write(table.tensors[next.tensors.output]), packed + next.packed,
                            reinterpret_cast<unsigned char*>(memory.arena) + kernel.scratch},
                           kernel.numbers);
                continue;
            }
        }
        if constexpr (Table::meaning_count > 0) {
            const int8_meaning_launch& meaning = table.meanings[next.meaning];
            const unsigned char* const biases = packed + next.packed;
            const unsigned char* const factors = biases + 4LL * meaning.biases;
            run_int8_meaning(table, next,
                             {reinterpret_cast<const int8*>(factors + 8LL * meaning.place.factors),
                              reinterpret_cast<const int*>(biases),
                              reinterpret_cast<const rescale*>(factors)},
                             rule, memory);
        }
    }
    copy_int8_outputs(table, memory);
}

} // namespace detail

/// The memory in which a quantised network's tensors live while it runs; its input and output lie
/// outside.
template <class Network, target Machine = targets::reference> struct quantized_arena {
    static constexpr int cells =
        static_cast<int>(int8_plan_of<Network, Machine>::value.arena_bytes);
    alignas(arena_alignment) int8 memory[cells > 0 ? cells : 1];
};

/// Runs a quantised network once in memory that the caller gives, by its plain meaning: in constant
/// expressions too.
template <class Network>
constexpr void
run(const quantized_weights<Network>& weights, const input_spans<Network, int8>& inputs,
    const output_spans<Network, int8>& outputs, quantized_arena<Network>& memory) noexcept {
    detail::run_int8_meanings<Network>(weights,
                                       {inputs.pointers(), memory.memory, outputs.pointers()});
}

/// The same by kernels, from weights that are packed already and lie anywhere, in read-only memory
/// too.
template <class Network, target Machine>
requires(!Machine.reference) void run(quantized_packed<Network, Machine> packed,
                                      const input_spans<Network, int8>& inputs,
                                      const output_spans<Network, int8>& outputs,
                                      quantized_arena<Network, Machine>& memory) noexcept {
    constexpr auto& table = detail::int8_launches_of<Network, Machine>;
    detail::run_int8_launches(table, packed.data(), Network::rule,
                              {inputs.pointers(), memory.memory, outputs.pointers()});
}

} // namespace ctnn
