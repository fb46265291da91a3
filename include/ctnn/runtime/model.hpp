// SPDX-License-Identifier: BSL-1.0
// Runs a network: at run time without heap or exceptions, and in constant expressions.
#pragma once

#include <ctnn/runtime/launch.hpp>
#include <ctnn/runtime/pack.hpp>

namespace ctnn {

/// The memory in which a network's tensors live while it runs; its input and output lie outside.
/// Cells are float, or double for the oracle.
template <class Network, class Cell = float, target Machine = targets::reference> struct arena {
    static constexpr int cells = static_cast<int>(plan_of<Network, Machine>::value.arena_bytes / 4);
    alignas(arena_alignment) Cell memory[cells > 0 ? cells : 1];
};

namespace detail {

template <class Cell> struct memory {
    const Cell* const* inputs;
    Cell* arena;
    Cell* const* outputs;

    constexpr const Cell* read(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::input ? inputs[tensor.offset] : write(tensor);
    }
    constexpr Cell* write(const placed_tensor& tensor) const noexcept {
        return tensor.where == place::output ? outputs[tensor.offset] : arena + tensor.offset / 4;
    }
};

template <int Operands, class Table, class Cell>
constexpr void run_reference(const Table& table, const reference_launch<Cell>& next,
                             const launch_tensors& place, const float* weights,
                             const memory<Cell>& cells) noexcept {
    const Cell* inputs[Operands]{};
    shape shapes[Operands]{};
    for (int input = 0; input < place.operand_count; ++input) {
        const placed_tensor& operand = table.tensors[table.operands[place.first_operand + input]];
        inputs[input] = cells.read(operand);
        shapes[input] = operand.extent;
    }
    const float* parts[max_weights]{};
    for (int part = 0; part < max_weights; ++part) parts[part] = weights + next.weights[part];
    const placed_tensor& output = table.tensors[place.output];
    next.run({next.options, shapes, inputs, place.operand_count, output.extent, cells.write(output),
              parts});
}

template <class Table>
void run_kernel(const Table& table, const kernel_launch& next, const launch_tensors& place,
                const float* packed, const memory<float>& cells) noexcept {
    const int* operand = table.operands + place.first_operand;
    const placed_tensor& output = table.tensors[place.output];
    next.run({cells.read(table.tensors[operand[0]]),
              place.operand_count > 1 ? cells.read(table.tensors[operand[1]]) : nullptr,
              cells.write(output), packed + next.packed, cells.arena + next.scratch},
             next.numbers);
}

/// Rows `from` to before `to` of what one of several launches that run together gives; `kept` are
/// the rows that its output has room for, 0 for all.
template <class Table>
void run_rows(const Table& table, const launch& next, int from, int to, int kept,
              const float* packed, const memory<float>& cells) noexcept {
    const kernel_launch& kernel = table.kernels[next.kernel];
    const int* operand = table.operands + next.tensors.first_operand;
    const float* const input = cells.read(table.tensors[operand[0]]);
    const float* const other =
        next.tensors.operand_count > 1 ? cells.read(table.tensors[operand[1]]) : nullptr;
    float* const output = cells.write(table.tensors[next.tensors.output]);
    geometry g = kernel.numbers;
    const long long input_row = 1LL * g.in[2] * g.channels;
    const long long output_row = 1LL * g.out[2] * g.filters;
    const int ring = g.ring;
    const bool by_row = is_row_by_row(g);
    operands places{input, nullptr, nullptr, packed + kernel.packed, cells.arena + kernel.scratch};
    while (from < to) {
        int count = to - from;
        const int written = kept != 0 ? from % kept : from;
        if (kept != 0) count = math::min(count, kept - written);
        if (by_row) {
            const int read = ring != 0 ? from % ring : from;
            if (ring != 0) count = math::min(count, ring - read);
            places.input = input + read * input_row;
            g.in[1] = count;
        } else {
            g.before[1] = kernel.numbers.before[1] - from * g.stride[1];
        }
        g.out[1] = count;
        places.output = output + written * output_row;
        if (other) places.other = other + from * output_row;
        kernel.run(places, g);
        from += count;
    }
}

/// Asks for floats that are read soon. The map that a band reads is not in a near cache, and rows
/// begin too often for the machine to see that.
[[gnu::always_inline]] inline void ask_for(const float* from, long long count) noexcept {
    constexpr int line = 16;
    for (long long i = 0; i < count; i += line) __builtin_prefetch(from + i);
}

/// Runs launches that make together, some rows at a time, what the last of them gives.
template <class Table>
void run_band(const Table& table, int first, const float* packed,
              const memory<float>& cells) noexcept {
    const launch* const launches = table.launches + first;
    const int last = launches[0].together - 1;
    int made[max_band_steps]{};
    int need[max_band_steps]{};
    const auto numbers = [&](int k) noexcept -> const geometry& {
        return table.kernels[launches[k].kernel].numbers;
    };
    const int all = numbers(last).out[1];
    const float* const input =
        cells.read(table.tensors[table.operands[launches[0].tensors.first_operand]]);
    const long long row = 1LL * numbers(0).in[2] * numbers(0).channels;
    int asked = 0;
    while (made[last] < all) {
        need[last] = math::min(made[last] + launches[0].band_rows, all);
        for (int k = last; k > 0; --k) need[k - 1] = rows_under(numbers(k), need[k]);
        for (int k = 0; k <= last; ++k) {
            run_rows(table, launches[k], made[k], need[k], k < last ? numbers(k + 1).ring : 0,
                     packed, cells);
            made[k] = need[k];
            if (k > 0) continue;
            // The rows after those that were read now, as many as will be read next.
            const int read = rows_under(numbers(0), need[0]);
            const int next = math::min(read + (read - asked), numbers(0).in[1]);
            ask_for(input + read * row, (next - read) * row);
            asked = read;
        }
    }
}

/// Runs the launches from `first` to before `last`, one after the other. Knows no network.
/// `weights` are packed, or as the network has them if no step has a kernel.
template <class Table, class Cell>
constexpr void run_launches(const Table& table, int first, int last, const float* weights,
                            const memory<Cell>& cells) noexcept {
    for (int i = first; i < last; ++i) {
        const launch& next = table.launches[i];
        if constexpr (Table::kernel_count > 0) {
            if constexpr (Table::band_count > 0) {
                if (next.together > 1) {
                    run_band(table, i, weights, cells);
                    i += next.together - 1;
                    continue;
                }
            }
            if (next.kernel >= 0) {
                run_kernel(table, table.kernels[next.kernel], next.tensors, weights, cells);
                continue;
            }
        }
        run_reference<Table::operand_room>(table, table.references[next.reference], next.tensors,
                                           weights, cells);
    }
}

/// Fills the outputs whose cells lie somewhere else.
template <class Table, class Cell>
constexpr void copy_outputs(const Table& table, const memory<Cell>& cells) noexcept {
    for (int i = 0; i < table.copy_count; ++i) {
        const placed_tensor& tensor = table.tensors[table.copies[i].node];
        const Cell* from = cells.read(tensor);
        Cell* to = cells.outputs[table.copies[i].output];
        const long long count = tensor.extent.elements();
        for (long long cell = 0; cell < count; ++cell) to[cell] = from[cell];
    }
}

/// Runs a network: its launches, then what is left to copy.
template <class Network, class Cell, target Machine>
constexpr void run_network(const float* weights, const Cell* const* inputs, Cell* const* outputs,
                           Cell* arena) noexcept {
    constexpr auto& table = launches_of<Network, Cell, Machine>;
    const memory<Cell> cells{inputs, arena, outputs};
    run_launches(table, 0, table.count, weights, cells);
    copy_outputs(table, cells);
}

} // namespace detail

/// Runs a network once in memory that the caller gives. Reads and writes nothing else; no input may
/// overlap an output. `run<net>(weights, image, scores, memory)`, or with several inputs and
/// outputs `run<net>(weights, {left, right}, {boxes, scores}, memory)`.
template <class Network, class Cell = float>
constexpr void run(weights_span<Network> weights, const input_spans<Network, Cell>& inputs,
                   const output_spans<Network, Cell>& outputs,
                   arena<Network, Cell>& memory) noexcept {
    detail::run_network<Network, Cell, targets::reference>(weights.data(), inputs.pointers(),
                                                           outputs.pointers(), memory.memory);
}

/// The same by kernels, from weights that are packed already and lie anywhere, in read-only memory
/// too: `run<net>(packed, image, scores, memory)`. They must be packed for the target that the
/// arena is of.
template <class Network, target Machine>
requires(!Machine.reference) constexpr void run(packed_span<Network, Machine> packed,
                                                const input_spans<Network>& inputs,
                                                const output_spans<Network>& outputs,
                                                arena<Network, float, Machine>& memory) noexcept {
    detail::run_network<Network, float, Machine>(packed.data(), inputs.pointers(),
                                                 outputs.pointers(), memory.memory);
}

/// Runs a network with one output once and returns it; the arena lies on the stack, so this is for
/// constant expressions and for small networks:
/// `static_assert(argmax(run<net>(weights, image)) == 7)`.
template <class Network, class Cell = float>
requires(Network::output_count == 1) constexpr output_array<Network, Cell> run(
    weights_span<Network> weights, const input_spans<Network, Cell>& inputs) noexcept {
    arena<Network, Cell> memory;
    output_array<Network, Cell> result{};
    run<Network, Cell>(weights, inputs, result, memory);
    return result;
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

/// A network with its weights, packed for the machine that the file is compiled for, and the arena
/// it runs in. A model is not to be run by two threads at once. Without kernels (cells of double,
/// targets::reference) it reads the weights where they are: those must outlive it.
template <class Network, class Cell = float,
          target Machine = sizeof(Cell) == 4 ? this_machine : targets::reference>
class model {
public:
    /// Bytes of the arena and of the packed weights in a model.
    static constexpr long long arena_bytes = plan_of<Network, Machine>::value.arena_bytes;
    static constexpr long long packed_bytes = plan_of<Network, Machine>::value.packed_floats * 4;
    static constexpr int steps = plan_of<Network, Machine>::value.step_count;

    constexpr explicit model(weights_span<Network> blob) noexcept : packed_(blob) {}

    /// Reads Network::inputs, writes Network::outputs, all row-major and channels last:
    /// `run(image, scores)`, `run({left, right}, {boxes, scores})`.
    constexpr void run(const input_spans<Network, Cell>& inputs,
                       const output_spans<Network, Cell>& outputs) noexcept {
        run_steps(0, steps, inputs, outputs);
    }

    /// Runs the plan's steps from `first` to before `last` alone: a run in parts.
    constexpr void run_steps(int first, int last, const input_spans<Network, Cell>& inputs,
                             const output_spans<Network, Cell>& outputs) noexcept {
        constexpr auto& table = launches_of<Network, Cell, Machine>;
        const detail::memory<Cell> cells{inputs.pointers(), arena_.memory, outputs.pointers()};
        detail::run_launches(table, first, last, packed_.data(), cells);
        if (last == steps) detail::copy_outputs(table, cells);
    }
    /// How many steps from `first` on run together: a part does not end between them.
    static constexpr int steps_together(int first) noexcept {
        return launches_of<Network, Cell, Machine>.launches[first].together;
    }

private:
    packed_weights<Network, Machine> packed_;
    arena<Network, Cell, Machine> arena_;
};

} // namespace ctnn
