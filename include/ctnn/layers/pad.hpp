// SPDX-License-Identifier: BSL-1.0
// Layers that add cells around a map, or take them away.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/layers/window.hpp>

namespace ctnn {

/// Adds `before` and `after` cells on each axis; negative numbers take cells away.
constexpr outcome pad_rule(const rule_call& call) noexcept {
    const window& sides = call.options.spatial;
    outcome result;
    result.problem = check_rank(call.input(), sides.axes);
    const shape map = mend(result.problem, call.input(), sides.axes);
    result.output = {map, call.inputs[0].cell};
    for (int axis = 0; axis < sides.axes; ++axis) {
        const axis_fit added{sides.before[axis], sides.after[axis],
                             map[axis] + sides.before[axis] + sides.after[axis]};
        if (added.output < 1)
            result.fail(fault{faults::cropping_exceeds_map, fact{role::receives, call.input()},
                              fact{role::cropping, {-added.before, -added.after}},
                              fact{role::axis, {axis}}});
        result.fail(check_border(sides.beyond, added, map, axis));
        result.output.extent.extents[axis] = math::max(added.output, 1);
    }
    return result;
}

/// Beyond the map lies what its border says; where that is a constant, alpha.
struct pad_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const window& sides = call.options.spatial;
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        const int missing = max_spatial - sides.axes;
        int before[max_spatial]{};
        for (int axis = 0; axis < sides.axes; ++axis) before[missing + axis] = sides.before[axis];
        for_each_position(output, [&](int d, int h, int w) noexcept {
            const int z = border_index(sides.beyond, d - before[0], map.depth);
            const int y = border_index(sides.beyond, h - before[1], map.height);
            const int x = border_index(sides.beyond, w - before[2], map.width);
            const bool inside = z >= 0 && y >= 0 && x >= 0;
            for (int c = 0; c < output.channels; ++c)
                call.output[output.at(d, h, w, c)] = inside ? call.inputs[0][map.at(z, y, x, c)]
                                                            : static_cast<Cell>(call.options.alpha);
        });
    }
};

namespace detail {

/// One number for all sides, one an axis, or before and after for each axis; with the sign -1 they
/// are taken away.
template <int... Cells>
constexpr descriptor sides(text kind, text keras, int axes, int sign = 1,
                           border beyond = border::zeros, double constant = 0) noexcept {
    descriptor plain{.family = family::move,
                     .operation = operation::pad,
                     .kind = kind,
                     .keras = keras,
                     .rule = pad_rule,
                     .reference = reference_of<pad_reference>};
    window& spatial = plain.options.spatial;
    spatial.axes = axes;
    spatial.beyond = beyond;
    plain.options.alpha = constant;
    const option_value cells{option_kind::padding, {Cells...}, sizeof...(Cells)};
    constexpr fact written{role::value, shape{Cells...}};
    if (!set_padding(spatial, cells)) plain.problem = fault{faults::wrong_option_count, written};
    for (int axis = 0; axis < axes; ++axis) {
        if (spatial.before[axis] < 0 || spatial.after[axis] < 0)
            plain.problem = fault{faults::negative_padding, written};
        spatial.before[axis] *= sign;
        spatial.after[axis] *= sign;
    }
    return plain;
}

} // namespace detail

/// Zeros around a map (Keras: ZeroPadding1D). Cells: one number for both ends, or before and after.
template <int... Cells> struct zero_padding1d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding1d", "ZeroPadding1D", 1);
};

/// Zeros around a map (Keras: ZeroPadding2D). One number for all sides; height and width; or top,
/// bottom, left, right.
template <int... Cells> struct zero_padding2d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding2d", "ZeroPadding2D", 2);
};

/// Zeros around a map (Keras: ZeroPadding3D). One number for all sides, one an axis, or before and
/// after for each.
template <int... Cells> struct zero_padding3d {
    static constexpr descriptor info =
        detail::sides<Cells...>("zero_padding3d", "ZeroPadding3D", 3);
};

/// Cells of one value around a map (PyTorch: ConstantPad1d, ONNX: Pad). Cells as zero_padding1d's.
template <real Value, int... Cells> struct constant_pad1d {
    static constexpr descriptor info = detail::sides<Cells...>("constant_pad1d", "ConstantPad1d", 1,
                                                               1, border::zeros, Value.value);
};

