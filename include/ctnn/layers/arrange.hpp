// SPDX-License-Identifier: BSL-1.0
// Layers that arrange cells anew: other orders of axes, and repetition.
#pragma once

#include <ctnn/network/descriptor.hpp>
#include <ctnn/network/diagnosis.hpp>

namespace ctnn {

namespace faults {
inline constexpr fault_kind not_a_permutation{"not_a_permutation"};
}
template <class... Facts>
__attribute__((unavailable(
    "permute must name every axis of what it reads once. Axes are counted from 0, without the "
    "batch: permute<2, 0, 1> puts the channels of a map first"))) constexpr bool
    mistake<&faults::not_a_permutation, Facts...> = reported;

constexpr bool is_permutation(const shape& order, int rank) noexcept {
    if (order.rank != rank) return false;
    unsigned seen = 0;
    for (int axis = 0; axis < rank; ++axis)
        if (order[axis] >= 0 && order[axis] < rank) seen |= 1U << order[axis];
    return seen == (1U << rank) - 1;
}

/// Axis i of the output is axis target[i] of the input.
constexpr outcome permute_rule(const rule_call& call) noexcept {
    const shape& order = call.options.target;
    const shape& map = call.input();
    outcome result;
    result.output = call.inputs[0];
    if (!is_permutation(order, map.rank)) {
        result.fail(
            fault{faults::not_a_permutation, fact{role::value, order}, fact{role::receives, map}});
        return result;
    }
    for (int axis = 0; axis < map.rank; ++axis)
        result.output.extent.extents[axis] = map[order[axis]];
    return result;
}

struct permute_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& order = call.options.target;
        const shape& map = call.input_shapes[0];
        const shape& turned = call.output_shape;
        long long steps[max_rank]{};
        long long step = 1;
        for (int axis = map.rank; axis-- > 0; step *= map[axis]) steps[axis] = step;
        const long long cells = turned.elements();
        for (long long cell = 0; cell < cells; ++cell) {
            long long rest = cell;
            long long from = 0;
            for (int axis = turned.rank; axis-- > 0; rest /= turned[axis])
                from += rest % turned[axis] * steps[order[axis]];
            call.output[cell] = call.inputs[0][from];
        }
    }
};

constexpr strided_view view_of_permute(const attributes& options, const shape& map,
                                       const shape& made) noexcept {
    strided_view view;
    for (int axis = 0; axis < made.rank; ++axis) {
        long long step = 1;
        for (int inner = options.target[axis] + 1; inner < map.rank; ++inner) step *= map[inner];
        view.append(made[axis], step);
    }
    return view;
}

/// A vector becomes target[0] equal rows.
constexpr outcome repeat_vector_rule(const rule_call& call) noexcept {
    outcome result;
    const int count = call.options.target[0];
    result.output = {shape{count < 1 ? 1 : count, call.input().channels()}, call.inputs[0].cell};
    if (call.input().rank != 1)
        result.fail(
            fault{faults::wrong_rank, fact{role::axes, {1}}, fact{role::receives, call.input()}});
    if (count < 1) result.fail(fault{faults::not_positive, fact{role::value, {count}}});
    return result;
}

struct repeat_vector_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        const int length = call.output_shape.channels();
        for (long long i = 0; i < cells; ++i) call.output[i] = call.inputs[0][i % length];
    }
};

constexpr strided_view view_of_repeat_vector(const attributes&, const shape&,
                                             const shape& made) noexcept {
    strided_view view;
    view.append(made[0], 0);
    view.append(made[1], 1);
    return view;
}

/// The axes in another order (Keras: Permute, which counts from 1): axis i of the output is axis
/// Order[i] of the input, counted from 0 without the batch.
template <int... Order> struct permute {
    static constexpr descriptor info{.family = family::move,
                                     .operation = operation::view,
                                     .kind = "permute",
                                     .keras = "Permute",
                                     .options = {.target = shape{Order...}},
                                     .rule = permute_rule,
                                     .reference = reference_of<permute_reference>,
                                     .view = view_of_permute};
};

/// A vector, Count times: (C) becomes (Count, C) (Keras: RepeatVector).
template <int Count> struct repeat_vector {
    static constexpr descriptor info{.family = family::move,
                                     .operation = operation::view,
                                     .kind = "repeat_vector",
                                     .keras = "RepeatVector",
                                     .options = {.target = shape{Count}},
                                     .rule = repeat_vector_rule,
                                     .reference = reference_of<repeat_vector_reference>,
                                     .view = view_of_repeat_vector};
};

} // namespace ctnn
