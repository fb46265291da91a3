// SPDX-License-Identifier: BSL-1.0
// Pools on int8. Source: tensorflow/lite/kernels/internal/reference/integer_ops/{pooling,mean}.h.
#pragma once

#include <ctnn/layers/window.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// sum / count, halves away from zero.
constexpr int rounded_mean(int sum, int count) noexcept {
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

/// A pool keeps scale and zero point; the mean is that of the cells of the map under the window.
template <bool Mean> struct window_pool_int8 {
    static constexpr bool keeps_numbers = true;

    static constexpr void prepare(const quantized_setting&, rescale_list&) noexcept {}
    static constexpr void run(const quantized_call& call) noexcept {
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const volume_window taps{call.options.spatial, call.input_shapes[0]};
        for_each_position(output, [&](int d, int h, int w) noexcept {
            for (int c = 0; c < map.channels; ++c) {
                int joined = Mean ? 0 : least_int8;
                int count = 0;
                const auto join_tap = [&](int, long long cell) noexcept {
                    const int read = call.inputs[0][cell + c];
                    joined = Mean ? joined + read : math::max(joined, read);
                    ++count;
                };
                for_each_tap(taps, map, border::zeros, d, h, w, join_tap);
                call.output[output.at(d, h, w, c)] = static_cast<int8>(
                    math::clamp(Mean ? rounded_mean(joined, count) : joined, call.low, call.high));
            }
        });
    }
};

/// The mean over a map may have another scale, as TensorFlow Lite's Mean has.
struct global_mean_int8 {
    static constexpr bool keeps_numbers = false;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        list.add(fixed::rescale_by(static_cast<double>(known.inputs[0].scale) /
                                       static_cast<double>(known.output.scale),
                                   known.rule));
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const int channels = call.input_shapes[0].channels();
        const int cells = static_cast<int>(call.input_shapes[0].elements() / channels);
        for (int c = 0; c < channels; ++c) {
            int sum = 0;
            for (int i = 0; i < cells; ++i)
                sum += call.inputs[0][static_cast<long long>(i) * channels + c] -
                       call.numbers[0].zero_point;
            call.output[c] =
                call.cell(rounded_mean(fixed::scaled(sum, call.factors[0], call.rule), cells));
        }
    }
};

struct global_max_int8 {
    static constexpr bool keeps_numbers = true;

    static constexpr void prepare(const quantized_setting&, rescale_list&) noexcept {}
    static constexpr void run(const quantized_call& call) noexcept {
        const int channels = call.input_shapes[0].channels();
        const long long cells = call.input_shapes[0].elements() / channels;
        for (int c = 0; c < channels; ++c) {
            int8 greatest = call.inputs[0][c];
            for (long long i = 1; i < cells; ++i)
                greatest = math::max(greatest, call.inputs[0][i * channels + c]);
            call.output[c] = greatest;
        }
    }
};

} // namespace ctnn
