// SPDX-License-Identifier: BSL-1.0
// What joins several tensors into one: their sum, their product, or one after the other.
// Nothing is broadcast silently.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/quantized/merges.hpp>
#include <ctnn/quantized/moves.hpp>

namespace ctnn {

constexpr fault shapes_differ(const shape& first, const shape& second) noexcept {
    if (first == second) return {};
    bool broadcasts = first.rank == second.rank;
    for (int axis = 0; axis < first.rank && axis < second.rank; ++axis)
        if (first[axis] != second[axis] && first[axis] != 1 && second[axis] != 1)
            broadcasts = false;
    return fault{broadcasts ? faults::silent_broadcast : faults::paths_differ,
                 fact{role::first, first}, fact{role::second, second},
                 fact{role::axis, {first_difference(first, second)}}};
}

/// All inputs have one shape.
constexpr outcome add_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    for (int i = 1; i < call.input_count; ++i)
        result.fail(shapes_differ(call.input(0), call.input(i)));
    return result;
}

namespace faults {
inline constexpr fault_kind subtracts_many{"subtracts_many"};
}
template <class... Facts>
__attribute__((unavailable(
    "subtract takes the second of two paths from the first, and this one has more. Add the paths "
    "that are taken away in a branch of their own"))) constexpr bool
    mistake<&faults::subtracts_many, Facts...> = reported;

/// Two inputs of one shape.
constexpr outcome subtract_rule(const rule_call& call) noexcept {
    outcome result = add_rule(call);
    if (call.input_count > 2)
        result.fail(fault{faults::subtracts_many, fact{role::paths, {call.input_count}}});
    return result;
}

/// A gate has one cell for each channel of a map: (C) or (1, 1, C).
constexpr bool is_gate(const shape& map, const shape& gate) noexcept {
    return gate.elements() == gate.channels() && (gate.rank == 1 || gate.rank == map.rank);
}

constexpr fault check_factor(const shape& map, const shape& factor) noexcept {
    if (map == factor) return {};
    if (!is_gate(map, factor)) return shapes_differ(map, factor);
    if (map.channels() == factor.channels()) return {};
    return fault{faults::gate_channels_differ, fact{role::first, map}, fact{role::second, factor},
                 fact{role::axis, {map.rank - 1}}};
}

/// All inputs have one shape, or the later ones are gates of the first.
constexpr outcome multiply_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    for (int i = 1; i < call.input_count; ++i)
        result.fail(check_factor(call.input(0), call.input(i)));
    return result;
}

/// All inputs agree but along one axis, the channels unless it is told otherwise.
constexpr outcome concat_rule(const rule_call& call) noexcept {
    outcome result;
    const shape& first = call.input(0);
    shape joined = first;
    result.problem = check_axis(call.options, first);
    if (result.problem) {
        result.output = call.inputs[0];
        return result;
    }
    const int axis = call.options.axis_of(first);
    for (int i = 1; i < call.input_count; ++i) {
        const shape& other = call.input(i);
        shape aligned = other;
        aligned.extents[axis] = first[axis];
        if (!(aligned == first))
            result.fail(fault{faults::concat_extents_differ, fact{role::first, first},
                              fact{role::second, other},
                              fact{role::axis, {first_difference(first, aligned)}}});
        joined.extents[axis] += other[axis];
    }
    result.output = {joined, call.inputs[0].cell};
    return result;
}

/// Joins the cells of all inputs one after the other: `Meaning::join(so_far, next)`, and
/// `Meaning::finish(joined, inputs)`. A gate is repeated over its map.
template <class Meaning> struct elementwise_merge_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i) {
            Cell joined = call.inputs[0][i];
            for (int input = 1; input < call.input_count; ++input) {
                const long long length = call.input_shapes[input].elements();
                joined = Meaning::join(joined, call.inputs[input][i % length]);
            }
            call.output[i] = Meaning::finish(joined, call.input_count);
        }
    }
};

namespace merges {

struct sum {
    template <class Cell> static constexpr Cell join(Cell left, Cell right) noexcept {
        return left + right;
    }
    template <class Cell> static constexpr Cell finish(Cell joined, int) noexcept { return joined; }
};
struct difference : sum {
    template <class Cell> static constexpr Cell join(Cell left, Cell right) noexcept {
        return left - right;
    }
};
struct product : sum {
    template <class Cell> static constexpr Cell join(Cell left, Cell right) noexcept {
        return left * right;
    }
};
struct mean : sum {
    template <class Cell> static constexpr Cell finish(Cell joined, int inputs) noexcept {
        return joined / static_cast<Cell>(inputs);
    }
};
struct greatest : sum {
    template <class Cell> static constexpr Cell join(Cell left, Cell right) noexcept {
        return right > left || right != right ? right : left; // a NaN stays
    }
};
struct least : sum {
    template <class Cell> static constexpr Cell join(Cell left, Cell right) noexcept {
        return right < left || right != right ? right : left;
    }
};

} // namespace merges

struct concat_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& joined = call.output_shape;
        const int axis = call.options.axis_of(joined);
        long long inner = 1;
        for (int i = axis + 1; i < joined.rank; ++i) inner *= joined[i];
        const long long row = inner * joined[axis];
        const long long rows = joined.elements() / row;
        long long offset = 0;
        for (int input = 0; input < call.input_count; ++input) {
            const long long part = inner * call.input_shapes[input][axis];
            for (long long i = 0; i < rows; ++i)
                for (long long j = 0; j < part; ++j)
                    call.output[i * row + offset + j] = call.inputs[input][i * part + j];
            offset += part;
        }
    }
};

template <class Meaning>
constexpr descriptor elementwise_merge(text kind, text keras, rule_function rule, operation known,
                                       quantized_meaning quantized = {}) noexcept {
    return {.family = family::merge,
            .operation = known,
            .kind = kind,
            .keras = keras,
            .rule = rule,
            .reference = reference_of<elementwise_merge_reference<Meaning>>,
            .quantized = quantized};
}

inline constexpr descriptor add_descriptor = elementwise_merge<merges::sum>(
    "add", "Add", add_rule, operation::sum, quantized_of<sum_int8<false>>);
inline constexpr descriptor subtract_descriptor = elementwise_merge<merges::difference>(
    "subtract", "Subtract", subtract_rule, operation::difference, quantized_of<sum_int8<true>>);
inline constexpr descriptor multiply_descriptor = elementwise_merge<merges::product>(
    "multiply", "Multiply", multiply_rule, operation::product, quantized_of<product_int8>);
inline constexpr descriptor average_descriptor =
    elementwise_merge<merges::mean>("average", "Average", add_rule, operation::mean);
inline constexpr descriptor maximum_descriptor =
    elementwise_merge<merges::greatest>("maximum", "Maximum", add_rule, operation::greatest);
inline constexpr descriptor minimum_descriptor =
    elementwise_merge<merges::least>("minimum", "Minimum", add_rule, operation::least);
inline constexpr descriptor concat_descriptor{.family = family::merge,
                                              .operation = operation::concat,
                                              .kind = "concatenate",
                                              .keras = "Concatenate",
                                              .rule = concat_rule,
                                              .reference = reference_of<concat_reference>,
                                              .quantized = moves_int8<concat_reference>};

} // namespace ctnn
