// SPDX-License-Identifier: BSL-1.0
// The gated linear unit: one half of a map opens and closes the other.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

namespace faults {
inline constexpr fault_kind odd_halves{"odd_halves"};
}
template <class... Facts>
__attribute__((
    unavailable("glu multiplies one half of an axis by the sigmoid of the other, and the extent of "
                "the axis is odd. Give the layer before it twice the channels that glu is to "
                "leave"))) constexpr bool mistake<&faults::odd_halves, Facts...> = reported;

constexpr outcome glu_rule(const rule_call& call) noexcept {
    const shape& map = call.input();
    outcome result = identity_rule(call);
    result.problem = check_axis(call.options, map);
    if (result.problem) return result;
    const int along = call.options.axis_of(map);
    if (map[along] % 2 != 0)
        result.fail(
            fault{faults::odd_halves, fact{role::receives, map}, fact{role::axis, {along}}});
    result.output.extent.extents[along] = math::max(map[along] / 2, 1);
    return result;
}

struct glu_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& halved = call.output_shape;
        long long half = 1;
        for (int i = call.options.axis_of(halved); i < halved.rank; ++i) half *= halved[i];
        const long long cells = halved.elements();
        for (long long i = 0; i < cells; ++i) {
            const Cell* read = call.inputs[0] + i / half * 2 * half + i % half;
            call.output[i] = static_cast<Cell>(static_cast<double>(read[0]) *
                                               math::logistic(static_cast<double>(read[half])));
        }
    }
};

/// a * sigmoid(b), where a and b are the halves of the channels (Dauphin et al., 2017; Keras: glu,
/// PyTorch: GLU). Gives half the channels. Options: axis.
template <class... Options> struct glu {
    using options = types<Options...>;
    static constexpr descriptor info =
        with_options<Options...>(descriptor{.family = family::custom,
                                            .operation = operation::gate,
                                            .kind = "glu",
                                            .keras = "Activation",
                                            .rule = glu_rule,
                                            .reference = reference_of<glu_reference>},
                                 0U | option_kind::axis);
};

} // namespace ctnn
