// SPDX-License-Identifier: BSL-1.0
// A multiplication and an addition for each channel: trained ones, and ones that are known when the
// network is compiled.
#pragma once

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

/// What happens to the cells of one channel: x * factor + shift.
struct channel_line {
    double factor = 1;
    double shift = 0;
};

/// Moves every channel along options.along by `line_of(channel)`. Input and output may be the same
/// cells.
template <class Cell, class LineOf>
constexpr void run_affine(const reference_call<Cell>& call, LineOf line_of) noexcept {
    const shape& map = call.input_shapes[0];
    const int along = call.options.axis_of(map);
    long long inner = 1;
    for (int i = along + 1; i < map.rank; ++i) inner *= map[i];
    const long long outer = map.elements() / (inner * map[along]);
    for (int c = 0; c < map[along]; ++c) {
        const channel_line line = line_of(c);
        for (long long i = 0; i < outer; ++i)
            for (long long j = 0; j < inner; ++j) {
                const long long cell = (i * map[along] + c) * inner + j;
                call.output[cell] = static_cast<Cell>(
                    static_cast<double>(call.inputs[0][cell]) * line.factor + line.shift);
            }
    }
}

/// Weights: gamma, beta, one number for each channel.
constexpr outcome scale_shift_rule(const rule_call& call) noexcept {
    const shape& map = call.input();
    outcome result = identity_rule(call);
    result.problem = check_axis(call.options, map);
    if (result.problem) return result;
    const shape channel_count{map[call.options.axis_of(map)]};
    if (call.options.scale) result.add_weight("gamma", channel_count);
    if (call.options.center) result.add_weight("beta", channel_count);
    return result;
}

/// Gamma and beta of a channel: 1 and 0 where a layer has none. They are its first weights.
template <class Cell>
constexpr channel_line trained_line(const reference_call<Cell>& call, int channel) noexcept {
    const bool scale = call.options.scale;
    channel_line line;
    if (scale) line.factor = static_cast<double>(call.weights[0][channel]);
    if (call.options.center) line.shift = static_cast<double>(call.weights[scale ? 1 : 0][channel]);
    return line;
}

struct scale_shift_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        run_affine(call, [&](int c) noexcept { return trained_line(call, c); });
    }
};

/// Weights: gamma, one number for each channel.
constexpr outcome layer_scale_rule(const rule_call& call) noexcept {
    outcome result = identity_rule(call);
    result.add_weight("gamma", {call.input().channels()});
    return result;
}

struct layer_scale_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        run_affine(call, [&](int c) noexcept {
            return channel_line{static_cast<double>(call.weights[0][c]), 0};
        });
    }
};

/// Multiplies each channel by a trained gamma (Touvron et al., 2021; ConvNeXt's LayerScale in
/// Keras). Keeps the shape.
struct layer_scale {
    static constexpr descriptor info{.family = family::affine,
                                     .kind = "layer_scale",
                                     .keras = "LayerScale",
                                     .rule = layer_scale_rule,
                                     .reference = reference_of<layer_scale_reference>};
};

/// x * gamma + beta for each channel, both trained (Caffe: Scale with a bias). Keeps the shape.
/// Options: no_scale, which leaves a bias of each channel, no_center, axis.
template <class... Options> struct scale_shift {
    using options = types<Options...>;
    static constexpr descriptor info =
        with_options<Options...>(descriptor{.family = family::affine,
                                            .kind = "scale_shift",
                                            .keras = "Scale",
                                            .rule = scale_shift_rule,
                                            .reference = reference_of<scale_shift_reference>},
                                 option_kind::scale | option_kind::center | option_kind::axis);
};

/// The means of the channels that a normalization takes away: one for each, or one for all.
template <real... Values> struct mean {
    static constexpr double values[sizeof...(Values) + 1]{Values.value...};
    static constexpr option_value option{option_kind::mean, {},    sizeof...(Values), 0,
                                         nullptr,           values};
};
/// The variances of the channels, whose roots a normalization divides by: one for each, or one for
/// all.
template <real... Values> struct variance {
    static constexpr double values[sizeof...(Values) + 1]{Values.value...};
    static constexpr option_value option{
        option_kind::variance, {}, sizeof...(Values), 0, nullptr, values};
};

namespace faults {
inline constexpr fault_kind statistics_differ{"statistics_differ"};
inline constexpr fault_kind negative_variance{"negative_variance"};
} // namespace faults
template <class... Facts>
__attribute__((unavailable(
    "a normalization has means or variances for another number of channels than the map. Write one "
    "for each channel, or one for all"))) constexpr bool
    mistake<&faults::statistics_differ, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable("a variance is a mean of squares and cannot be negative. Correct it; "
                           "the root of it is what a normalization divides by"))) constexpr bool
    mistake<&faults::negative_variance, Facts...> = reported;

