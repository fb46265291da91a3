// SPDX-License-Identifier: BSL-1.0
// Depthwise convolution: every channel is filtered alone.
#pragma once

#include <ctnn/layers/conv.hpp>

namespace ctnn {

/// Weights: kernel (spatial extents, channels, multiplier), bias (channels * multiplier).
constexpr outcome depthwise_conv_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const window& sliding = options.spatial;
    const kernel_reading read{options, call.input(), check_window(sliding, call.input())};
    const int filters = read.channels * options.depth_multiplier;
    outcome result;
    result.reach = sliding;
    result.output = {slide(sliding, read.map, filters), call.inputs[0].cell};
    result.problem = read.problem;
    result.fail(check_declared_depth(options, 1, call.input()));
    result.kernel = kernel_shape(sliding, 1);
    shape kernel = kernel_shape(sliding, read.channels);
    kernel.append(options.depth_multiplier);
    result.add_weight("kernel", kernel);
    if (options.bias) result.add_weight("bias", {filters});
    result.macs = result.output.extent.elements() * result.kernel.elements();
    return result;
}

struct depthwise_conv_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const attributes& options = call.options;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{options.spatial, call.input_shapes[0]};
        for_each_position(output, [&](int d, int h, int w) noexcept {
            Cell* cells = call.output + output.at(d, h, w, 0);
            for (int f = 0; f < output.channels; ++f)
                cells[f] = options.bias ? static_cast<Cell>(call.weights[1][f]) : Cell{};
            const auto add_tap = [&](int tap, long long cell) noexcept {
                const Cell* read = call.inputs[0] + cell;
                const float* factors = call.weights[0] + tap * output.channels;
                for (int f = 0; f < output.channels; ++f)
                    cells[f] += read[f / options.depth_multiplier] * static_cast<Cell>(factors[f]);
            };
            for_each_tap(taps, map, options.spatial.beyond, d, h, w, add_tap);
        });
    }
};

template <auto Kernel, class... Options>
constexpr descriptor depthwise_conv_descriptor(text kind, text keras, int axes) noexcept {
    return with_options<Options...>(
        with_window<Kernel>(descriptor{.family = family::depthwise,
                                       .kind = kind,
                                       .keras = keras,
                                       .rule = depthwise_conv_rule,
                                       .reference = reference_of<depthwise_conv_reference>,
                                       .quantized = quantized_of<depthwise_int8>},
                            axes, true),
        option_kind::stride | option_kind::padding | option_kind::dilation | option_kind::bias |
            option_kind::inputs | option_kind::activation | option_kind::border |
            option_kind::depth_multiplier);
}

/// 1-D depthwise convolution (Keras: DepthwiseConv1D). Reads (length, C), gives
/// (length', C * depth_multiplier). Options as depthwise_conv2d's.
template <auto Kernel, class... Options> struct depthwise_conv1d {
    using options = types<Options...>;
    static constexpr descriptor info =
        depthwise_conv_descriptor<Kernel, Options...>("depthwise_conv1d", "DepthwiseConv1D", 1);
};

/// 2-D depthwise convolution (Keras: DepthwiseConv2D; PyTorch: Conv2d with groups = channels).
/// Reads (height, width, C), gives (height', width', C * depth_multiplier). A kernel is one channel
/// deep: weights are kernel (kh, kw, C, multiplier) and bias (C * multiplier).
/// Options: stride, same | valid | padding, dilation, depth_multiplier, no_bias, in,
/// reflect | replicate | circular, and an activation.
template <auto Kernel, class... Options> struct depthwise_conv2d {
    using options = types<Options...>;
    static constexpr descriptor info =
        depthwise_conv_descriptor<Kernel, Options...>("depthwise_conv2d", "DepthwiseConv2D", 2);
};

} // namespace ctnn
