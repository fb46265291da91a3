// SPDX-License-Identifier: BSL-1.0
// Normalisations by the statistics of the example itself: layer, group, instance, root mean square
// and unit norm.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

/// Scales and moves `count` cells to mean 0 and variance 1.
template <class Cell>
constexpr void normalise(const Cell* read, Cell* write, long long count, double epsilon) noexcept {
    double sum = 0;
    for (long long i = 0; i < count; ++i) sum += static_cast<double>(read[i]);
    const double mean = sum / static_cast<double>(count);
    double squares = 0;
    for (long long i = 0; i < count; ++i) {
        const double distance = static_cast<double>(read[i]) - mean;
        squares += distance * distance;
    }
    const double factor = 1 / math::sqrt(squares / static_cast<double>(count) + epsilon);
    for (long long i = 0; i < count; ++i)
        write[i] = static_cast<Cell>((static_cast<double>(read[i]) - mean) * factor);
}

/// Multiplies by gamma and adds beta, which are repeated over the cells.
template <class Cell>
constexpr void scale_and_center(const reference_call<Cell>& call, long long length) noexcept {
    const bool scale = call.options.scale;
    const bool center = call.options.center;
    const long long cells = call.output_shape.elements();
    for (long long i = 0; i < cells; ++i) {
        if (scale) call.output[i] *= static_cast<Cell>(call.weights[0][i % length]);
        if (center) call.output[i] += static_cast<Cell>(call.weights[scale ? 1 : 0][i % length]);
    }
}

constexpr void add_scale_and_center(outcome& result, const attributes& options,
                                    const shape& extent) noexcept {
    if (options.scale) result.add_weight("gamma", extent);
    if (options.center) result.add_weight("beta", extent);
}

/// The axes from options.along to the last; none if it is no axis of the map.
constexpr shape normalised_axes(const attributes& options, const shape& map) noexcept {
    shape result;
    const int first = options.axis_of(map);
    for (int i = first; first >= 0 && i < map.rank; ++i) result.append(map[i]);
    return result;
}

/// Weights: gamma, beta, as large as what is normalised: the axes from options.along to the last.
constexpr outcome layer_norm_rule(const rule_call& call) noexcept {
    const shape& map = call.input();
    outcome result;
    result.output = call.inputs[0];
    result.problem = check_axis(call.options, map);
    add_scale_and_center(result, call.options, normalised_axes(call.options, map));
    return result;
}

struct layer_norm_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.input_shapes[0];
        const long long length = normalised_axes(call.options, map).elements();
        for (long long first = 0; first < map.elements(); first += length)
            normalise(call.inputs[0] + first, call.output + first, length, call.options.epsilon);
        scale_and_center(call, length);
    }
};

/// Channels are split into options.groups groups, or with 0 each is one (instance norm).
/// Weights: gamma, beta, one number for each channel.
constexpr outcome group_norm_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const shape& map = call.input();
    outcome result;
    result.output = call.inputs[0];
    result.reaches_all = true;
    if (options.groups < 0 || (options.groups > 0 && map.channels() % options.groups != 0))
        result.fail(fault{faults::groups_do_not_divide, fact{role::groups, {options.groups}},
                          fact{role::channels, {map.channels()}}, fact{role::receives, map}});
    add_scale_and_center(result, options, {map.channels()});
    return result;
}

struct group_norm_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int channels = call.input_shapes[0].channels();
        const int groups = call.options.groups == 0 ? channels : call.options.groups;
        const int size = channels / groups;
        const long long rows = call.input_shapes[0].elements() / channels;
        for (int group = 0; group < groups; ++group) {
            double sum = 0;
            double squares = 0;
            const double count = static_cast<double>(rows * size);
            const auto each = [&](auto visit) noexcept {
                for (long long row = 0; row < rows; ++row)
                    for (int c = 0; c < size; ++c) visit(row * channels + group * size + c);
            };
            each([&](long long i) noexcept { sum += static_cast<double>(call.inputs[0][i]); });
            const double mean = sum / count;
            each([&](long long i) noexcept {
                const double distance = static_cast<double>(call.inputs[0][i]) - mean;
                squares += distance * distance;
            });
            const double factor = 1 / math::sqrt(squares / count + call.options.epsilon);
            each([&](long long i) noexcept {
                call.output[i] =
                    static_cast<Cell>((static_cast<double>(call.inputs[0][i]) - mean) * factor);
            });
        }
        scale_and_center(call, channels);
    }
};

/// Weights: scale, as large as what is normalised: the axes from options.along to the last.
constexpr outcome rms_norm_rule(const rule_call& call) noexcept {
    const shape& map = call.input();
    outcome result = identity_rule(call);
    result.problem = check_axis(call.options, map);
    if (call.options.scale) result.add_weight("scale", normalised_axes(call.options, map));
    return result;
}

struct rms_norm_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.input_shapes[0];
        const bool scale = call.options.scale;
        const long long length = normalised_axes(call.options, map).elements();
        for (long long first = 0; first < map.elements(); first += length) {
            const Cell* read = call.inputs[0] + first;
            double squares = 0;
            for (long long i = 0; i < length; ++i)
                squares += static_cast<double>(read[i]) * static_cast<double>(read[i]);
            const double mean_square = squares / static_cast<double>(length);
            const double factor = 1 / math::sqrt(mean_square + call.options.epsilon);
            for (long long i = 0; i < length; ++i)
                call.output[first + i] =
                    static_cast<Cell>(static_cast<double>(read[i]) * factor *
                                      (scale ? static_cast<double>(call.weights[0][i]) : 1));
        }
    }
};

