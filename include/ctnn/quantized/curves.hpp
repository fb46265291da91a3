// SPDX-License-Identifier: BSL-1.0
// Curves on int8. Source: tensorflow/lite/kernels/internal/reference/softmax.h,
// integer_ops/{logistic,tanh}.h, quantization_util.cc, activations.cc.
#pragma once

#include <ctnn/core/fixed_curves.hpp>
#include <ctnn/network/attributes.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// The greatest distance from the zero point that fits into the integer bits once it is shifted.
constexpr int input_radius(int integer_bits, int shift) noexcept {
    return static_cast<int>((((1LL << integer_bits) - 1) << (31 - integer_bits)) >> shift);
}

/// The factor that brings cells to a fixed-point number with that many integer bits.
constexpr rescale to_fixed_point(float scale, int integer_bits, rounding rule) noexcept {
    return fixed::rescale_by(
        static_cast<double>(scale) * static_cast<double>(1 << (31 - integer_bits)), rule);
}

/// Along the last axis. The output's scale is 1/256 and its zero point -128.
struct softmax_int8 {
    static constexpr bool keeps_numbers = false;
    static constexpr int difference_bits = 5;
    static constexpr int sum_bits = 12;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        const double factor = static_cast<double>(known.inputs[0].scale) *
                              static_cast<double>(1 << (31 - difference_bits));
        list.add(fixed::rescale_by(math::min(factor, 2147483647.0), known.rule));
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const int length = call.output_shape.channels();
        const int rows = static_cast<int>(call.output_shape.elements()) / length;
        const rescale& factor = call.factors[0];
        const int least = -input_radius(difference_bits, factor.shift);
        for (int row = 0; row < rows; ++row) {
            const int8* read = call.inputs[0] + static_cast<long long>(row) * length;
            int8* write = call.output + static_cast<long long>(row) * length;
            int greatest = least_int8;
            for (int i = 0; i < length; ++i) greatest = math::max<int>(greatest, read[i]);
            const auto grown = [&](int i) noexcept {
                const int below = fixed::shift_left(read[i] - greatest, factor.shift);
                return fixed::exp_of_negative(fixed::multiply_high(below, factor.multiplier),
                                              difference_bits);
            };
            int sum = 0;
            for (int i = 0; i < length; ++i)
                if (read[i] - greatest >= least) sum += fixed::shift_right(grown(i), sum_bits);
            const fixed::reciprocal over{sum, sum_bits};
            for (int i = 0; i < length; ++i) {
                int cell = least_int8;
                if (read[i] - greatest >= least)
                    cell += fixed::shift_right(fixed::multiply_high(over.number, grown(i)),
                                               over.bits + 31 - 8);
                write[i] = static_cast<int8>(math::clamp(cell, least_int8, greatest_int8));
            }
        }
    }
};

/// The logistic or tanh, cell by cell. The output's scale is 1/256 and its zero point -128, or
/// 1/128 and 0.
template <bool Tanh> struct curve_int8 {
    static constexpr bool keeps_numbers = false;
    static constexpr int input_bits = 4;
    static constexpr int output_bits = Tanh ? 7 : 8;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        list.add(to_fixed_point(known.inputs[0].scale, input_bits, known.rule));
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const long long cells = call.output_shape.elements();
        const int radius = input_radius(input_bits, math::max(call.factors[0].shift, 0));
        for (long long i = 0; i < cells; ++i) {
            const int number = call.inputs[0][i] - call.numbers[0].zero_point;
            int cell = greatest_int8;
            if (number <= -radius) {
                cell = least_int8;
            } else if (number < radius) {
                const int scaled = fixed::scaled(number, call.factors[0], call.rule);
                const int raw =
                    Tanh ? fixed::tanh(scaled, input_bits) : fixed::logistic(scaled, input_bits);
                cell = fixed::shift_right(raw, 31 - output_bits) + (Tanh ? 0 : least_int8);
            }
            call.output[i] = static_cast<int8>(math::clamp(cell, least_int8, greatest_int8));
        }
    }
};

} // namespace ctnn
