// SPDX-License-Identifier: BSL-1.0
// Separable convolution: every channel is filtered alone, then the channels are mixed.
#pragma once

#include <ctnn/layers/conv.hpp>

namespace ctnn {

/// Weights: depthwise_kernel (spatial extents, channels, multiplier), pointwise_kernel (1s,
/// channels * multiplier, filters), bias (filters).
constexpr outcome separable_conv_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const window& sliding = options.spatial;
    const kernel_reading read{options, call.input(), check_window(sliding, call.input())};
    const int filters = options.filters.of(read.channels);
    const int between = read.channels * options.depth_multiplier;
    outcome result;
    result.reach = sliding;
    result.output = {slide(sliding, read.map, filters), call.inputs[0].cell};
    result.problem = read.problem;
    result.fail(check_filters(options.filters, read.channels));
    result.fail(check_declared_depth(options, 1, call.input()));
    result.kernel = kernel_shape(sliding, 1);
    shape depthwise = kernel_shape(sliding, read.channels);
    depthwise.append(options.depth_multiplier);
    shape pointwise = window{.axes = sliding.axes}.spans();
    pointwise.append(between);
    pointwise.append(filters);
    result.add_weight("depthwise_kernel", depthwise);
    result.add_weight("pointwise_kernel", pointwise);
    if (options.bias) result.add_weight("bias", {filters});
    const long long positions = result.output.extent.elements() / result.output.extent.channels();
    result.macs = positions * (depthwise.elements() + pointwise.elements());
    return result;
}

struct separable_conv_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const attributes& options = call.options;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{options.spatial, call.input_shapes[0]};
        const int between = map.channels * options.depth_multiplier;
        for_each_position(output, [&](int d, int h, int w) noexcept {
            Cell* cells = call.output + output.at(d, h, w, 0);
            for (int f = 0; f < output.channels; ++f)
                cells[f] = options.bias ? static_cast<Cell>(call.weights[2][f]) : Cell{};
            for (int q = 0; q < between; ++q) {
                Cell filtered{};
                const auto add_tap = [&](int tap, long long cell) noexcept {
                    filtered += call.inputs[0][cell + q / options.depth_multiplier] *
                                static_cast<Cell>(call.weights[0][tap * between + q]);
                };
                for_each_tap(taps, map, options.spatial.beyond, d, h, w, add_tap);
                const float* factors = call.weights[1] + q * output.channels;
                for (int f = 0; f < output.channels; ++f)
                    cells[f] += filtered * static_cast<Cell>(factors[f]);
            }
        });
    }
};

template <auto Filters, auto Kernel, class... Options>
constexpr descriptor separable_conv_descriptor(text kind, text keras, int axes) noexcept {
    const descriptor plain{.family = family::custom,
                           .operation = operation::separable,
                           .kind = kind,
                           .keras = keras,
                           .rule = separable_conv_rule,
                           .reference = reference_of<separable_conv_reference>};
    return with_options<Options...>(with_window<Kernel>(with_filters<Filters>(plain), axes, true),
                                    option_kind::stride | option_kind::padding |
                                        option_kind::dilation | option_kind::bias |
                                        option_kind::inputs | option_kind::activation |
                                        option_kind::border | option_kind::depth_multiplier);
}

/// 1-D separable convolution (Keras: SeparableConv1D). Reads (length, C), gives (length', Filters).
/// Weights and options as separable_conv2d's.
template <auto Filters, auto Kernel, class... Options> struct separable_conv1d {
    using options = types<Options...>;
    static constexpr descriptor info = separable_conv_descriptor<Filters, Kernel, Options...>(
        "separable_conv1d", "SeparableConv1D", 1);
};

/// 2-D separable convolution (Keras: SeparableConv2D): a depthwise convolution without bias, then
/// a 1 x 1 convolution. Reads (height, width, C), gives (height', width', Filters).
/// Weights are depthwise_kernel (kh, kw, C, multiplier), pointwise_kernel (1, 1, C * multiplier,
/// Filters) and bias (Filters). Options: stride, same | valid | padding, dilation,
/// depth_multiplier, no_bias, in, reflect | replicate | circular, and an activation, all as
/// depthwise_conv2d's; bias and activation come after the channels are mixed.
template <auto Filters, auto Kernel, class... Options> struct separable_conv2d {
    using options = types<Options...>;
    static constexpr descriptor info = separable_conv_descriptor<Filters, Kernel, Options...>(
        "separable_conv2d", "SeparableConv2D", 2);
};

} // namespace ctnn
