// SPDX-License-Identifier: BSL-1.0
// The leaky relu whose slopes are trained.
#pragma once

#include <ctnn/layers/options.hpp>

namespace ctnn {

/// The slopes of a map: its extents, with 1 along the axes that share them (options.target). An
/// axis that the map does not have is left out, and is a fault.
constexpr shape slopes_of(const attributes& options, const shape& map, fault& problem) noexcept {
    const shape& shared = options.target;
    shape slopes = map;
    for (int i = 0; i < shared.rank; ++i) {
        const int along = shared[i] < 0 ? shared[i] + map.rank : shared[i];
        if (along >= 0 && along < map.rank)
            slopes.extents[along] = 1;
        else if (!problem)
            problem = fault{faults::no_such_axis, fact{role::axis, {shared[i]}},
                            fact{role::receives, map}};
    }
    return slopes;
}

/// Weights: alpha, the slopes.
constexpr outcome prelu_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    result.add_weight("alpha", slopes_of(call.options, call.input(), result.problem));
    return result;
}

struct prelu_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.output_shape;
        fault none;
        const shape slopes = slopes_of(call.options, map, none);
        const long long cells = map.elements();
        for (long long cell = 0; cell < cells; ++cell) {
            const Cell x = call.inputs[0][cell];
            long long rest = cell;
            long long slope = 0;
            long long step = 1;
            for (int along = map.rank; along-- > 0; rest /= map[along]) {
                slope += rest % map[along] % slopes[along] * step;
                step *= slopes[along];
            }
            call.output[cell] = x < 0 ? static_cast<Cell>(call.weights[0][slope]) * x : x;
        }
    }
};

/// x, or alpha * x below zero, where alpha is trained (He et al., 2015; Keras: PReLU, ONNX: PRelu).
/// Keeps the shape. Every cell of a map has a slope of its own, as in Keras, but along the axes of
/// `shared_axes`: `prelu<shared_axes<0, 1>>` has one for each channel of an image, PyTorch's
/// PReLU(C), and `prelu<shared_axes<0, 1, 2>>` a single one, PyTorch's PReLU().
/// It is a layer by itself and no option of another one. Options: shared_axes.
template <class... Options> struct prelu {
    using options = types<Options...>;
    static constexpr descriptor info =
        with_options<Options...>(descriptor{.family = family::activation,
                                            .operation = operation::slopes,
                                            .kind = "prelu",
                                            .keras = "PReLU",
                                            .rule = prelu_rule,
                                            .reference = reference_of<prelu_reference>},
                                 0U | option_kind::axes);
};

} // namespace ctnn
