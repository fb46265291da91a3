// SPDX-License-Identifier: BSL-1.0
// Where a network begins, and comments about shapes that the compiler checks.
#pragma once

#include <ctnn/network/descriptor.hpp>
#include <ctnn/network/diagnosis.hpp>

namespace ctnn {

constexpr outcome input_rule(const rule_call& call) noexcept {
    const shape& written = call.options.target;
    outcome result;
    result.output.extent = written;
    for (int axis = 0; axis < written.rank; ++axis) {
        if (written[axis] < 1) result.fail(fault{faults::not_positive, fact{role::value, written}});
        if (written[axis] < 1 || !written.countable()) result.output.extent.extents[axis] = 1;
    }
    if (!written.countable()) result.fail(fault{faults::too_large, fact{role::product, written}});
    return result;
}

constexpr outcome expect_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    if (!(call.input() == call.options.target))
        result.problem =
            fault{faults::expectation_failed, fact{role::expects, call.options.target},
                  fact{role::receives, call.input()},
                  fact{role::axis, {first_difference(call.options.target, call.input())}}};
    return result;
}

template <long long Count>
constexpr outcome expect_parameters_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    if (call.parameters_before != Count)
        result.problem =
            fault{faults::parameters_differ, fact{role::declares, {static_cast<int>(Count)}},
                  fact{role::counted, {static_cast<int>(call.parameters_before)}}};
    return result;
}

/// A tensor that comes from outside (Keras: Input): its extents without the batch, channels last:
/// `input<28, 28, 1>` is height, width, channels.
template <int... Extents> struct input {
    static constexpr descriptor info{.form = form::input,
                                     .family = family::none,
                                     .kind = "input",
                                     .keras = "InputLayer",
                                     .options = {.target = shape{Extents...}},
                                     .rule = input_rule};
};

/// Says which shape arrives here; another one does not compile. Costs nothing.
template <int... Extents> struct expect {
    static constexpr descriptor info{.form = form::expect,
                                     .family = family::none,
                                     .kind = "expect",
                                     .options = {.target = shape{Extents...}},
                                     .rule = expect_rule};
};

/// Says how many parameters the layers written so far have; another number does not compile.
template <long long Count> struct expect_parameters {
    static constexpr descriptor info{.form = form::expect,
                                     .family = family::none,
                                     .kind = "expect_parameters",
                                     .rule = expect_parameters_rule<Count>};
};

} // namespace ctnn
