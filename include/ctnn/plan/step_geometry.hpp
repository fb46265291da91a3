// SPDX-License-Identifier: BSL-1.0
// The numbers of a step as kernels read them: its layer's window, rows or view over its maps.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/layers/window.hpp>
#include <ctnn/plan/step.hpp>

namespace ctnn {

namespace detail {

/// Sets the window of a convolution or pool, whose axes are the last ones of depth, height, width.
constexpr void set_window(geometry& numbers, const window& sliding, const shape& map,
                          const shape& made, bool transposed = false) noexcept {
    const int missing = max_spatial - sliding.axes;
    for (int axis = 0; axis < sliding.axes; ++axis) {
        const axis_fit fitted =
            transposed ? fit_transposed(sliding, axis, map[axis]) : fit(sliding, axis, map[axis]);
        numbers.in[missing + axis] = map[axis];
        numbers.out[missing + axis] = made[axis];
        numbers.window[missing + axis] = sliding.extent[axis];
        numbers.stride[missing + axis] = sliding.stride[axis];
        numbers.dilation[missing + axis] = sliding.dilation[axis];
        numbers.before[missing + axis] = fitted.before;
        numbers.after[missing + axis] = fitted.after;
    }
}

/// Takes away what a layer of its own put around the map: the window does it.
constexpr void take_padding(geometry& numbers, const window& sides) noexcept {
    const int missing = max_spatial - sides.axes;
    for (int axis = 0; axis < sides.axes; ++axis) {
        numbers.in[missing + axis] -= sides.before[axis] + sides.after[axis];
        numbers.before[missing + axis] += sides.before[axis];
        numbers.after[missing + axis] += sides.after[axis];
    }
}

/// A window over the whole map.
constexpr void set_whole_window(geometry& numbers, const shape& map) noexcept {
    for (int axis = 0; axis < map.rank - 1; ++axis)
        numbers.in[axis] = numbers.window[axis] = map[axis];
}

/// A map without a window is a row of as many cells as it has besides its channels.
constexpr void set_rows(geometry& numbers, const shape& map, const shape& made) noexcept {
    numbers.in[2] = static_cast<int>(map.elements() / map.channels());
    numbers.out[2] = static_cast<int>(made.elements() / made.channels());
}

constexpr bool slides(family kind) noexcept {
    return kind == family::conv || kind == family::depthwise || kind == family::pool;
}

/// One input of a concatenation: rows of its cells into rows of all.
constexpr void set_part(geometry& numbers, const graph_view& graph, const step& call) noexcept {
    const node& subject = graph.at(call.node);
    const shape& made = subject.output.extent;
    const int along = subject.layer->options.axis_of(made);
    int inner = 1;
    for (int axis = along + 1; axis < made.rank; ++axis) inner *= made[axis];
    int before = 0;
    for (int i = 0; i < call.part; ++i)
        before += graph.at(graph.input_of(subject, i)).output.extent[along];
    const int own = graph.at(graph.input_of(subject, call.part)).output.extent[along];
    numbers.channels = own * inner;
    numbers.filters = made[along] * inner;
    numbers.before[2] = before * inner;
    numbers.in[2] = numbers.out[2] = static_cast<int>(made.elements() / numbers.filters);
}

/// What lies around a map, or how often its cells are repeated.
constexpr void set_move(geometry& numbers, const window& sides, const shape& map,
                        const shape& made) noexcept {
    const int missing = max_spatial - sides.axes;
    for (int axis = 0; axis < sides.axes; ++axis) {
        numbers.in[missing + axis] = map[axis];
        numbers.out[missing + axis] = made[axis];
        numbers.window[missing + axis] = sides.extent[axis];
        numbers.before[missing + axis] = sides.before[axis];
    }
}

/// As many windows as the output has cells. Where the map is a multiple of that, they are those of
/// an ordinary pool.
constexpr void set_uneven_window(geometry& numbers, const shape& map, const shape& made) noexcept {
    const int missing = max_spatial - (map.rank - 1);
    for (int axis = 0; axis < map.rank - 1; ++axis) {
        const bool even = map[axis] % made[axis] == 0;
        numbers.in[missing + axis] = map[axis];
        numbers.out[missing + axis] = made[axis];
        numbers.window[missing + axis] = even ? map[axis] / made[axis] : 0;
        numbers.stride[missing + axis] = even ? map[axis] / made[axis] : 0;
    }
}

/// Rows of all cells from options.along on.
constexpr void set_row_norm(geometry& numbers, const attributes& options,
                            const shape& map) noexcept {
    long long length = 1;
    for (int i = options.axis_of(map); i < map.rank; ++i) length *= map[i];
    numbers.channels = numbers.filters = static_cast<int>(length);
    numbers.in[2] = numbers.out[2] = static_cast<int>(map.elements() / length);
    numbers.alpha = static_cast<float>(options.epsilon);
}

/// What layers read that no window slides over.
constexpr void set_others(geometry& numbers, const graph_view& graph, const step& call,
                          const shape& map, const shape& made) noexcept {
    const attributes& options = call.layer->options;
    set_rows(numbers, map, made);
    switch (call.layer->operation) {
    case operation::standard:
    case operation::mean_square:
    case operation::unit_length: set_row_norm(numbers, options, map); break;
    case operation::groups:
        numbers.groups = options.groups == 0 ? map.channels() : options.groups;
        numbers.alpha = static_cast<float>(options.epsilon);
        break;
    case operation::gate: {
        long long half = 1;
        for (int i = options.axis_of(made); i < made.rank; ++i) half *= made[i];
        numbers.filters = static_cast<int>(half);
        numbers.in[2] = numbers.out[2] = static_cast<int>(made.elements() / half);
        break;
    }
    case operation::slopes:
        numbers.channels =
            static_cast<int>(outcome_of(graph, graph.at(call.node)).weights[0].extent.elements());
        break;
    default: break;
    }
}

/// A view as six axes, the inner ones last: their extents are out and then window, their steps
/// stride and then dilation.
constexpr void set_view(geometry& numbers, const strided_view& view) noexcept {
    static_assert(max_rank <= 6);
    for (int i = 0; i < view.count; ++i) {
        const int axis = 6 - view.count + i;
        const int step = static_cast<int>(view.steps[i]);
        (axis < 3 ? numbers.out[axis] : numbers.window[axis - 3]) = view.extents[i];
        (axis < 3 ? numbers.stride[axis] : numbers.dilation[axis - 3]) = step;
    }
    numbers.before[2] = static_cast<int>(view.first);
}

/// A copy of a map with what lies beyond its edge.
constexpr void set_border(geometry& numbers, const window& sliding, const shape& map,
                          const shape& made) noexcept {
    window sides = sliding;
    for (int axis = 0; axis < sides.axes; ++axis)
        sides.before[axis] = fit(sliding, axis, map[axis]).before;
    set_move(numbers, sides, map, made);
    numbers.divisor = static_cast<int>(sliding.beyond);
}

/// The window of a layer whose map has been copied with its border.
constexpr window without_padding(window sliding) noexcept {
    sliding.padding = padding_rule::valid;
    for (int axis = 0; axis < sliding.axes; ++axis) sliding.before[axis] = sliding.after[axis] = 0;
    return sliding;
}

} // namespace detail

/// The numbers of a step as kernels read them.
constexpr geometry geometry_of(const graph_view& graph, const step& call) noexcept {
    const node& subject = graph.at(call.node);
    const attributes& options = call.layer->options;
    const family kind = call.layer->family;
    const operation known = call.layer->operation;
    const shape made = made_by(graph, call).extent;
    const shape map = read_by(graph, call).extent;
    const bool filters = kind == family::depthwise || call.stage == layer_stage::filter;
    geometry numbers;
    numbers.channels = map.channels();
    numbers.filters = made.channels();
    numbers.groups = filters ? numbers.channels : options.groups;
    numbers.divisor = options.divisor > 0 ? options.divisor : options.count_padding ? -1 : 0;
    numbers.alpha = static_cast<float>(options.alpha);
    numbers.beta = static_cast<float>(options.beta);
    numbers.limit = static_cast<float>(options.limit);
    if (known == operation::concat)
        detail::set_part(numbers, graph, call);
    else if (known == operation::view)
        detail::set_view(numbers, call.layer->view(options, map, made));
    else if (known == operation::pad || known == operation::repeat)
        detail::set_move(numbers, options.spatial, map, made);
    else if (call.stage == layer_stage::border)
        detail::set_border(numbers, options.spatial, map, made);
    else if (kind == family::transposed)
        detail::set_window(numbers, options.spatial, map, made, true);
    else if (call.stage == layer_stage::mix || !(detail::slides(kind) || filters))
        detail::set_others(numbers, graph, call, map, made);
    else if (kind == family::pool && options.target.rank > 0)
        detail::set_uneven_window(numbers, map, made);
    else if (outcome_of(graph, subject).reaches_all)
        detail::set_whole_window(numbers, map);
    else {
        detail::set_window(
            numbers, call.from < 0 ? options.spatial : detail::without_padding(options.spatial),
            map, made);
        if (call.padded >= 0)
            detail::take_padding(numbers, graph.at(call.padded).layer->options.spatial);
    }
    if (known == operation::pad) numbers.divisor = static_cast<int>(options.spatial.beyond);
    if (kind == family::merge) numbers.divisor = subject.edge_count;
    if (known == operation::clamp) {
        numbers.alpha = 1;
        numbers.beta = 0;
    }
    return numbers;
}

} // namespace ctnn
