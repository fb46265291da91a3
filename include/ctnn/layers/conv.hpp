// SPDX-License-Identifier: BSL-1.0
// Convolution: its rule and its reference meaning for any number of spatial axes, and conv2d.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/layers/window.hpp>

namespace ctnn {

/// What a declaration `in<C>` says against a map; `channels_first` if the map looks transposed.
constexpr fault check_declared_channels(int declared, const shape& map) noexcept {
    if (declared == 0 || declared == map.channels()) return {};
    if (map.rank == 3 && map[0] == declared && map[0] < map[1])
        return fault{faults::channels_first, fact{role::receives, map},
                     fact{role::declares, {declared}}};
    return fault{faults::channel_mismatch, fact{role::declares, {declared}},
                 fact{role::receives, map}};
}

/// Output o = bias + sum over taps and channels of its group: map * kernel.
/// Weights: kernel (spatial extents, channels / groups, filters), bias (filters).
constexpr outcome conv_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const window& sliding = options.spatial;
    const shape& map = call.input();
    outcome result;
    result.reach = sliding;
    result.output = {slide(sliding, map, options.filters), call.inputs[0].cell};
    result.problem = check_window(sliding, map);
    if (result.problem.kind == &faults::wrong_rank) return result;
    const int channels = map.channels();
    const int depth = options.groups > 0 ? channels / options.groups : channels;
    if (fault problem = check_declared_channels(options.declared_inputs, map)) result.problem = problem;
    if (options.filters < 1)
        result.problem = fault{faults::not_positive, fact{role::filters, {options.filters}}};
    else if (options.groups < 1 || channels % options.groups != 0 ||
             options.filters % options.groups != 0)
        result.problem =
            fault{faults::groups_do_not_divide, fact{role::groups, {options.groups}},
                  fact{role::channels, {channels}}, fact{role::filters, {options.filters}}};
    else if (options.declared_depth != 0 && options.declared_depth != depth)
        result.problem =
            fault{faults::kernel_depth_mismatch, fact{role::declares, {options.declared_depth}},
                  fact{role::expects, {depth}}, fact{role::receives, map}};
    shape kernel;
    for (int axis = 0; axis < sliding.axes; ++axis) kernel.append(sliding.extent[axis]);
    kernel.append(depth);
    result.kernel = kernel;
    kernel.append(options.filters);
    result.add_weight("kernel", kernel);
    if (options.bias) result.add_weight("bias", {options.filters});
    result.macs = result.output.extent.elements() * result.kernel.elements();
    return result;
}

struct conv_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const attributes& options = call.options;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{options.spatial, call.input_shapes[0]};
        const int filters = output.channels;
        const int depth = map.channels / options.groups;
        const int group_filters = filters / options.groups;
        for (int d = 0; d < output.depth; ++d)
            for (int h = 0; h < output.height; ++h)
                for (int w = 0; w < output.width; ++w) {
                    Cell* cells = call.output + output.at(d, h, w, 0);
                    for (int f = 0; f < filters; ++f)
                        cells[f] = options.bias ? static_cast<Cell>(call.weights[1][f]) : Cell{};
                    const float* kernel = call.weights[0];
                    for (int i = 0; i < taps.extent[0]; ++i)
                        for (int j = 0; j < taps.extent[1]; ++j)
                            for (int k = 0; k < taps.extent[2]; ++k, kernel += depth * filters) {
                                const border beyond = options.spatial.beyond;
                                const int z = reflect_index(beyond, taps.coordinate(0, d, i), map.depth);
                                const int y = reflect_index(beyond, taps.coordinate(1, h, j), map.height);
                                const int x = reflect_index(beyond, taps.coordinate(2, w, k), map.width);
                                if (z < 0 || y < 0 || x < 0) continue;
                                const Cell* read = call.inputs[0] + map.at(z, y, x, 0);
                                for (int group = 0; group < options.groups; ++group)
                                    for (int c = 0; c < depth; ++c)
                                        for (int f = 0; f < group_filters; ++f) {
                                            const int filter = group * group_filters + f;
                                            cells[filter] += read[group * depth + c] *
                                                             static_cast<Cell>(kernel[c * filters + filter]);
                                        }
                            }
                }
    }
};

inline constexpr unsigned conv_options =
    option_kind::stride | option_kind::padding | option_kind::dilation | option_kind::groups |
    option_kind::bias | option_kind::inputs | option_kind::activation | option_kind::border;

template <auto Kernel, class... Options>
constexpr descriptor conv_descriptor(text kind, text keras, int filters, int axes) noexcept {
    descriptor plain{.family = family::conv, .kind = kind, .keras = keras, .rule = conv_rule,
                     .reference = reference_of<conv_reference>};
    plain.options.filters = filters;
    return with_options<Options...>(with_window<Kernel>(plain, axes), conv_options);
}

/// 2-D convolution (Keras: Conv2D, PyTorch: Conv2d, ONNX: Conv).
/// Reads (height, width, C), gives (height', width', Filters). A kernel is as deep as the map it
/// reads: weights are kernel (kh, kw, C / groups, Filters) and bias (Filters).
/// Kernel is `3` or `kernel<3, 5>`. Options: stride, same | valid | padding, dilation, groups,
/// no_bias, in, reflect | replicate, and an activation.
template <int Filters, auto Kernel, class... Options> struct conv2d {
    static constexpr descriptor info =
        conv_descriptor<Kernel, Options...>("conv2d", "Conv2D", Filters, 2);
};

} // namespace ctnn
