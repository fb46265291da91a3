// SPDX-License-Identifier: BSL-1.0
// The fully connected layer.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>
#include <ctnn/quantized/sums.hpp>

namespace ctnn {

/// Weights: kernel (inputs, units), bias (units).
constexpr outcome dense_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const shape& map = call.input();
    const int declared = options.declared_inputs;
    const int inputs = declared > 0 ? declared : map.channels();
    const int units = options.filters.of(inputs);
    outcome result;
    result.reaches_all = map.rank == 1;
    shape output = map;
    if (map.rank == 0) result.fail(fault{faults::wrong_rank, fact{role::axes, {1}}});
    result.fail(check_filters(options.filters, inputs));
    if (declared > 0 && declared != map.channels()) {
        // More than the last axis has: the writer thinks of the whole map.
        const bool whole = map.rank > 1 && declared > map.channels();
        fault differs{whole ? faults::missing_flatten : faults::input_size_mismatch,
                      fact{role::declares, {declared}}, fact{role::receives, map}};
        if (whole) differs.add(role::equals, {static_cast<int>(map.elements())});
        result.fail(differs);
        if (whole) output = shape{1};
    }
    if (output.rank == 0) output = shape{1};
    output.extents[output.rank - 1] = math::max(units, 1);
    result.output = {output, call.inputs[0].cell};
    result.kernel = {inputs};
    result.add_weight("kernel", {inputs, units});
    if (options.bias) result.add_weight("bias", {units});
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
/// Units is a number, or relative to what it reads: `in_channels / 16`.
/// Weights are kernel (inputs, Units) and bias (Units). Options: no_bias, in, and an activation.
template <auto Units, class... Options> struct dense {
    using options = types<Options...>;
    static constexpr descriptor info = with_options<Options...>(
        with_filters<Units>(descriptor{.family = family::dense,
                                       .kind = "dense",
                                       .keras = "Dense",
                                       .rule = dense_rule,
                                       .reference = reference_of<dense_reference>,
                                       .quantized = quantized_of<dense_int8>}),
        option_kind::bias | option_kind::inputs | option_kind::activation);
};

} // namespace ctnn
