// SPDX-License-Identifier: BSL-1.0
// Layers that change a map's spatial extents by moving cells: padding, cropping, upsampling.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/layers/window.hpp>

namespace ctnn {

/// Adds `before` and `after` cells on each axis; negative numbers take cells away.
constexpr outcome pad_rule(const rule_call& call) noexcept {
    const window& sides = call.options.spatial;
    outcome result;
    result.problem = check_rank(call.input(), sides.axes);
    result.output = {mend(result.problem, call.input(), sides.axes), call.inputs[0].cell};
    for (int axis = 0; axis < sides.axes; ++axis) {
        int& extent = result.output.extent.extents[axis];
        extent += sides.before[axis] + sides.after[axis];
        if (extent < 1)
            result.fail(fault{faults::cropping_exceeds_map, fact{role::receives, call.input()},
                              fact{role::cropping, {-sides.before[axis], -sides.after[axis]}},
                              fact{role::axis, {axis}}});
        extent = math::max(extent, 1);
    }
    return result;
}

struct pad_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const window& sides = call.options.spatial;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const int missing = max_spatial - sides.axes;
        int before[max_spatial]{};
        for (int axis = 0; axis < sides.axes; ++axis) before[missing + axis] = sides.before[axis];
        for (int d = 0; d < output.depth; ++d)
            for (int h = 0; h < output.height; ++h)
                for (int w = 0; w < output.width; ++w) {
                    const int z = d - before[0];
                    const int y = h - before[1];
                    const int x = w - before[2];
                    const bool inside = z >= 0 && z < map.depth && y >= 0 && y < map.height &&
                                        x >= 0 && x < map.width;
                    for (int c = 0; c < output.channels; ++c)
                        call.output[output.at(d, h, w, c)] =
                            inside ? call.inputs[0][map.at(z, y, x, c)] : Cell{};
                }
    }
};

constexpr outcome up_sampling_rule(const rule_call& call) noexcept {
    const window& factors = call.options.spatial;
    outcome result;
    result.problem = check_rank(call.input(), factors.axes);
    result.output = {mend(result.problem, call.input(), factors.axes), call.inputs[0].cell};
    for (int axis = 0; axis < factors.axes; ++axis) {
        if (factors.extent[axis] < 1)
            result.fail(fault{faults::not_positive, fact{role::value, {factors.extent[axis]}}});
        result.output.extent.extents[axis] *= math::max(factors.extent[axis], 1);
    }
    return result;
}

struct nearest_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const window& factors = call.options.spatial;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const int missing = max_spatial - factors.axes;
        int factor[max_spatial]{1, 1, 1};
        for (int axis = 0; axis < factors.axes; ++axis)
            factor[missing + axis] = factors.extent[axis];
        for (int d = 0; d < output.depth; ++d)
            for (int h = 0; h < output.height; ++h)
                for (int w = 0; w < output.width; ++w)
                    for (int c = 0; c < output.channels; ++c)
                        call.output[output.at(d, h, w, c)] =
                            call.inputs[0][map.at(d / factor[0], h / factor[1], w / factor[2], c)];
    }
};

namespace detail {

/// One number for all sides, one an axis, or before and after for each axis.
template <int... Cells>
constexpr descriptor sides(text kind, text keras, int axes, int sign) noexcept {
    descriptor plain{.family = family::move,
                     .kind = kind,
                     .keras = keras,
                     .rule = pad_rule,
                     .reference = reference_of<pad_reference>};
    plain.options.spatial.axes = axes;
    const option_value cells{option_kind::padding, {Cells...}, sizeof...(Cells)};
    constexpr fact written{role::value, shape{Cells...}};
    if (!set_padding(plain.options.spatial, cells))
        plain.problem = fault{faults::wrong_option_count, written};
    for (int axis = 0; axis < axes; ++axis) {
        if (plain.options.spatial.before[axis] < 0 || plain.options.spatial.after[axis] < 0)
            plain.problem = fault{faults::negative_padding, written};
        plain.options.spatial.before[axis] *= sign;
        plain.options.spatial.after[axis] *= sign;
    }
    return plain;
}

template <auto Factor> constexpr descriptor up_sampling(text kind, text keras, int axes) noexcept {
    return with_window<Factor>(descriptor{.family = family::move,
                                          .kind = kind,
                                          .keras = keras,
                                          .rule = up_sampling_rule,
                                          .reference = reference_of<nearest_reference>},
                               axes);
}

} // namespace detail

/// Zeros around a map (Keras: ZeroPadding1D). Cells: one number for both ends, or before and after.
template <int... Cells> struct zero_padding1d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding1d", "ZeroPadding1D", 1, 1);
};

/// Zeros around a map (Keras: ZeroPadding2D). One number for all sides; height and width; or top,
/// bottom, left, right.
template <int... Cells> struct zero_padding2d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding2d", "ZeroPadding2D", 2, 1);
};

/// Zeros around a map (Keras: ZeroPadding3D). One number for all sides, one an axis, or before and
/// after for each.
template <int... Cells> struct zero_padding3d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding3d", "ZeroPadding3D", 3, 1);
};

/// Takes cells away at the edges of a map (Keras: Cropping1D). Arguments as zero_padding1d's.
template <int... Cells> struct cropping1d {
    static constexpr descriptor info = detail::sides<Cells...>("cropping1d", "Cropping1D", 1, -1);
};

/// Takes cells away at the edges of a map (Keras: Cropping2D). Arguments as zero_padding2d's.
template <int... Cells> struct cropping2d {
    static constexpr descriptor info = detail::sides<Cells...>("cropping2d", "Cropping2D", 2, -1);
};

/// Takes cells away at the edges of a map (Keras: Cropping3D). Arguments as zero_padding3d's.
template <int... Cells> struct cropping3d {
    static constexpr descriptor info = detail::sides<Cells...>("cropping3d", "Cropping3D", 3, -1);
};

/// Repeats every cell `Factor` times along the length (Keras: UpSampling1D, nearest).
/// Factor is `2`.
template <auto Factor> struct up_sampling1d {
    static constexpr descriptor info =
        detail::up_sampling<Factor>("up_sampling1d", "UpSampling1D", 1);
};

/// Repeats every cell `Factor` times along height and width (Keras: UpSampling2D, nearest).
/// Factor is `2` or `kernel<2, 3>`.
template <auto Factor> struct up_sampling2d {
    static constexpr descriptor info =
        detail::up_sampling<Factor>("up_sampling2d", "UpSampling2D", 2);
};

/// Repeats every cell `Factor` times along depth, height and width (Keras: UpSampling3D, nearest).
/// Factor is `2` or `kernel<1, 2, 2>`.
template <auto Factor> struct up_sampling3d {
    static constexpr descriptor info =
        detail::up_sampling<Factor>("up_sampling3d", "UpSampling3D", 3);
};

} // namespace ctnn
