// SPDX-License-Identifier: BSL-1.0
// Adaptive pools: as many windows as the output is to have cells, as even as whole cells allow.
// Source of the windows: PyTorch, which Keras follows: output i of n reads the cells from
// floor(i * extent / n) to ceil((i + 1) * extent / n). They overlap where n does not divide.
#pragma once

#include <ctnn/layers/pool.hpp>

namespace ctnn {

/// The cells that an output reads along one axis: from `begin` to before `end`.
struct adaptive_cells {
    int begin = 0;
    int end = 1;
};

constexpr adaptive_cells cells_of_output(int index, int extent, int outputs) noexcept {
    const long long from = 1LL * index * extent;
    return {static_cast<int>(from / outputs),
            static_cast<int>((from + extent + outputs - 1) / outputs)};
}

/// The most cells that an output reads along one axis. Begins lie up to outputs - gcd of the two
/// numbers beyond a whole cell, counted in cells / outputs.
constexpr int most_cells_of_output(int extent, int outputs) noexcept {
    int gcd = outputs;
    for (int rest = extent % outputs; rest != 0;) {
        const int next = gcd % rest;
        gcd = rest;
        rest = next;
    }
    return math::ceil_div(extent + outputs - gcd, outputs);
}

/// The spatial extents of the output are options.target. The window that receptive fields are
/// counted from is the largest one, its stride rounded up: no field is too small.
constexpr outcome adaptive_pool_rule(const rule_call& call) noexcept {
    const shape& wanted = call.options.target;
    outcome result;
    result.problem = check_rank(call.input(), wanted.rank);
    const shape map = mend(result.problem, call.input(), wanted.rank);
    shape output;
    result.reach.axes = wanted.rank;
    for (int axis = 0; axis < wanted.rank; ++axis) {
        if (wanted[axis] < 1) result.fail(fault{faults::not_positive, fact{role::value, wanted}});
        output.append(math::max(wanted[axis], 1));
        result.reach.extent[axis] = most_cells_of_output(map[axis], output[axis]);
        result.reach.stride[axis] = math::ceil_div(map[axis], output[axis]);
    }
    output.append(map.channels());
    result.output = {output, call.inputs[0].cell};
    return result;
}

/// `Meaning` says how the cells under a window become one, as in pools of a fixed window.
template <class Meaning> struct adaptive_pool_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const volume map = call.input_shapes[0];
        const volume output = call.output_shape;
        for_each_position(output, [&](int d, int h, int w) noexcept {
            const adaptive_cells depths = cells_of_output(d, map.depth, output.depth);
            const adaptive_cells rows = cells_of_output(h, map.height, output.height);
            const adaptive_cells columns = cells_of_output(w, map.width, output.width);
            const long long count = 1LL * (depths.end - depths.begin) * (rows.end - rows.begin) *
                                    (columns.end - columns.begin);
            for (int c = 0; c < map.channels; ++c) {
                Cell joined = Meaning::template start<Cell>();
                for (int z = depths.begin; z < depths.end; ++z)
                    for (int y = rows.begin; y < rows.end; ++y)
                        for (int x = columns.begin; x < columns.end; ++x)
                            joined = Meaning::join(joined, call.inputs[0][map.at(z, y, x, c)],
                                                   call.options);
                call.output[output.at(d, h, w, c)] = Meaning::finish(joined, count, call.options);
            }
        });
    }
};

/// Extents are one number for all axes, or one for each.
template <class Meaning, int... Extents>
constexpr descriptor adaptive_pool_descriptor(text kind, text keras, int axes) noexcept {
    descriptor plain{.family = family::pool,
                     .operation = Meaning::known,
                     .kind = kind,
                     .keras = keras,
                     .rule = adaptive_pool_rule,
                     .reference = reference_of<adaptive_pool_reference<Meaning>>};
    constexpr shape written{Extents...};
    for (int axis = 0; axis < axes; ++axis)
        plain.options.target.append(axis < written.rank ? written[axis] : written[0]);
    if (written.rank != 1 && written.rank != axes)
        plain.problem = fault{faults::wrong_option_count, fact{role::value, written}};
    return plain;
}

/// The mean of windows of nearly one size, as many as Extents (Keras: AdaptiveAveragePooling2D,
/// PyTorch: AdaptiveAvgPool2d). Reads (height, width, C), gives (Extents, C):
/// `adaptive_avg_pool2d<7>`, or `adaptive_avg_pool2d<3, 2>` for height and width. They may exceed
/// the map, whose cells are then read several times.
template <int... Extents> struct adaptive_avg_pool2d {
    static constexpr descriptor info = adaptive_pool_descriptor<mean_of_cells, Extents...>(
        "adaptive_avg_pool2d", "AdaptiveAveragePooling2D", 2);
};

/// The same over a length (Keras: AdaptiveAveragePooling1D, PyTorch: AdaptiveAvgPool1d). Reads
/// (length, C).
template <int... Extents> struct adaptive_avg_pool1d {
    static constexpr descriptor info = adaptive_pool_descriptor<mean_of_cells, Extents...>(
        "adaptive_avg_pool1d", "AdaptiveAveragePooling1D", 1);
};

/// The same over depth, height and width (Keras: AdaptiveAveragePooling3D, PyTorch:
/// AdaptiveAvgPool3d). Reads (depth, height, width, C).
template <int... Extents> struct adaptive_avg_pool3d {
    static constexpr descriptor info = adaptive_pool_descriptor<mean_of_cells, Extents...>(
        "adaptive_avg_pool3d", "AdaptiveAveragePooling3D", 3);
};

/// The greatest cell of such windows (Keras: AdaptiveMaxPooling2D, PyTorch: AdaptiveMaxPool2d).
/// Extents as adaptive_avg_pool2d's.
template <int... Extents> struct adaptive_max_pool2d {
    static constexpr descriptor info = adaptive_pool_descriptor<greatest_cell, Extents...>(
        "adaptive_max_pool2d", "AdaptiveMaxPooling2D", 2);
};

/// The same over a length (Keras: AdaptiveMaxPooling1D, PyTorch: AdaptiveMaxPool1d). Reads
/// (length, C).
template <int... Extents> struct adaptive_max_pool1d {
    static constexpr descriptor info = adaptive_pool_descriptor<greatest_cell, Extents...>(
        "adaptive_max_pool1d", "AdaptiveMaxPooling1D", 1);
};

/// The same over depth, height and width (Keras: AdaptiveMaxPooling3D, PyTorch: AdaptiveMaxPool3d).
/// Reads (depth, height, width, C).
template <int... Extents> struct adaptive_max_pool3d {
    static constexpr descriptor info = adaptive_pool_descriptor<greatest_cell, Extents...>(
        "adaptive_max_pool3d", "AdaptiveMaxPooling3D", 3);
};

} // namespace ctnn
