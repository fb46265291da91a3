// SPDX-License-Identifier: BSL-1.0
// The curves that activations are, as values: what a fast kernel needs to know of an activation.
#pragma once

namespace ctnn {

/// y of x, with two numbers alpha and beta, and for one of them a third. A clamp of the result
/// comes on top, so that relu, relu6, clip and hard_tanh are the line x.
enum class curve : unsigned char {
    none,         ///< no kernel knows it: the layer's reference meaning
    line,         ///< alpha x + beta
    bent,         ///< x above beta, else alpha (x - beta)
    step,         ///< x above alpha, else beta
    elu,          ///< beta x, below 0 beta alpha (e^x - 1)
    exponential,  ///< e^x
    logistic,     ///< 1 / (1 + e^-x)
    silu,         ///< x logistic(x)
    tanh,         ///< the hyperbolic tangent
    gelu,         ///< x (1 + erf(x / sqrt 2)) / 2
    gelu_tanh,    ///< x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
    hard_swish,   ///< x min(max(x + 3, 0), 6) / 6
    softplus,     ///< ln(1 + e^x)
    softsign,     ///< x / (1 + |x|)
    mish,         ///< x tanh(softplus(x))
    ramp,         ///< alpha x + beta, kept between 0 and 1
    capped,       ///< limit from there on; below it x above beta, else alpha (x - beta)
    celu,         ///< x, below 0 alpha (e^(x / alpha) - 1)
    log_logistic, ///< ln(logistic(x))
    tanh_shrink,  ///< x - tanh(x)
    soft_shrink,  ///< x, moved by alpha towards 0 and no further
    hard_shrink,  ///< x, or 0 between -alpha and alpha
    sparse_plus   ///< 0 up to -1, x from 1 on, (x + 1)^2 / 4 between
};

} // namespace ctnn
