// SPDX-License-Identifier: BSL-1.0
// The fully connected layer.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

/// Weights: kernel (inputs, units), bias (units).
constexpr outcome dense_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const shape& map = call.input();
    const int inputs = map.channels();
    outcome result;
    result.reaches_all = map.rank == 1;
    shape output = map;
    output.extents[math::max(map.rank - 1, 0)] = options.filters;
    result.output = {output, call.inputs[0].cell};
    if (options.filters < 1)
        result.problem = fault{faults::not_positive, fact{role::filters, {options.filters}}};
    else if (options.declared_inputs != 0 && options.declared_inputs != inputs)
        result.problem = fault{faults::input_size_mismatch,
                               fact{role::declares, {options.declared_inputs}},
                               fact{role::receives, map}};
    // Without a flatten the writer thinks of the whole map: its product is what in<...> would be.
    if (result.problem && map.rank > 1) {
        result.problem.facts[result.problem.count++] = {role::product, map};
        result.problem.facts[result.problem.count++] = {role::equals,
                                                        {static_cast<int>(map.elements())}};
    }
    result.kernel = {inputs};
    result.add_weight("kernel", {inputs, options.filters});
    if (options.bias) result.add_weight("bias", {options.filters});
    result.macs = result.output.extent.elements() * inputs;
    return result;
}

struct dense_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int inputs = call.input_shapes[0].channels();
        const int units = call.output_shape.channels();
        const long long rows = call.output_shape.elements() / units;
        for (long long row = 0; row < rows; ++row) {
            Cell* cells = call.output + row * units;
            for (int u = 0; u < units; ++u)
                cells[u] = call.options.bias ? static_cast<Cell>(call.weights[1][u]) : Cell{};
            for (int i = 0; i < inputs; ++i) {
                const Cell read = call.inputs[0][row * inputs + i];
                for (int u = 0; u < units; ++u)
                    cells[u] += read * static_cast<Cell>(call.weights[0][i * units + u]);
            }
        }
    }
};

/// A fully connected layer (Keras: Dense, PyTorch: Linear). Reads (inputs), gives (Units); on a map
/// it works along the last axis, as in Keras, so put `flatten` before it to connect everything.
/// Weights are kernel (inputs, Units) and bias (Units). Options: no_bias, in, and an activation.
template <int Units, class... Options> struct dense {
    static constexpr descriptor info = [] {
        descriptor plain{.family = family::dense,
                         .kind = "dense",
                         .keras = "Dense",
                         .rule = dense_rule,
                         .reference = reference_of<dense_reference>};
        plain.options.filters = Units;
        return with_options<Options...>(plain, option_kind::bias | option_kind::inputs |
                                                   option_kind::activation);
    }();
};

} // namespace ctnn
