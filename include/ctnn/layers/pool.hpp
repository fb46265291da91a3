// SPDX-License-Identifier: BSL-1.0
// Pools: a window's maximum or average, and the same over a whole map.
#pragma once

#include <ctnn/layers/options.hpp>
#include <ctnn/layers/window.hpp>
#include <ctnn/quantized/pools.hpp>

namespace ctnn {

constexpr outcome pool_rule(const rule_call& call) noexcept {
    const window& sliding = call.options.spatial;
    outcome result;
    result.reach = sliding;
    result.problem = check_window(sliding, call.input());
    const shape map = mend(result.problem, call.input(), sliding.axes);
    result.output = {slide(sliding, map, map.channels()), call.inputs[0].cell};
    for (int axis = 0; axis < sliding.axes; ++axis)
        if (sliding.before[axis] >= sliding.span(axis) || sliding.after[axis] >= sliding.span(axis))
            result.fail(fault{faults::padding_exceeds_window, fact{role::receives, map},
                              fact{role::kernel, {sliding.extent[axis]}},
                              fact{role::padding, {sliding.before[axis], sliding.after[axis]}},
                              fact{role::axis, {axis}}});
    return result;
}

/// The taps of a window that meet the map or its padding; in ceil mode others lie beyond both.
constexpr int taps_on_padded_map(const volume_window& taps, const window& sliding, const shape& map,
                                 const int (&position)[max_spatial]) noexcept {
    const int missing = max_spatial - sliding.axes;
    int product = 1;
    for (int axis = 0; axis < sliding.axes; ++axis) {
        const int end = map[axis] + fit(sliding, axis, map[axis]).after;
        int met = 0;
        for (int tap = 0; tap < sliding.extent[axis]; ++tap)
            if (taps.coordinate(missing + axis, position[missing + axis], tap) < end) ++met;
        product *= met;
    }
    return product;
}

/// `Meaning` says how the cells under a window become one.
template <class Meaning> struct window_pool_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const attributes& options = call.options;
        const shape& in = call.input_shapes[0];
        const volume map = in;
        const volume output = call.output_shape;
        const volume_window taps{options.spatial, in};
        for_each_position(output, [&](int d, int h, int w) noexcept {
            Cell* cells = call.output + output.at(d, h, w, 0);
            for (int c = 0; c < map.channels; ++c) cells[c] = Meaning::template start<Cell>();
            int divisor = 0;
            const auto join_tap = [&](int, long long cell) noexcept {
                ++divisor;
                for (int c = 0; c < map.channels; ++c)
                    cells[c] = Meaning::join(cells[c], call.inputs[0][cell + c], options);
            };
            for_each_tap(taps, map, border::zeros, d, h, w, join_tap);
            if (options.count_padding)
                divisor = taps_on_padded_map(taps, options.spatial, in, {d, h, w});
            if (options.divisor > 0) divisor = options.divisor;
            for (int c = 0; c < map.channels; ++c)
                cells[c] = Meaning::finish(cells[c], divisor, options);
        });
    }
};

struct greatest_cell {
    static constexpr operation known = operation::greatest;
    static constexpr quantized_meaning window_int8 = quantized_of<window_pool_int8<false>>;
    static constexpr quantized_meaning global_int8 = quantized_of<global_max_int8>;
    template <class Cell> static constexpr Cell start() noexcept {
        return -static_cast<Cell>(math::infinity);
    }
    template <class Cell>
    static constexpr Cell join(Cell left, Cell right, const attributes&) noexcept {
        return right > left || right != right ? right : left; // a NaN stays
    }
    template <class Cell>
    static constexpr Cell finish(Cell value, long long, const attributes&) noexcept {
        return value;
    }
};

struct mean_of_cells {
    static constexpr operation known = operation::mean;
    static constexpr quantized_meaning window_int8 = quantized_of<window_pool_int8<true>>;
    static constexpr quantized_meaning global_int8 = quantized_of<global_mean_int8>;
    template <class Cell> static constexpr Cell start() noexcept { return 0; }
    template <class Cell>
    static constexpr Cell join(Cell left, Cell right, const attributes&) noexcept {
        return left + right;
    }
    template <class Cell>
    static constexpr Cell finish(Cell value, long long count, const attributes&) noexcept {
        return value / static_cast<Cell>(count);
    }
};

/// A global pool reduces all axes but the last.
constexpr outcome global_pool_rule(const rule_call& call) noexcept {
    const int axes = call.options.spatial.axes;
    outcome result;
    result.reaches_all = true;
    result.problem = check_rank(call.input(), axes);
    const shape map = mend(result.problem, call.input(), axes);
    shape output;
    for (int axis = 0; axis < axes && call.options.keep_dims; ++axis) output.append(1);
    output.append(map.channels());
    result.output = {output, call.inputs[0].cell};
    return result;
}

template <class Meaning> struct global_pool_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int channels = call.input_shapes[0].channels();
        const long long cells = call.input_shapes[0].elements() / channels;
        for (int c = 0; c < channels; ++c) {
            Cell value = Meaning::template start<Cell>();
            for (long long i = 0; i < cells; ++i)
                value = Meaning::join(value, call.inputs[0][i * channels + c], call.options);
            call.output[c] = Meaning::finish(value, cells, call.options);
        }
    }
};

inline constexpr unsigned pool_options =
    option_kind::stride | option_kind::padding | option_kind::ceil | option_kind::dilation;
