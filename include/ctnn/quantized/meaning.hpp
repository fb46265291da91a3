// SPDX-License-Identifier: BSL-1.0
// What a layer computes on cells of int8, to the bit as TensorFlow Lite's reference kernels do.
#pragma once

#include <ctnn/core/fixed_point.hpp>
#include <ctnn/network/attributes.hpp>

namespace ctnn {

/// How the cells of a tensor stand for numbers: number = scale * (cell - zero_point).
struct quantization {
    float scale = 1;
    int zero_point = 0;

    friend constexpr bool operator==(const quantization&, const quantization&) = default;
};

/// A cell's type. Plain char may have no sign.
using int8 = signed char;

inline constexpr int least_int8 = -128;
inline constexpr int greatest_int8 = 127;

/// The cell that stands for a number, as near as there is one, beyond the range of int8 too.
constexpr int quantized_cell(double number, const quantization& made) noexcept {
    const float cells = static_cast<float>(number) / made.scale;
    if (!(cells > -1024 && cells < 1024)) return cells < 0 ? -1024 : 1024;
    return made.zero_point + static_cast<int>(fixed::round(static_cast<double>(cells)));
}

/// What is known of a layer before it runs: enough for all factors that it multiplies by.
struct quantized_setting {
    const attributes& options;
    const shape* input_shapes;
    const quantization* inputs;
    int input_count;
    const shape& output_shape;
    quantization output;
    const float* kernel_scales; ///< one for each filter
    rounding rule;
};

/// The factors that a layer multiplies by, in the order in which its meaning wants them. What does
/// not fit in is counted.
struct rescale_list {
    rescale* to;
    int room;
    int count = 0;

    constexpr void add(const rescale& next) noexcept {
        if (count < room) to[count] = next;
        ++count;
    }
};

/// Cells of a layer, in row-major order, and what it makes of them.
struct quantized_call {
    const attributes& options;
    const shape* input_shapes;
    const int8* const* inputs;
    const quantization* numbers; ///< of the inputs
    int input_count;
    const shape& output_shape;
    int8* output;
    quantization made; ///< the output's
    const int8* kernel;
    const int* bias; ///< in units of the input's scale times the filter's
    const rescale* factors;
    int low;  ///< no cell of the output is less
    int high; ///< or more
    rounding rule;

    constexpr int8 cell(int sum) const noexcept {
        return static_cast<int8>(math::clamp(sum + made.zero_point, low, high));
    }
};

/// A layer's meaning on int8: the factors that it needs, and what it does.
struct quantized_meaning {
    void (*prepare)(const quantized_setting&, rescale_list&) noexcept = nullptr;
    void (*run)(const quantized_call&) noexcept = nullptr;
    bool known = false;
    bool keeps_numbers = false; ///< the output's scale and zero point are those of the inputs
};

/// `quantized_of<conv_int8>`: `conv_int8::prepare` and `conv_int8::run`.
template <class Meaning>
inline constexpr quantized_meaning quantized_of{&Meaning::prepare, &Meaning::run, true,
                                                Meaning::keeps_numbers};

/// The scale of a product of an input's cell and a weight over that of the output.
constexpr double product_scale(const quantized_setting& known, float kernel_scale) noexcept {
    return static_cast<double>(known.inputs[0].scale) * static_cast<double>(kernel_scale) /
           static_cast<double>(known.output.scale);
}

} // namespace ctnn
