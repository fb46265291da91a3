// SPDX-License-Identifier: BSL-1.0
// Layers that keep every cell where it is: flatten, reshape, and dropout, which is only for
// training.
#pragma once

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/network/descriptor.hpp>
#include <ctnn/network/diagnosis.hpp>
#include <ctnn/quantized/moves.hpp>

namespace ctnn {

struct copy_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i) call.output[i] = call.inputs[0][i];
    }
};

constexpr outcome flatten_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = {shape{call.input().elements()}, call.inputs[0].cell};
    return result;
}

constexpr outcome reshape_rule(const rule_call& call) noexcept {
    outcome result;
    shape target = call.options.target;
    long long known = 1;
    int open = -1;
    bool good = true;
    for (int axis = 0; axis < target.rank; ++axis) {
        if (target[axis] == -1 && open < 0)
            open = axis;
        else if (target[axis] < 1)
            good = false;
        else
            known *= target[axis];
    }
    const long long elements = call.input().elements();
    if (open >= 0) {
        good = good && known > 0 && elements % known == 0;
        target.extents[open] = good ? static_cast<int>(elements / known) : 1;
    }
    if (!good || target.elements() != elements)
        result.problem = fault{faults::reshape_changes_size, fact{role::receives, call.input()},
                               fact{role::equals, {static_cast<int>(elements)}},
                               fact{role::target, call.options.target},
                               fact{role::equals, {static_cast<int>(known)}}};
    result.output = {target, call.inputs[0].cell};
    return result;
}

/// All cells along one axis, channels last: 24 x 24 x 8 becomes 4608 (Keras: Flatten).
struct flatten {
    static constexpr descriptor info{.family = family::alias,
                                     .kind = "flatten",
                                     .keras = "Flatten",
                                     .rule = flatten_rule,
                                     .reference = reference_of<copy_reference>,
                                     .quantized = moves_int8<copy_reference>};
};

/// The same cells under other extents (Keras: Reshape); one extent may be -1: what is left.
template <int... Extents> struct reshape {
    static constexpr descriptor info{.family = family::alias,
                                     .kind = "reshape",
                                     .keras = "Reshape",
                                     .options = {.target = shape{Extents...}},
                                     .rule = reshape_rule,
                                     .reference = reference_of<copy_reference>,
                                     .quantized = moves_int8<copy_reference>};
};

/// Dropout (Keras: Dropout): the identity when a network runs. Rate is for the reader.
template <real Rate = 0.5> struct dropout {
    static constexpr descriptor info{.family = family::alias,
                                     .kind = "dropout",
                                     .keras = "Dropout",
                                     .options = {.alpha = Rate.value},
                                     .rule = identity_rule,
                                     .reference = reference_of<copy_reference>,
                                     .quantized = moves_int8<copy_reference>};
};

} // namespace ctnn