inline constexpr unsigned avg_pool_options = option_kind::stride | option_kind::padding |
                                             option_kind::ceil | option_kind::count_padding |
                                             option_kind::divisor;

/// A pool's stride is its size unless it is given.
template <auto Size, class Meaning, class... Options>
constexpr descriptor pool_descriptor(text kind, text keras, int axes, unsigned known) noexcept {
    descriptor plain =
        with_window<Size>(descriptor{.family = family::pool,
                                     .operation = Meaning::known,
                                     .kind = kind,
                                     .keras = keras,
                                     .rule = pool_rule,
                                     .reference = reference_of<window_pool_reference<Meaning>>,
                                     .quantized = Meaning::window_int8},
                          axes);
    for (int axis = 0; axis < axes; ++axis)
        plain.options.spatial.stride[axis] = plain.options.spatial.extent[axis];
    return with_options<Options...>(plain, known);
}

template <class Meaning, class... Options>
constexpr descriptor global_pool_descriptor(text kind, text keras, int axes) noexcept {
    descriptor plain{.family = family::pool,
                     .operation = Meaning::known,
                     .kind = kind,
                     .keras = keras,
                     .rule = global_pool_rule,
                     .reference = reference_of<global_pool_reference<Meaning>>,
                     .quantized = Meaning::global_int8};
    plain.options.spatial.axes = axes;
    return with_options<Options...>(plain, 0U | option_kind::keep_dims);
}

/// The greatest cell of each window (Keras: MaxPooling2D, PyTorch: MaxPool2d). Reads
/// (height, width, C), gives (height', width', C); padding is never the greatest.
/// Size is `2` or `kernel<2, 3>`; the stride is the size unless given.
/// Options: stride, same | valid | padding, dilation, ceil_mode.
template <auto Size, class... Options> struct max_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, greatest_cell, Options...>(
        "max_pool2d", "MaxPooling2D", 2, pool_options);
};

/// The greatest cell of each window (Keras: MaxPooling1D, PyTorch: MaxPool1d). Reads
/// (length, C). Options as max_pool2d's.
template <auto Size, class... Options> struct max_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, greatest_cell, Options...>(
        "max_pool1d", "MaxPooling1D", 1, pool_options);
};

/// The greatest cell of each window (Keras: MaxPooling3D, PyTorch: MaxPool3d). Reads
/// (depth, height, width, C). Options as max_pool2d's.
template <auto Size, class... Options> struct max_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, greatest_cell, Options...>(
        "max_pool3d", "MaxPooling3D", 3, pool_options);
};

/// The mean of each window (Keras: AveragePooling2D, PyTorch: AvgPool2d). Padding does not count,
/// as in Keras; with count_padding it counts as zeros, as PyTorch's default has it.
/// Options: stride, same | valid | padding, ceil_mode, count_padding, divisor.
template <auto Size, class... Options> struct avg_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, mean_of_cells, Options...>(
        "avg_pool2d", "AveragePooling2D", 2, avg_pool_options);
};

/// The mean of each window (Keras: AveragePooling1D, PyTorch: AvgPool1d). Reads
/// (length, C). Options as avg_pool2d's.
template <auto Size, class... Options> struct avg_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, mean_of_cells, Options...>(
        "avg_pool1d", "AveragePooling1D", 1, avg_pool_options);
};

/// The mean of each window (Keras: AveragePooling3D, PyTorch: AvgPool3d). Reads
/// (depth, height, width, C). Options as avg_pool2d's.
template <auto Size, class... Options> struct avg_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = pool_descriptor<Size, mean_of_cells, Options...>(
        "avg_pool3d", "AveragePooling3D", 3, avg_pool_options);
};

/// The greatest cell of each channel (Keras: GlobalMaxPooling2D). Reads (height, width, C), gives
/// (C), or (1, 1, C) with keep_dims.
template <class... Options> struct global_max_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<greatest_cell, Options...>(
        "global_max_pool2d", "GlobalMaxPooling2D", 2);
};

/// The greatest cell of each channel (Keras: GlobalMaxPooling1D). Reads (length, C).
/// Options as global_max_pool2d's.
template <class... Options> struct global_max_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<greatest_cell, Options...>(
        "global_max_pool1d", "GlobalMaxPooling1D", 1);
};

/// The greatest cell of each channel (Keras: GlobalMaxPooling3D). Reads (depth, height, width, C).
/// Options as global_max_pool2d's.
template <class... Options> struct global_max_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<greatest_cell, Options...>(
        "global_max_pool3d", "GlobalMaxPooling3D", 3);
};

/// The mean of each channel (Keras: GlobalAveragePooling2D). Reads (height, width, C), gives (C),
/// or (1, 1, C) with keep_dims.
template <class... Options> struct global_avg_pool2d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<mean_of_cells, Options...>(
        "global_avg_pool2d", "GlobalAveragePooling2D", 2);
};

/// The mean of each channel (Keras: GlobalAveragePooling1D). Reads (length, C).
/// Options as global_avg_pool2d's.
template <class... Options> struct global_avg_pool1d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<mean_of_cells, Options...>(
        "global_avg_pool1d", "GlobalAveragePooling1D", 1);
};

/// The mean of each channel (Keras: GlobalAveragePooling3D). Reads (depth, height, width, C).
/// Options as global_avg_pool2d's.
template <class... Options> struct global_avg_pool3d {
    using options = types<Options...>;
    static constexpr descriptor info = global_pool_descriptor<mean_of_cells, Options...>(
        "global_avg_pool3d", "GlobalAveragePooling3D", 3);
};

} // namespace ctnn
