// SPDX-License-Identifier: BSL-1.0
// Activations that work cell by cell. Each is a layer, and an option of the layers that end in one.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/alias.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

/// The reference meaning of an activation from `Function::of(x, attributes)`. Input and output may
/// be the same cells.
template <class Function> struct elementwise_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i)
            call.output[i] = static_cast<Cell>(
                Function::of(static_cast<double>(call.inputs[0][i]), call.options));
    }
};

template <class Function>
constexpr descriptor activation_descriptor(text kind, text keras = "Activation", double alpha = 0,
                                           double beta = 0, double limit = 0) noexcept {
    descriptor plain{.family = family::activation,
                     .kind = kind,
                     .keras = keras,
                     .rule = identity_rule,
                     .reference = reference_of<elementwise_reference<Function>>};
    plain.options.alpha = alpha;
    plain.options.beta = beta;
    plain.options.limit = limit;
    return plain;
}

/// An activation that keeps cells between two numbers: layers before it can do so themselves.
template <class Function>
constexpr descriptor clamp_descriptor(text kind, double low, double high) noexcept {
    descriptor plain = activation_descriptor<Function>(kind, "Activation", low, high);
    plain.operation = operation::clamp;
    return plain;
}

/// An activation that kernels know as a curve.
template <class Function>
constexpr descriptor curve_descriptor(curve known, text kind, text keras = "Activation",
                                      double alpha = 0, double beta = 0,
                                      double limit = 0) noexcept {
    descriptor plain = activation_descriptor<Function>(kind, keras, alpha, beta, limit);
    plain.operation = operation::curve;
    plain.curve = known;
    return plain;
}

/// x: no activation, where one has to be written (Keras: linear, PyTorch and ONNX: Identity).
struct linear {
    static constexpr double of(double x, const attributes&) noexcept { return x; }
    static constexpr descriptor info =
        curve_descriptor<linear>(curve::line, "linear", "Activation", 1, 0);
};

/// max(x, 0) (Keras: ReLU). A NaN stays a NaN, here and below.
struct relu {
    static constexpr double of(double x, const attributes&) noexcept { return x < 0 ? 0 : x; }
    static constexpr descriptor info = clamp_descriptor<relu>("relu", 0, math::infinity);
};

/// min(max(x, 0), 6) (Keras: relu6).
struct relu6 {
    static constexpr double of(double x, const attributes&) noexcept {
        return x < 0 ? 0 : x > 6 ? 6 : x;
    }
    static constexpr descriptor info = clamp_descriptor<relu6>("relu6", 0, 6);
};

/// The slope of relu_with below its threshold.
template <real Value> struct negative_slope {
    static constexpr option_value option{option_kind::slope, {}, 0, Value.value};
};
/// Above this relu_with passes its input.
template <real Value> struct threshold {
    static constexpr option_value option{option_kind::threshold, {}, 0, Value.value};
};
/// The ceiling of relu_with.
template <real Value> struct max_value {
    static constexpr option_value option{option_kind::limit, {}, 0, Value.value};
};

/// Keras' ReLU with its arguments: max_value above it, x above threshold, and
/// negative_slope * (x - threshold) up to it: 0 at the threshold itself, as Keras computes it.
/// Options: max_value, negative_slope, threshold.
template <class... Options> struct relu_with {
    using options = types<Options...>;
    static constexpr double of(double x, const attributes& options) noexcept {
        if (x >= options.limit) return options.limit;
        return x <= options.beta ? options.alpha * (x - options.beta) : x;
    }
    static constexpr descriptor info = with_options<Options...>(
        curve_descriptor<relu_with>(curve::capped, "relu_with", "ReLU", 0, 0, math::infinity),
        option_kind::slope | option_kind::threshold | option_kind::limit);
};

/// x above Theta, else Value (Keras 2: ThresholdedReLU, ONNX: ThresholdedRelu; with Value Keras 3:
/// threshold, PyTorch: Threshold).
template <real Theta = 1.0, real Value = 0.0> struct thresholded_relu {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x <= options.alpha ? options.beta : x;
    }
    static constexpr descriptor info = curve_descriptor<thresholded_relu>(
        curve::step, "thresholded_relu", "ThresholdedReLU", Theta.value, Value.value);
};

/// x, or Slope * x below zero (Keras: LeakyReLU, 0.3; PyTorch's default is 0.01).
template <real Slope = 0.3> struct leaky_relu {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x < 0 ? options.alpha * x : x;
    }
    static constexpr descriptor info =
        curve_descriptor<leaky_relu>(curve::bent, "leaky_relu", "LeakyReLU", Slope.value);
};

/// x, or Alpha * (e^x - 1) below zero (Keras: ELU).
template <real Alpha = 1.0> struct elu {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x < 0 ? options.alpha * math::expm1(x) : x;
    }
    static constexpr descriptor info =
        curve_descriptor<elu>(curve::elu, "elu", "ELU", Alpha.value, 1);
};

