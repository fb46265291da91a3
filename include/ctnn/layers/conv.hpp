// SPDX-License-Identifier: BSL-1.0
// Convolution: its rule and its reference meaning for any number of spatial axes, and its layers.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/layers/window.hpp>
#include <ctnn/quantized/sums.hpp>

namespace ctnn {

/// What a declaration `in<C>` says against a map; `channels_first` if the map looks transposed.
constexpr fault check_declared_channels(int declared, const shape& map) noexcept {
    if (declared == 0 || declared == map.channels()) return {};
    if (map.rank == 3 && map[0] == declared && map[0] < map[1])
        return fault{faults::channels_first, fact{role::declares, {declared}},
                     fact{role::receives, map}};
    return fault{faults::channel_mismatch, fact{role::declares, {declared}},
                 fact{role::receives, map}, fact{role::axis, {map.rank - 1}}};
}

/// What a kernel reads. After a mistake, the map and its channels are those that the writer had in
/// mind, so that nothing else follows from it.
struct kernel_reading {
    fault problem;
    shape map;
    int channels;

    constexpr kernel_reading(const attributes& options, const shape& received,
                             const fault& found) noexcept
        : problem(found ? found : check_declared_channels(options.declared_inputs, received)),
          map(mend(problem, received, options.spatial.axes)),
          channels(options.declared_inputs > 0 ? options.declared_inputs : map.channels()) {}
};

/// A kernel's extents and its depth.
constexpr shape kernel_shape(const window& sliding, int depth) noexcept {
    shape kernel = sliding.each(sliding.extent);
    kernel.append(depth);
    return kernel;
}

/// What a declaration `kernel<3, 3, 40>` says against the depth that a map asks for.
constexpr fault check_declared_depth(const attributes& options, int depth,
                                     const shape& map) noexcept {
    if (options.declared_depth == 0 || options.declared_depth == depth) return {};
    return fault{faults::kernel_depth_mismatch,
                 fact{role::kernel, kernel_shape(options.spatial, options.declared_depth)},
                 fact{role::expects, kernel_shape(options.spatial, depth)},
                 fact{role::receives, map}};
}

constexpr fault check_groups(int count, int channels_read, int filters) noexcept {
    if (channels_read % count == 0 && filters % count == 0) return {};
    return fault{faults::groups_do_not_divide, fact{role::groups, {count}},
                 fact{role::channels, {channels_read}}, fact{role::filters, {filters}}};
}

/// Output o = bias + sum over taps and channels of its group: map * kernel.
/// Weights: kernel (spatial extents, channels / groups, filters), bias (filters).
constexpr outcome conv_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    const window& sliding = options.spatial;
    const kernel_reading read{options, call.input(), check_window(sliding, call.input())};
    const int filters = options.filters.of(read.channels);
    const int depth = read.channels / options.groups;
    outcome result;
    result.reach = sliding;
    result.output = {slide(sliding, read.map, filters), call.inputs[0].cell};
    result.problem = read.problem;
    result.fail(check_filters(options.filters, read.channels));
    result.fail(check_groups(options.groups, read.channels, filters));
    result.fail(check_declared_depth(options, depth, call.input()));
    result.kernel = kernel_shape(sliding, depth);
    shape kernel = result.kernel;
    kernel.append(filters);
    result.add_weight("kernel", kernel);
    if (options.bias) result.add_weight("bias", {filters});
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
        for_each_position(output, [&](int d, int h, int w) noexcept {
            Cell* cells = call.output + output.at(d, h, w, 0);
            for (int f = 0; f < filters; ++f)
                cells[f] = options.bias ? static_cast<Cell>(call.weights[1][f]) : Cell{};
            const auto add_tap = [&](int tap, long long cell) noexcept {
                const Cell* read = call.inputs[0] + cell;
                const float* factors =
                    call.weights[0] + static_cast<long long>(tap) * depth * filters;
                for (int c = 0; c < map.channels; ++c) {
                    const int group = c / depth;
                    const float* row = factors + (c - group * depth) * filters;
                    for (int f = group * group_filters; f < (group + 1) * group_filters; ++f)
                        cells[f] += read[c] * static_cast<Cell>(row[f]);
                }
            };
            for_each_tap(taps, map, options.spatial.beyond, d, h, w, add_tap);
        });
    }
};

inline constexpr unsigned conv_options =
    option_kind::stride | option_kind::padding | option_kind::dilation | option_kind::groups |
    option_kind::bias | option_kind::inputs | option_kind::activation | option_kind::border;

template <auto Filters, auto Kernel, class... Options>
constexpr descriptor conv_descriptor(text kind, text keras, int axes,
                                     unsigned known = conv_options) noexcept {
    const descriptor plain{.family = family::conv,
                           .kind = kind,
                           .keras = keras,
                           .rule = conv_rule,
                           .reference = reference_of<conv_reference>,
                           .quantized = quantized_of<conv_int8>};
    return with_options<Options...>(with_window<Kernel>(with_filters<Filters>(plain), axes, true),
                                    known);
}

/// 1-D convolution (Keras: Conv1D, PyTorch: Conv1d). Reads (length, C), gives (length', Filters).
/// Weights are kernel (k, C / groups, Filters) and bias. Options as conv2d's, and `causal`.
template <auto Filters, auto Kernel, class... Options> struct conv1d {
    using options = types<Options...>;
    static constexpr descriptor info = conv_descriptor<Filters, Kernel, Options...>(
        "conv1d", "Conv1D", 1, conv_options | option_kind::causal);
};

/// 2-D convolution (Keras: Conv2D, PyTorch: Conv2d, ONNX: Conv).
/// Reads (height, width, C), gives (height', width', Filters). A kernel is as deep as the map it
/// reads: weights are kernel (kh, kw, C / groups, Filters) and bias (Filters).
/// Filters is a number, or relative to the map: `in_channels * 6`. Kernel is `3` or `kernel<3, 5>`.
/// Options: stride, same | valid | padding, dilation, groups,
/// no_bias, in, reflect | replicate | circular, and an activation.
template <auto Filters, auto Kernel, class... Options> struct conv2d {
    using options = types<Options...>;
    static constexpr descriptor info =
        conv_descriptor<Filters, Kernel, Options...>("conv2d", "Conv2D", 2);
};

/// 3-D convolution (Keras: Conv3D, PyTorch: Conv3d). Reads (depth, height, width, C), gives
/// (depth', height', width', Filters). The kernel slides along depth too, so kd may be smaller than
/// the map's depth; it is always C / groups channels deep. Options as conv2d's.
template <auto Filters, auto Kernel, class... Options> struct conv3d {
    using options = types<Options...>;
    static constexpr descriptor info =
        conv_descriptor<Filters, Kernel, Options...>("conv3d", "Conv3D", 3);
};

} // namespace ctnn
