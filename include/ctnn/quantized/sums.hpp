// SPDX-License-Identifier: BSL-1.0
// Convolutions and dense layers on int8: 32-bit sums, a factor for each filter.
// Source: tensorflow/lite/kernels/internal/reference/integer_ops/{conv,depthwise_conv,
// fully_connected}.h.
#pragma once

#include <ctnn/layers/window.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// A factor for each filter.
struct sums_int8 {
    static constexpr bool keeps_numbers = false;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        for (int f = 0; f < known.output_shape.channels(); ++f)
            list.add(fixed::rescale_by(product_scale(known, known.kernel_scales[f]), known.rule));
    }
    static constexpr int8 finish(const quantized_call& call, int filter, int sum) noexcept {
        return call.cell(fixed::scaled(sum, call.factors[filter], call.rule));
    }
    static constexpr int start(const quantized_call& call, int filter) noexcept {
        return call.options.bias ? call.bias[filter] : 0;
    }
};

/// What lies beyond the map is the number 0: the zero point.
struct conv_int8 : sums_int8 {
    static constexpr void run(const quantized_call& call) noexcept {
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{call.options.spatial, call.input_shapes[0]};
        const int filters = output.channels;
        const int depth = map.channels / call.options.groups;
        const int zero = call.numbers[0].zero_point;
        for_each_position(output, [&](int d, int h, int w) noexcept {
            for (int f = 0; f < filters; ++f) {
                const int first = f / (filters / call.options.groups) * depth;
                int sum = start(call, f);
                const auto add_tap = [&](int tap, long long cell) noexcept {
                    const int8* read = call.inputs[0] + cell + first;
                    const int8* weights =
                        call.kernel + static_cast<long long>(tap) * depth * filters + f;
                    for (int c = 0; c < depth; ++c) sum += (read[c] - zero) * weights[c * filters];
                };
                for_each_tap(taps, map, call.options.spatial.beyond, d, h, w, add_tap);
                call.output[output.at(d, h, w, f)] = finish(call, f, sum);
            }
        });
    }
};

struct depthwise_int8 : sums_int8 {
    static constexpr void run(const quantized_call& call) noexcept {
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{call.options.spatial, call.input_shapes[0]};
        const int zero = call.numbers[0].zero_point;
        for_each_position(output, [&](int d, int h, int w) noexcept {
            for (int f = 0; f < output.channels; ++f) {
                int sum = start(call, f);
                const auto add_tap = [&](int tap, long long cell) noexcept {
                    const int read = call.inputs[0][cell + f / call.options.depth_multiplier];
                    sum += (read - zero) * call.kernel[tap * output.channels + f];
                };
                for_each_tap(taps, map, call.options.spatial.beyond, d, h, w, add_tap);
                call.output[output.at(d, h, w, f)] = finish(call, f, sum);
            }
        });
    }
};

struct dense_int8 : sums_int8 {
    static constexpr void run(const quantized_call& call) noexcept {
        const int inputs = call.input_shapes[0].channels();
        const int units = call.output_shape.channels();
        const long long rows = call.output_shape.elements() / units;
        const int zero = call.numbers[0].zero_point;
        for (long long row = 0; row < rows; ++row)
            for (int u = 0; u < units; ++u) {
                const int8* read = call.inputs[0] + row * inputs;
                int sum = start(call, u);
                for (int i = 0; i < inputs; ++i)
                    sum += (read[i] - zero) * call.kernel[static_cast<long long>(i) * units + u];
                call.output[row * units + u] = finish(call, u, sum);
            }
    }
};

} // namespace ctnn