/// scale * elu(x, alpha) with the constants of Klambauer et al., 2017 (Keras: selu).
struct selu {
    static constexpr double of(double x, const attributes& options) noexcept {
        return options.beta * (x < 0 ? options.alpha * math::expm1(x) : x);
    }
    static constexpr descriptor info = curve_descriptor<selu>(
        curve::elu, "selu", "Activation", 1.67326324235437728481704, 1.05070098735548049341933);
};

/// x * (1 + erf(x / sqrt 2)) / 2 (Keras and PyTorch: gelu).
struct gelu {
    static constexpr double of(double x, const attributes&) noexcept {
        return 0.5 * x * (1 + math::erf(x * 0.70710678118654752440));
    }
    static constexpr descriptor info = curve_descriptor<gelu>(curve::gelu, "gelu");
};

/// gelu through tanh (Keras: approximate=True, PyTorch: approximate='tanh').
struct gelu_tanh {
    static constexpr double of(double x, const attributes&) noexcept {
        return 0.5 * x * (1 + math::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    }
    static constexpr descriptor info = curve_descriptor<gelu_tanh>(curve::gelu_tanh, "gelu_tanh");
};

/// 1 / (1 + e^-x) (Keras: sigmoid).
struct sigmoid {
    static constexpr double of(double x, const attributes&) noexcept { return math::logistic(x); }
    static constexpr descriptor info = curve_descriptor<sigmoid>(curve::logistic, "sigmoid");
};

/// relu6(x + 3) / 6 (Keras 3 and PyTorch; Keras 2 had clip(0.2 x + 0.5, 0, 1)).
struct hard_sigmoid {
    static constexpr double of(double x, const attributes&) noexcept {
        return math::clamp(x + 3, 0.0, 6.0) / 6;
    }
    static constexpr descriptor info =
        curve_descriptor<hard_sigmoid>(curve::ramp, "hard_sigmoid", "Activation", 1.0 / 6, 0.5);
};

/// Alpha * x + Beta, kept between 0 and 1 (ONNX: HardSigmoid, with its defaults, which were Keras
/// 2's).
template <real Alpha = 0.2, real Beta = 0.5> struct hard_sigmoid_with {
    static constexpr double of(double x, const attributes& options) noexcept {
        return math::clamp(options.alpha * x + options.beta, 0.0, 1.0);
    }
    static constexpr descriptor info = curve_descriptor<hard_sigmoid_with>(
        curve::ramp, "hard_sigmoid_with", "Activation", Alpha.value, Beta.value);
};
/// (x + 1) / 2, kept between 0 and 1 (Keras: sparse_sigmoid).
using sparse_sigmoid = hard_sigmoid_with<0.5, 0.5>;

/// The hyperbolic tangent (Keras: tanh). Write ctnn::tanh where <cmath> is included too.
struct tanh {
    static constexpr double of(double x, const attributes&) noexcept { return math::tanh(x); }
    static constexpr descriptor info = curve_descriptor<tanh>(curve::tanh, "tanh");
};

/// ln(1 + e^x) (Keras: softplus).
struct softplus {
    static constexpr double of(double x, const attributes&) noexcept {
        return math::max(x, 0.0) + math::log1p(math::exp(-math::abs(x)));
    }
    static constexpr descriptor info = curve_descriptor<softplus>(curve::softplus, "softplus");
};

/// (x + sqrt(x^2 + B)) / 2, a softplus without e^x (Barron, 2021; Keras: squareplus).
template <real B = 4.0> struct squareplus {
    static constexpr double of(double x, const attributes& options) noexcept {
        const double root = math::sqrt(x * x + options.alpha);
        // Below 0 the two cancel; their product is B / 4.
        return x < 0 ? 0.5 * options.alpha / (root - x) : 0.5 * (x + root);
    }
    static constexpr descriptor info =
        activation_descriptor<squareplus>("squareplus", "Activation", B.value);
};

/// 0 up to -1, x from 1 on, and (x + 1)^2 / 4 between (Keras: sparse_plus).
struct sparse_plus {
    static constexpr double of(double x, const attributes&) noexcept {
        return x <= -1 ? 0 : x >= 1 ? x : 0.25 * (x + 1) * (x + 1);
    }
    static constexpr descriptor info =
        curve_descriptor<sparse_plus>(curve::sparse_plus, "sparse_plus");
};

/// x * sigmoid(x) (Keras: silu, also called swish).
struct silu {
    static constexpr double of(double x, const attributes&) noexcept {
        return x * math::logistic(x);
    }
    static constexpr descriptor info = curve_descriptor<silu>(curve::silu, "silu");
};
using swish = silu;

/// x * relu6(x + 3) / 6 (Keras and PyTorch: hard_swish).
struct hard_swish {
    static constexpr double of(double x, const attributes&) noexcept {
        return x * math::clamp(x + 3, 0.0, 6.0) / 6;
    }
    static constexpr descriptor info =
        curve_descriptor<hard_swish>(curve::hard_swish, "hard_swish");
};

/// max(x, 0) + min(Alpha * (e^(x / Alpha) - 1), 0) (Keras and PyTorch: celu).
template <real Alpha = 1.0> struct celu {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x < 0 ? options.alpha * math::expm1(x / options.alpha) : x;
    }
    static constexpr descriptor info =
        curve_descriptor<celu>(curve::celu, "celu", "Activation", Alpha.value);
};

