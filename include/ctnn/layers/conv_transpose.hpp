// SPDX-License-Identifier: BSL-1.0
// Transposed convolution: every input cell adds a kernel to the output.
#pragma once

#include <ctnn/layers/conv.hpp>

namespace ctnn {

/// How a transposed window meets one axis. valid: (n - 1) stride + span; same: n stride (Keras);
/// explicit padding cuts cells off the valid output (PyTorch).
constexpr axis_fit fit_transposed(const window& sliding, int axis, int extent) noexcept {
    const int full = (extent - 1) * sliding.stride[axis] + sliding.span(axis);
    axis_fit result{sliding.before[axis], sliding.after[axis], 0};
    if (sliding.padding == padding_rule::same) {
        const int total = math::max(sliding.span(axis) - sliding.stride[axis], 0);
        result.before = total / 2;
        result.output = extent * sliding.stride[axis];
    } else {
        result.output = full - result.before - result.after;
    }
    return result;
}

/// Weights: kernel (spatial extents, filters, channels), bias (filters), as in Keras.
constexpr outcome conv_transpose_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const window& sliding = options.spatial;
    const shape& map = call.input();
    outcome result;
    window reach = sliding;
    for (int axis = 0; axis < max_spatial; ++axis) {
        reach.extent[axis] = math::ceil_div(sliding.span(axis), math::max(sliding.stride[axis], 1));
        reach.stride[axis] = reach.dilation[axis] = 1;
    }
    result.reach = reach;
    if (map.rank != sliding.axes + 1) {
        result.problem = fault{faults::wrong_rank, fact{role::expects, {sliding.axes + 1}},
                               fact{role::receives, map}};
        for (int axis = 0; axis < sliding.axes; ++axis) result.output.extent.append(1);
        result.output.extent.append(options.filters);
        return result;
    }
    const int channels = map.channels();
    result.problem = check_declared_channels(options.declared_inputs, map);
    shape kernel;
    shape output;
    for (int axis = 0; axis < sliding.axes; ++axis) {
        if (sliding.extent[axis] < 1 || sliding.stride[axis] < 1 || sliding.dilation[axis] < 1)
            result.problem = fault{faults::not_positive, fact{role::kernel, {sliding.extent[axis]}},
                                   fact{role::stride, {sliding.stride[axis]}}};
        kernel.append(sliding.extent[axis]);
        output.append(fit_transposed(sliding, axis, map[axis]).output);
        if (output[axis] < 1 && !result.problem)
            result.problem = fault{faults::window_exceeds_map, fact{role::receives, map},
                                   fact{role::kernel, {sliding.extent[axis]}},
                                   fact{role::padding, {sliding.before[axis], sliding.after[axis]}}};
        if (output[axis] < 1) output.extents[axis] = 1;
    }
    if (options.filters < 1)
        result.problem = fault{faults::not_positive, fact{role::filters, {options.filters}}};
    output.append(options.filters);
    result.output = {output, call.inputs[0].cell};
    result.kernel = kernel;
    result.kernel.append(channels);
    kernel.append(options.filters);
    kernel.append(channels);
    result.add_weight("kernel", kernel);
    if (options.bias) result.add_weight("bias", {options.filters});
    result.macs = map.elements() * kernel.elements() / channels;
    return result;
}

struct conv_transpose_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const attributes& options = call.options;
        const window& sliding = options.spatial;
        const shape& in = call.input_shapes[0];
        const volume map = in;
        const volume output = call.output_shape;
        volume_window taps{sliding, in};
        for (int axis = 0; axis < sliding.axes; ++axis)
            taps.before[max_spatial - sliding.axes + axis] = fit_transposed(sliding, axis, in[axis]).before;
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i)
            call.output[i] =
                options.bias ? static_cast<Cell>(call.weights[1][i % output.channels]) : Cell{};
        for (int d = 0; d < map.depth; ++d)
            for (int h = 0; h < map.height; ++h)
                for (int w = 0; w < map.width; ++w) {
                    const Cell* read = call.inputs[0] + map.at(d, h, w, 0);
                    const float* kernel = call.weights[0];
                    for (int i = 0; i < taps.extent[0]; ++i)
                        for (int j = 0; j < taps.extent[1]; ++j)
                            for (int k = 0; k < taps.extent[2];
                                 ++k, kernel += output.channels * map.channels) {
                                const int z = taps.coordinate(0, d, i);
                                const int y = taps.coordinate(1, h, j);
                                const int x = taps.coordinate(2, w, k);
                                if (z < 0 || z >= output.depth || y < 0 || y >= output.height ||
                                    x < 0 || x >= output.width)
                                    continue;
                                Cell* write = call.output + output.at(z, y, x, 0);
                                for (int f = 0; f < output.channels; ++f)
                                    for (int c = 0; c < map.channels; ++c)
                                        write[f] +=
                                            read[c] * static_cast<Cell>(kernel[f * map.channels + c]);
                            }
                }
    }
};

/// 2-D transposed convolution (Keras: Conv2DTranspose, PyTorch: ConvTranspose2d).
/// Reads (height, width, C), gives (height', width', Filters) with height' = (height - 1) stride +
/// span for valid, height * stride for same, and the valid size less the padding for padding<...>.
/// Weights are kernel (kh, kw, Filters, C) and bias (Filters).
/// Options: stride, same | valid | padding, dilation, no_bias, in, and an activation.
template <int Filters, auto Kernel, class... Options> struct conv2d_transpose {
    static constexpr descriptor info = [] {
        descriptor plain{.family = family::transposed,
                         .kind = "conv2d_transpose",
                         .keras = "Conv2DTranspose",
                         .rule = conv_transpose_rule,
                         .reference = reference_of<conv_transpose_reference>};
        plain.options.filters = Filters;
        return with_options<Options...>(
            with_window<Kernel>(plain, 2), option_kind::stride | option_kind::padding |
                                               option_kind::dilation | option_kind::bias |
                                               option_kind::inputs | option_kind::activation);
    }();
};

} // namespace ctnn