namespace detail {

/// The factors, then the shifts, that normalize. `means` and `variances` are how many are written:
/// 0 stands for mean 0 and variance 1, 1 for one for all.
template <int Count> struct normalization_constants {
    double cells[2 * Count + 1]{};
    int means = 0;
    int variances = 0;
    bool negative = false;

    constexpr explicit normalization_constants(const option_value* options, int count) noexcept {
        const double* all_means = nullptr;
        const double* all_variances = nullptr;
        for (int i = 0; i < count; ++i) {
            if (options[i].kind == option_kind::mean) {
                all_means = options[i].amounts;
                means = options[i].count;
            } else if (options[i].kind == option_kind::variance) {
                all_variances = options[i].amounts;
                variances = options[i].count;
            }
        }
        for (int c = 0; c < Count; ++c) {
            const double center = means == 0 ? 0 : all_means[c < means ? c : 0];
            const double spread = variances == 0 ? 1 : all_variances[c < variances ? c : 0];
            negative = negative || spread < 0;
            cells[c] = 1 / math::max(math::sqrt(math::max(spread, 0.0)), 1e-7);
            cells[Count + c] = -center * cells[c];
        }
    }
};

constexpr int count_statistics(const option_value* options, int count) noexcept {
    int most = 0;
    for (int i = 0; i < count; ++i)
        if (options[i].kind == option_kind::mean || options[i].kind == option_kind::variance)
            most = math::max(most, options[i].count);
    return most;
}

template <class... Options> constexpr auto constants_of_normalization() noexcept {
    constexpr option_list<Options...> options;
    return normalization_constants<count_statistics(options.values, options.count)>{options.values,
                                                                                    options.count};
}

template <int Count>
constexpr descriptor with_constants(descriptor plain,
                                    const normalization_constants<Count>& given) noexcept {
    plain.options.constants = given.cells;
    plain.options.declared_inputs = Count;
    plain.options.target = {given.means, given.variances};
    if (given.negative && !plain.problem) plain.problem = fault{faults::negative_variance};
    return plain;
}

} // namespace detail

/// Weights, where no constants are given: mean, variance, and the count of the examples that Keras
/// found them from, which nothing reads.
constexpr outcome normalization_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const shape& map = call.input();
    outcome result = identity_rule(call);
    result.problem = check_axis(options, map);
    if (result.problem) return result;
    const int along = options.axis_of(map);
    for (int i = 0; i < 2; ++i)
        if (options.target[i] > 1 && options.target[i] != map[along])
            result.fail(fault{faults::statistics_differ, fact{role::declares, {options.target[i]}},
                              fact{role::receives, map}, fact{role::axis, {along}}});
    if (options.declared_inputs > 0) return result;
    result.add_weight("mean", {map[along]}, false);
    result.add_weight("variance", {map[along]}, false);
    result.add_weight("count", {}, false);
    return result;
}

struct normalization_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int count = call.options.declared_inputs;
        const double* constants = call.options.constants;
        run_affine(call, [&](int c) noexcept {
            if (count > 0) return channel_line{constants[c % count], constants[count + c % count]};
            const double root = math::sqrt(static_cast<double>(call.weights[1][c]));
            const double factor = 1 / math::max(root, 1e-7);
            return channel_line{factor, -static_cast<double>(call.weights[0][c]) * factor};
        });
    }
};

/// (x - mean) / sqrt(variance) for each channel of what a network reads (Keras: Normalization;
/// torchvision: Normalize, whose deviations are the roots of variances). Keeps the shape.
/// `normalization<mean<123.675, 116.28, 103.53>, variance<3409.98, 3262.69, 3291.89>>` knows both
/// and has no weights; one number stands for all channels, and without the other option the mean is
/// 0 or the variance 1. With neither it has the weights that Keras' adapt() makes: mean, variance
/// and count, which are not trainable. Options: mean, variance, axis.
template <class... Options> struct normalization {
    using options = types<Options...>;
    static constexpr auto constants = detail::constants_of_normalization<Options...>();
    static constexpr descriptor info = detail::with_constants(
        with_options<Options...>(descriptor{.family = family::affine,
                                            .operation = operation::normalise,
                                            .kind = "normalization",
                                            .keras = "Normalization",
                                            .rule = normalization_rule,
                                            .reference = reference_of<normalization_reference>},
                                 option_kind::mean | option_kind::variance | option_kind::axis),
        constants);
};

} // namespace ctnn
