// SPDX-License-Identifier: BSL-1.0
// What joins several tensors into one: their sum, their product, or one after the other.
// Nothing is broadcast silently.
#pragma once

#include <ctnn/network/diagnosis.hpp>
#include <ctnn/network/descriptor.hpp>

namespace ctnn {

/// The first axis along which two shapes differ; their rank if they do not.
constexpr int first_difference(const shape& left, const shape& right) noexcept {
    int axis = 0;
    while (axis < left.rank && axis < right.rank && left[axis] == right[axis]) ++axis;
    return axis;
}

constexpr fault shapes_differ(const shape& first, const shape& second) noexcept {
    if (first == second) return {};
    bool broadcasts = first.rank == second.rank;
    for (int axis = 0; axis < first.rank && axis < second.rank; ++axis)
        if (first[axis] != second[axis] && first[axis] != 1 && second[axis] != 1) broadcasts = false;
    return fault{broadcasts ? faults::silent_broadcast : faults::paths_differ,
                 fact{role::first, first}, fact{role::second, second},
                 fact{role::axis, {first_difference(first, second)}}};
}

/// All inputs have one shape.
constexpr outcome add_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    for (int i = 1; i < call.input_count && !result.problem; ++i)
        result.problem = shapes_differ(call.input(0), call.input(i));
    return result;
}

/// A gate has one cell for each channel of a map: (C) or (1, 1, C).
constexpr bool is_gate(const shape& map, const shape& gate) noexcept {
    return gate.elements() == map.channels() && gate.channels() == map.channels() &&
           (gate.rank == 1 || gate.rank == map.rank);
}

/// All inputs have one shape, or the later ones are gates of the first.
constexpr outcome multiply_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    for (int i = 1; i < call.input_count && !result.problem; ++i)
        if (!is_gate(call.input(0), call.input(i)))
            result.problem = shapes_differ(call.input(0), call.input(i));
    return result;
}

/// All inputs agree but for their channels.
constexpr outcome concat_rule(const rule_call& call) noexcept {
    outcome result;
    shape joined = call.input(0);
    for (int i = 1; i < call.input_count; ++i) {
        const shape& first = call.input(0);
        const shape& other = call.input(i);
        if (first.rank != other.rank || first_difference(first, other) < first.rank - 1)
            result.problem = fault{faults::concat_extents_differ, fact{role::first, first},
                                   fact{role::second, other},
                                   fact{role::axis, {first_difference(first, other)}}};
        joined.extents[joined.rank - 1] += other.channels();
    }
    result.output = {joined, call.inputs[0].cell};
    return result;
}

struct add_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i) {
            Cell sum = call.inputs[0][i];
            for (int input = 1; input < call.input_count; ++input) sum += call.inputs[input][i];
            call.output[i] = sum;
        }
    }
};

struct multiply_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i) {
            Cell product = call.inputs[0][i];
            for (int input = 1; input < call.input_count; ++input)
                product *= call.inputs[input][i % call.input_shapes[input].elements()];
            call.output[i] = product;
        }
    }
};

struct concat_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int channels = call.output_shape.channels();
        const long long cells = call.output_shape.elements() / channels;
        int offset = 0;
        for (int input = 0; input < call.input_count; ++input) {
            const int part = call.input_shapes[input].channels();
            for (long long i = 0; i < cells; ++i)
                for (int c = 0; c < part; ++c)
                    call.output[i * channels + offset + c] = call.inputs[input][i * part + c];
            offset += part;
        }
    }
};

inline constexpr descriptor add_descriptor{.family = family::merge,
                                           .kind = "add",
                                           .keras = "Add",
                                           .rule = add_rule,
                                           .reference = reference_of<add_reference>};
inline constexpr descriptor multiply_descriptor{.family = family::merge,
                                                .kind = "multiply",
                                                .keras = "Multiply",
                                                .rule = multiply_rule,
                                                .reference = reference_of<multiply_reference>};
inline constexpr descriptor concat_descriptor{.family = family::merge,
                                              .kind = "concatenate",
                                              .keras = "Concatenate",
                                              .rule = concat_rule,
                                              .reference = reference_of<concat_reference>};

} // namespace ctnn
