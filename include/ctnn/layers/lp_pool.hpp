// SPDX-License-Identifier: BSL-1.0
// Lp pools: the norm of the cells under a window, (sum |x|^p)^(1/p), and the same over a whole map.
#pragma once

#include <ctnn/layers/pool.hpp>

namespace ctnn {

namespace faults {
inline constexpr fault_kind not_a_norm{"not_a_norm"};
}
template <class... Facts>
__attribute__((unavailable(
    "the first number of an Lp pool is its norm, and a norm is 1 or more: lp_pool2d<2, 3> is the "
    "root of the sum of the squares of 3 x 3 cells. Correct the norm"))) constexpr bool
    mistake<&faults::not_a_norm, Facts...> = reported;

/// The norm is options.alpha.
struct norm_of_cells {
    static constexpr operation known = operation::other;
    static constexpr quantized_meaning window_int8{}; // none
    static constexpr quantized_meaning global_int8{};
    template <class Cell> static constexpr Cell start() noexcept { return 0; }
    template <class Cell>
    static constexpr Cell join(Cell left, Cell right, const attributes& options) noexcept {
        const double size = math::abs(static_cast<double>(right));
        return left + static_cast<Cell>(math::pow(size, options.alpha));
    }
    template <class Cell>
    static constexpr Cell finish(Cell value, long long, const attributes& options) noexcept {
        return static_cast<Cell>(math::pow(static_cast<double>(value), 1 / options.alpha));
    }
};

namespace detail {
constexpr descriptor with_norm(descriptor pool, double norm) noexcept {
    pool.options.alpha = norm;
    if (!(norm >= 1) && !pool.problem) pool.problem = fault{faults::not_a_norm};
    return pool;
}
} // namespace detail

/// (sum |x|^Norm)^(1 / Norm) over each window (ONNX: LpPool; PyTorch: LPPool2d, which leaves the
/// absolute value out, and differs where Norm is odd). Reads (height, width, C), gives
/// (height', width', C); padding adds nothing. Size is `2` or `kernel<2, 3>`; the stride is the
/// size unless given. A window that ceil_mode lets end beyond the map sums what it meets, as in
/// ONNX; PyTorch scales that sum up.
/// Options: stride, same | valid | padding, dilation, ceil_mode.
template <real Norm, auto Size, class... Options> struct lp_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        pool_descriptor<Size, norm_of_cells, Options...>("lp_pool2d", "LPPool2d", 2, pool_options),
        Norm.value);
};

/// The same over a length (ONNX: LpPool, PyTorch: LPPool1d). Reads (length, C).
template <real Norm, auto Size, class... Options> struct lp_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        pool_descriptor<Size, norm_of_cells, Options...>("lp_pool1d", "LPPool1d", 1, pool_options),
        Norm.value);
};

/// The same over depth, height and width (ONNX: LpPool, PyTorch: LPPool3d). Reads
/// (depth, height, width, C).
template <real Norm, auto Size, class... Options> struct lp_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        pool_descriptor<Size, norm_of_cells, Options...>("lp_pool3d", "LPPool3d", 3, pool_options),
        Norm.value);
};

/// The norm of each channel (ONNX: GlobalLpPool). Reads (height, width, C), gives (C), or
/// (1, 1, C) with keep_dims: `global_lp_pool2d<2, keep_dims>`.
template <real Norm, class... Options> struct global_lp_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        global_pool_descriptor<norm_of_cells, Options...>("global_lp_pool2d", "GlobalLpPool", 2),
        Norm.value);
};

/// The norm of each channel (ONNX: GlobalLpPool). Reads (length, C).
/// Options as global_lp_pool2d's.
template <real Norm, class... Options> struct global_lp_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        global_pool_descriptor<norm_of_cells, Options...>("global_lp_pool1d", "GlobalLpPool", 1),
        Norm.value);
};

/// The norm of each channel (ONNX: GlobalLpPool). Reads (depth, height, width, C).
/// Options as global_lp_pool2d's.
template <real Norm, class... Options> struct global_lp_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = detail::with_norm(
        global_pool_descriptor<norm_of_cells, Options...>("global_lp_pool3d", "GlobalLpPool", 3),
        Norm.value);
};

} // namespace ctnn