/// e^x (Keras: exponential).
struct exponential {
    static constexpr double of(double x, const attributes&) noexcept { return math::exp(x); }
    static constexpr descriptor info =
        curve_descriptor<exponential>(curve::exponential, "exponential");
};

/// x, kept between -1 and 1 (Keras: hard_tanh).
struct hard_tanh {
    static constexpr double of(double x, const attributes&) noexcept {
        return math::clamp(x, -1.0, 1.0);
    }
    static constexpr descriptor info = clamp_descriptor<hard_tanh>("hard_tanh", -1, 1);
};

namespace faults {
inline constexpr fault_kind clips_everything{"clips_everything"};
}
template <class... Facts>
__attribute__((unavailable("clip keeps cells between its first number and its second, and the "
                           "first is the greater one. Swap them: clip<0, 6>"))) constexpr bool
    mistake<&faults::clips_everything, Facts...> = reported;

/// x, kept between Low and High (ONNX: Clip, PyTorch: Hardtanh with min_val and max_val).
template <real Low, real High> struct clip {
    static constexpr double of(double x, const attributes& options) noexcept {
        return math::clamp(x, options.alpha, options.beta);
    }
    static constexpr descriptor info = [] {
        descriptor plain = clamp_descriptor<clip>("clip", Low.value, High.value);
        if (Low.value > High.value) plain.problem = fault{faults::clips_everything};
        return plain;
    }();
};

/// x^Exponent, NaN for a negative x unless Exponent is whole (ONNX: Pow with a constant exponent).
template <real Exponent> struct power {
    static constexpr double of(double x, const attributes& options) noexcept {
        return math::pow(x, options.alpha);
    }
    static constexpr descriptor info =
        activation_descriptor<power>("power", "Activation", Exponent.value);
};

/// ln(sigmoid(x)) (Keras: log_sigmoid).
struct log_sigmoid {
    static constexpr double of(double x, const attributes&) noexcept {
        return math::min(x, 0.0) - math::log1p(math::exp(-math::abs(x)));
    }
    static constexpr descriptor info =
        curve_descriptor<log_sigmoid>(curve::log_logistic, "log_sigmoid");
};

/// x * tanh(softplus(x)) (Misra, 2019; Keras: mish).
struct mish {
    static constexpr double of(double x, const attributes&) noexcept {
        return x * math::tanh(softplus::of(x, {}));
    }
    static constexpr descriptor info = curve_descriptor<mish>(curve::mish, "mish");
};

/// x / (1 + |x|) (Keras: softsign).
struct softsign {
    static constexpr double of(double x, const attributes&) noexcept {
        return x / (1 + math::abs(x));
    }
    static constexpr descriptor info = curve_descriptor<softsign>(curve::softsign, "softsign");
};

/// x - tanh(x) (Keras: tanh_shrink).
struct tanh_shrink {
    static constexpr double of(double x, const attributes&) noexcept { return x - math::tanh(x); }
    static constexpr descriptor info =
        curve_descriptor<tanh_shrink>(curve::tanh_shrink, "tanh_shrink");
};

/// x, moved by Threshold towards 0 and no further (Keras: soft_shrink).
template <real Threshold = 0.5> struct soft_shrink {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x > options.alpha    ? x - options.alpha
               : x < -options.alpha ? x + options.alpha
                                    : x * 0;
    }
    static constexpr descriptor info = curve_descriptor<soft_shrink>(
        curve::soft_shrink, "soft_shrink", "Activation", Threshold.value);
};

/// x, or 0 between -Threshold and Threshold (Keras: hard_shrink).
template <real Threshold = 0.5> struct hard_shrink {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x > options.alpha || x < -options.alpha ? x : x * 0;
    }
    static constexpr descriptor info = curve_descriptor<hard_shrink>(
        curve::hard_shrink, "hard_shrink", "Activation", Threshold.value);
};

/// Scale * x + Offset: pixels of 0 to 255 as -1 to 1 (Keras: Rescaling). This is all arithmetic
/// with a number: `rescaling<1, 3>` adds 3, `rescaling<0.17>` scales a residual, `rescaling<-1, 1>`
/// is 1 - x. Numbers of each channel are a normalization's.
template <real Scale, real Offset = 0.0> struct rescaling {
    static constexpr double of(double x, const attributes& options) noexcept {
        return x * options.alpha + options.beta;
    }
    static constexpr descriptor info = curve_descriptor<rescaling>(
        curve::line, "rescaling", "Rescaling", Scale.value, Offset.value);
};

} // namespace ctnn
