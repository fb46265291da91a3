// SPDX-License-Identifier: BSL-1.0
// Arithmetic of windows over maps, shared by convolutions and pools.
// Sources: Keras and TensorFlow for "valid" and "same", PyTorch and ONNX for explicit padding and
// ceil mode.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/network/attributes.hpp>
#include <ctnn/network/diagnosis.hpp>

namespace ctnn {

/// How a window meets one axis of a map.
struct axis_fit {
    int before = 0; ///< cells of padding before the map
    int after = 0;  ///< cells of padding after the map
    int output = 0; ///< windows along this axis; less than 1 if none fits
};

constexpr axis_fit fit(const window& sliding, int axis, int extent) noexcept {
    const int span = sliding.span(axis);
    const int stride = sliding.stride[axis];
    axis_fit result{sliding.before[axis], sliding.after[axis], 0};
    if (sliding.padding == padding_rule::same) {
        result.output = math::ceil_div(extent, stride);
        const int total = math::max((result.output - 1) * stride + span - extent, 0);
        result.before = total / 2;
        result.after = total - result.before;
        return result;
    }
    const int room = extent + result.before + result.after - span;
    if (room < 0) return result;
    result.output = room / stride + 1;
    // In ceil mode a last window must still begin inside the map or the padding before it.
    if (sliding.ceil && room % stride != 0 && result.output * stride < extent + result.before)
        ++result.output;
    return result;
}

/// A map that a window reads has one axis more than the window: the channels.
/// Returns the first fault of sizes, rank and fit.
constexpr fault check_window(const window& sliding, const shape& map) noexcept {
    const int axes = sliding.axes;
    if (map.rank != axes + 1)
        return fault{faults::wrong_rank, fact{role::expects, {axes + 1}}, fact{role::receives, map}};
    shape kernel;
    shape spans;
    shape padding;
    bool fits = true;
    bool swapped = map.rank == 3 && map[0] <= 4 && map[1] > 4 && map[2] > 4;
    for (int axis = 0; axis < axes; ++axis) {
        if (sliding.extent[axis] < 1 || sliding.stride[axis] < 1 || sliding.dilation[axis] < 1)
            return fault{faults::not_positive, fact{role::kernel, {sliding.extent[axis]}},
                         fact{role::stride, {sliding.stride[axis]}}};
        if (sliding.before[axis] < 0 || sliding.after[axis] < 0)
            return fault{faults::not_positive,
                         fact{role::padding, {sliding.before[axis], sliding.after[axis]}}};
        const axis_fit fitted = fit(sliding, axis, map[axis]);
        kernel.append(sliding.extent[axis]);
        spans.append(sliding.span(axis));
        padding.append(fitted.before);
        padding.append(fitted.after);
        if (fitted.output < 1) fits = false;
        if (sliding.beyond == border::reflect &&
            (fitted.before >= map[axis] || fitted.after >= map[axis]))
            return fault{faults::reflection_exceeds_map, fact{role::receives, map},
                         fact{role::padding, {fitted.before, fitted.after}}};
    }
    if (fits) return {};
    if (swapped)
        return fault{faults::channels_first, fact{role::receives, map}, fact{role::kernel, kernel}};
    return fault{faults::window_exceeds_map, fact{role::receives, map}, fact{role::kernel, kernel},
                 fact{role::span, spans}, fact{role::padding, padding}};
}

/// The extents of the map that a window makes, `channels` deep. Never less than 1, so that a
/// network with a fault goes on.
constexpr shape slide(const window& sliding, const shape& map, int channels) noexcept {
    shape result;
    for (int axis = 0; axis < sliding.axes; ++axis) {
        const bool sane = axis < map.rank && sliding.stride[axis] > 0;
        result.append(sane ? math::max(fit(sliding, axis, map[axis]).output, 1) : 1);
    }
    result.append(channels);
    return result;
}

/// Where a padded coordinate reads: an index into the map, or -1 for a zero.
constexpr int reflect_index(border beyond, int index, int extent) noexcept {
    if (index >= 0 && index < extent) return index;
    if (beyond == border::zeros) return -1;
    if (beyond == border::replicate) return index < 0 ? 0 : extent - 1;
    return index < 0 ? -index : 2 * (extent - 1) - index;
}

/// A map seen as depth, height, width, channels; missing axes have extent 1. The reference
/// meanings of 1-D, 2-D and 3-D layers are one function over this.
struct volume {
    int depth = 1, height = 1, width = 1, channels = 1;

    constexpr volume(const shape& map) noexcept { // NOLINT(google-explicit-constructor)
        channels = map.channels();
        if (map.rank > 1) width = map[map.rank - 2];
        if (map.rank > 2) height = map[map.rank - 3];
        if (map.rank > 3) depth = map[map.rank - 4];
    }
    constexpr long long at(int d, int h, int w, int c) const noexcept {
        return ((static_cast<long long>(d) * height + h) * width + w) * channels + c;
    }
};

/// The same for a window: its axes are the last ones of depth, height, width.
struct volume_window {
    int extent[max_spatial]{1, 1, 1};
    int stride[max_spatial]{1, 1, 1};
    int dilation[max_spatial]{1, 1, 1};
    int before[max_spatial]{};

    constexpr volume_window(const window& sliding, const shape& map) noexcept {
        const int missing = max_spatial - sliding.axes;
        for (int axis = 0; axis < sliding.axes; ++axis) {
            extent[missing + axis] = sliding.extent[axis];
            stride[missing + axis] = sliding.stride[axis];
            dilation[missing + axis] = sliding.dilation[axis];
            before[missing + axis] = fit(sliding, axis, map[axis]).before;
        }
    }
    constexpr int coordinate(int axis, int output, int tap) const noexcept {
        return output * stride[axis] - before[axis] + tap * dilation[axis];
    }
};

} // namespace ctnn
