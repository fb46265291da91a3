// SPDX-License-Identifier: BSL-1.0
// Softmax, e^x over the sum of e^x along an axis, and its logarithm.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/alias.hpp>
#include <ctnn/layers/options.hpp>
#include <ctnn/quantized/curves.hpp>

namespace ctnn {

constexpr outcome softmax_rule(const rule_call& call) noexcept {
    outcome result = identity_rule(call);
    const shape& map = call.input();
    result.reaches_all = map.rank == 1;
    result.problem = check_axis(call.options, map);
    return result;
}

/// The greatest cell is subtracted first, so that nothing overflows.
template <bool Logarithm> struct softmax_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.output_shape;
        const int axis = call.options.axis_of(map);
        const int length = map[axis];
        long long step = 1;
        for (int i = axis + 1; i < map.rank; ++i) step *= map[i];
        const long long rows = map.elements() / length;
        for (long long row = 0; row < rows; ++row) {
            const long long first = row / step * step * length + row % step;
            const Cell* read = call.inputs[0] + first;
            Cell* write = call.output + first;
            Cell greatest = read[0];
            for (int i = 1; i < length; ++i) greatest = math::max(greatest, read[i * step]);
            double sum = 0;
            for (int i = 0; i < length; ++i) {
                const double below = static_cast<double>(read[i * step] - greatest);
                const double grown = math::exp(below);
                write[i * step] = static_cast<Cell>(Logarithm ? below : grown);
                sum += grown;
            }
            const double logarithm = math::log(sum);
            for (int i = 0; i < length; ++i) {
                const double cell = static_cast<double>(write[i * step]);
                write[i * step] = static_cast<Cell>(Logarithm ? cell - logarithm : cell / sum);
            }
        }
    }
};

template <bool Logarithm>
inline constexpr descriptor softmax_descriptor{
    .family = family::activation,
    .operation = Logarithm ? operation::other : operation::softmax,
    .kind = Logarithm ? text{"log_softmax"} : text{"softmax"},
    .keras = "Softmax",
    .rule = softmax_rule,
    .reference = reference_of<softmax_reference<Logarithm>>,
    .quantized = Logarithm ? quantized_meaning{} : quantized_of<softmax_int8>};

/// Softmax along the last axis (Keras: softmax). Keeps the shape.
struct softmax {
    static constexpr descriptor info = softmax_descriptor<false>;
};

/// The logarithm of softmax along the last axis (Keras: log_softmax).
struct log_softmax {
    static constexpr descriptor info = softmax_descriptor<true>;
};

/// Softmax along another axis, counted without the batch: `softmax_over<axis<0>>` (Keras: Softmax).
template <class... Options> struct softmax_over {
    using options = types<Options...>;
    static constexpr descriptor info =
        with_options<Options...>(softmax_descriptor<false>, 0U | option_kind::axis);
};

} // namespace ctnn