constexpr outcome unit_norm_rule(const rule_call& call) noexcept {
    outcome result = identity_rule(call);
    result.problem = check_axis(call.options, call.input());
    return result;
}

struct unit_norm_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.input_shapes[0];
        const int along = call.options.axis_of(map);
        const int length = map[along];
        long long step = 1;
        for (int i = along + 1; i < map.rank; ++i) step *= map[i];
        const long long rows = map.elements() / length;
        for (long long row = 0; row < rows; ++row) {
            const long long first = row / step * step * length + row % step;
            double squares = 0;
            for (int i = 0; i < length; ++i) {
                const auto cell = static_cast<double>(call.inputs[0][first + i * step]);
                squares += cell * cell;
            }
            const double size = math::max(math::sqrt(squares), call.options.epsilon);
            for (int i = 0; i < length; ++i)
                call.output[first + i * step] =
                    static_cast<Cell>(static_cast<double>(call.inputs[0][first + i * step]) / size);
        }
    }
};

inline constexpr unsigned norm_options =
    option_kind::epsilon | option_kind::scale | option_kind::center;

template <class... Options>
constexpr descriptor group_norm_descriptor(text kind, text keras, int groups) noexcept {
    descriptor plain{.family = family::custom,
                     .operation = operation::groups,
                     .kind = kind,
                     .keras = keras,
                     .rule = group_norm_rule,
                     .reference = reference_of<group_norm_reference>};
    plain.options.groups = groups;
    plain.options.epsilon = 1e-3;
    return with_options<Options...>(plain, norm_options);
}

/// Mean 0 and variance 1 over the last axes, then gamma and beta (Ba et al., 2016; Keras:
/// LayerNormalization). The last axis alone, or all from `axis<N>` on, as in ONNX.
/// Options: axis, epsilon (1e-3; PyTorch has 1e-5), no_scale, no_center.
template <class... Options> struct layer_norm {
    using options = types<Options...>;
    static constexpr descriptor info = [] {
        descriptor plain{.family = family::custom,
                         .operation = operation::standard,
                         .kind = "layer_norm",
                         .keras = "LayerNormalization",
                         .rule = layer_norm_rule,
                         .reference = reference_of<layer_norm_reference>};
        plain.options.epsilon = 1e-3;
        return with_options<Options...>(plain, norm_options | option_kind::axis);
    }();
};

/// Mean 0 and variance 1 over the map and each group of channels, then gamma and beta for each
/// channel (Wu and He, 2018; Keras: GroupNormalization).
/// Options: epsilon (1e-3; PyTorch has 1e-5), no_scale, no_center.
template <int Groups, class... Options> struct group_norm {
    using options = types<Options...>;
    static constexpr descriptor info = group_norm_descriptor<Options...>(
        "group_norm", "GroupNormalization", Groups > 0 ? Groups : -1);
};

/// A group norm in which every channel is a group (Ulyanov et al., 2016; PyTorch: InstanceNorm2d).
/// Options as group_norm's.
template <class... Options> struct instance_norm {
    using options = types<Options...>;
    static constexpr descriptor info =
        group_norm_descriptor<Options...>("instance_norm", "GroupNormalization", 0);
};

/// x / sqrt(mean of x^2 + epsilon) over the last axes, then a trained scale (Zhang and Sennrich,
/// 2019; Keras: RMSNormalization, PyTorch: RMSNorm). The last axis alone, or all from `axis<N>` on.
/// Options: axis, epsilon (1e-6), no_scale.
template <class... Options> struct rms_norm {
    using options = types<Options...>;
    static constexpr descriptor info = [] {
        descriptor plain{.family = family::custom,
                         .operation = operation::mean_square,
                         .kind = "rms_norm",
                         .keras = "RMSNormalization",
                         .rule = rms_norm_rule,
                         .reference = reference_of<rms_norm_reference>};
        plain.options.epsilon = 1e-6;
        return with_options<Options...>(plain, option_kind::epsilon | option_kind::scale |
                                                   option_kind::axis);
    }();
};

/// Vectors of length 1: x / sqrt(sum of x^2) along the last axis or another (Keras:
/// UnitNormalization, PyTorch: normalize, ONNX: LpNormalization with p 2). A root below epsilon
/// counts as epsilon. Options: axis, epsilon (1e-6 as in Keras, where it is the square that must
/// not be below 1e-12; PyTorch has 1e-12).
template <class... Options> struct unit_norm {
    using options = types<Options...>;
    static constexpr descriptor info = [] {
        descriptor plain{.family = family::custom,
                         .operation = operation::unit_length,
                         .kind = "unit_norm",
                         .keras = "UnitNormalization",
                         .rule = unit_norm_rule,
                         .reference = reference_of<unit_norm_reference>};
        plain.options.epsilon = 1e-6;
        return with_options<Options...>(plain, option_kind::epsilon | option_kind::axis);
    }();
};

} // namespace ctnn
