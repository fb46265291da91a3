// SPDX-License-Identifier: BSL-1.0
// Merges on int8. Source: tensorflow/lite/kernels/internal/reference/integer_ops/{add,mul}.h,
// reference/sub.h, kernels/{add,sub,mul}.cc.
#pragma once

#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// The sum or the difference of two inputs: both are brought to twice the greater scale, with 20
/// bits more.
template <bool Difference> struct sum_int8 {
    static constexpr bool keeps_numbers = false;
    static constexpr int more_bits = 20;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        const double both =
            2 * static_cast<double>(math::max(known.inputs[0].scale, known.inputs[1].scale));
        for (int i = 0; i < 2; ++i)
            list.add(
                fixed::rescale_by(static_cast<double>(known.inputs[i].scale) / both, known.rule));
        list.add(fixed::rescale_by(
            both / ((1 << more_bits) * static_cast<double>(known.output.scale)), known.rule));
    }
    static constexpr int part(const quantized_call& call, int input, long long i) noexcept {
        const int number = call.inputs[input][i] - call.numbers[input].zero_point;
        return fixed::scaled(number * (1 << more_bits), call.factors[input], call.rule);
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i) {
            const int first = part(call, 0, i);
            const int second = part(call, 1, i);
            const int sum = Difference ? first - second : first + second;
            call.output[i] = call.cell(fixed::scaled(sum, call.factors[2], call.rule));
        }
    }
};

/// The product of two inputs, the second of which may be a gate of the first.
struct product_int8 {
    static constexpr bool keeps_numbers = false;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        list.add(fixed::rescale_by(product_scale(known, known.inputs[1].scale), known.rule));
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const long long cells = call.output_shape.elements();
        const long long length = call.input_shapes[1].elements();
        for (long long i = 0; i < cells; ++i) {
            const int product = (call.inputs[0][i] - call.numbers[0].zero_point) *
                                (call.inputs[1][i % length] - call.numbers[1].zero_point);
            call.output[i] = call.cell(fixed::scaled(product, call.factors[0], call.rule));
        }
    }
};

} // namespace ctnn
