// SPDX-License-Identifier: BSL-1.0
// Runs a network: at run time without heap or exceptions, and in constant expressions.
#pragma once

#include <ctnn/core/fixed_span.hpp>
#include <ctnn/runtime/launch.hpp>

namespace ctnn {

/// The memory in which a network's tensors live while it runs; its input and output lie outside.
/// Cells are float, or double for the oracle.
template <class Network, class Cell = float> struct arena {
    static constexpr int cells = static_cast<int>(Network::arena_bytes / 4);
    alignas(arena_alignment) Cell memory[cells > 0 ? cells : 1];
};

/// The cells of a network's input and output, and its weights, as spans of fixed extent: arrays and
/// spans of another size do not convert.
template <class Network, class Cell = float>
using input_span =
    fixed_span<const detail::not_deduced<Cell>, std::size_t{Network::input.elements()}>;
template <class Network, class Cell = float>
using output_span = fixed_span<detail::not_deduced<Cell>, std::size_t{Network::output.elements()}>;
template <class Network>
using weights_span = fixed_span<const float, std::size_t{Network::parameters}>;
template <class Network, class Cell = float>
using output_array = fixed_array<Cell, std::size_t{Network::output.elements()}>;

namespace detail {

template <class Cell> struct memory {
    const Cell* input;
    Cell* arena;
    Cell* output;

    constexpr const Cell* read(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::input ? input : write(tensor);
    }
    constexpr Cell* write(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::output ? output : arena + tensor.offset / 4;
    }
};

/// Runs launches one after the other. Knows no network: `Operands` is the most inputs of a layer.
template <int Operands, class Cell>
constexpr void run_launches(const launch<Cell>* launches, int count, const int* operands,
                            const placed_tensor* tensors, const float* weights,
                            const memory<Cell>& cells) noexcept {
    for (int i = 0; i < count; ++i) {
        const launch<Cell>& next = launches[i];
        const Cell* inputs[Operands]{};
        shape shapes[Operands]{};
        for (int input = 0; input < next.operand_count; ++input) {
            const placed_tensor& operand = tensors[operands[next.first_operand + input]];
            inputs[input] = cells.read(operand);
            shapes[input] = operand.extent;
        }
        const float* parts[max_weights]{};
        for (int part = 0; part < max_weights; ++part) parts[part] = weights + next.weights[part];
        const placed_tensor& output = tensors[next.output];
        next.run({next.options, shapes, inputs, next.operand_count, output.extent,
                  cells.write(output), parts});
    }
}

} // namespace detail

/// Runs a network once in memory that the caller gives. Reads and writes nothing else.
template <class Network, class Cell = float>
constexpr void run(weights_span<Network> weights, input_span<Network, Cell> input,
                   output_span<Network, Cell> output, arena<Network, Cell>& memory) noexcept {
    constexpr auto& table = launches_of<Network, Cell>;
    detail::run_launches<table.most_operands, Cell>(table.launches, table.count, table.operands,
                                                    table.tensors, weights.data(),
                                                    {input.data(), memory.memory, output.data()});
    if constexpr (plan_of<Network>::value.copied_output >= 0)
        for (std::size_t i = 0; i < output.size(); ++i) output[i] = input[i];
}

/// Runs a network once and returns its output; the arena lies on the stack, so this is for constant
/// expressions and for small networks:
/// `static_assert(argmax(run<net>(weights, image)) == 7)`.
template <class Network, class Cell = float>
constexpr output_array<Network, Cell> run(weights_span<Network> weights,
                                          input_span<Network, Cell> input) noexcept {
    arena<Network, Cell> memory;
    output_array<Network, Cell> output{};
    run<Network, Cell>(weights, input, output, memory);
    return output;
}

/// The position of the greatest cell; of the first one, if several are equal.
template <class Cells> constexpr int argmax(const Cells& cells) noexcept {
    int best = 0;
    int i = 0;
    for (const auto& cell : cells) {
        if (cells[static_cast<std::size_t>(best)] < cell) best = i;
        ++i;
    }
    return best;
}

/// A network with its weights and the arena it runs in. The weights stay where they are and must
/// outlive the model; a model is not to be run by two threads at once.
template <class Network, class Cell = float> class model {
public:
    constexpr explicit model(weights_span<Network> weights) noexcept : weights_(weights) {}

    /// Reads Network::input, writes Network::output, both row-major and channels last.
    constexpr void run(input_span<Network, Cell> input,
                       output_span<Network, Cell> output) noexcept {
        ctnn::run<Network, Cell>(weights_, input, output, arena_);
    }

private:
    weights_span<Network> weights_;
    arena<Network, Cell> arena_;
};

} // namespace ctnn