/// Cells of one value around a map (PyTorch: ConstantPad2d, ONNX: Pad). Cells as zero_padding2d's:
/// top, bottom, left, right, where PyTorch begins with the last axis.
template <real Value, int... Cells> struct constant_pad2d {
    static constexpr descriptor info = detail::sides<Cells...>("constant_pad2d", "ConstantPad2d", 2,
                                                               1, border::zeros, Value.value);
};

/// Cells of one value around a map (PyTorch: ConstantPad3d, ONNX: Pad). Cells as zero_padding3d's.
template <real Value, int... Cells> struct constant_pad3d {
    static constexpr descriptor info = detail::sides<Cells...>("constant_pad3d", "ConstantPad3d", 3,
                                                               1, border::zeros, Value.value);
};

/// A map mirrored at its edges, the edges themselves once (PyTorch: ReflectionPad1d, ONNX: Pad with
/// mode reflect). Padding is less than the map. Cells as zero_padding1d's.
template <int... Cells> struct reflection_pad1d {
    static constexpr descriptor info =
        detail::sides<Cells...>("reflection_pad1d", "ReflectionPad1d", 1, 1, border::reflect);
};

/// A map mirrored at its edges, the edges themselves once (PyTorch: ReflectionPad2d, ONNX: Pad with
/// mode reflect). Padding is less than the map. Cells as zero_padding2d's: top, bottom, left,
/// right, where PyTorch begins with the last axis.
template <int... Cells> struct reflection_pad2d {
    static constexpr descriptor info =
        detail::sides<Cells...>("reflection_pad2d", "ReflectionPad2d", 2, 1, border::reflect);
};

/// A map mirrored at its edges, the edges themselves once (PyTorch: ReflectionPad3d, ONNX: Pad with
/// mode reflect). Padding is less than the map. Cells as zero_padding3d's.
template <int... Cells> struct reflection_pad3d {
    static constexpr descriptor info =
        detail::sides<Cells...>("reflection_pad3d", "ReflectionPad3d", 3, 1, border::reflect);
};

/// A map whose edges go on (PyTorch: ReplicationPad1d, ONNX: Pad with mode edge). Cells as
/// zero_padding1d's.
template <int... Cells> struct replication_pad1d {
    static constexpr descriptor info =
        detail::sides<Cells...>("replication_pad1d", "ReplicationPad1d", 1, 1, border::replicate);
};

/// A map whose edges go on (PyTorch: ReplicationPad2d, ONNX: Pad with mode edge). Cells as
/// zero_padding2d's: top, bottom, left, right, where PyTorch begins with the last axis.
template <int... Cells> struct replication_pad2d {
    static constexpr descriptor info =
        detail::sides<Cells...>("replication_pad2d", "ReplicationPad2d", 2, 1, border::replicate);
};

/// A map whose edges go on (PyTorch: ReplicationPad3d, ONNX: Pad with mode edge). Cells as
/// zero_padding3d's.
template <int... Cells> struct replication_pad3d {
    static constexpr descriptor info =
        detail::sides<Cells...>("replication_pad3d", "ReplicationPad3d", 3, 1, border::replicate);
};

/// A map that begins again behind its end (PyTorch: CircularPad1d, ONNX: Pad with mode wrap), as
/// often as there is padding for. Cells as zero_padding1d's.
template <int... Cells> struct circular_pad1d {
    static constexpr descriptor info =
        detail::sides<Cells...>("circular_pad1d", "CircularPad1d", 1, 1, border::circular);
};

/// A map that begins again behind its end (PyTorch: CircularPad2d, ONNX: Pad with mode wrap), as
/// often as there is padding for. Cells as zero_padding2d's: top, bottom, left, right, where
/// PyTorch begins with the last axis.
template <int... Cells> struct circular_pad2d {
    static constexpr descriptor info =
        detail::sides<Cells...>("circular_pad2d", "CircularPad2d", 2, 1, border::circular);
};

/// A map that begins again behind its end (PyTorch: CircularPad3d, ONNX: Pad with mode wrap), as
/// often as there is padding for. Cells as zero_padding3d's.
template <int... Cells> struct circular_pad3d {
    static constexpr descriptor info =
        detail::sides<Cells...>("circular_pad3d", "CircularPad3d", 3, 1, border::circular);
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

} // namespace ctnn
