// SPDX-License-Identifier: BSL-1.0
// Which kernel runs a step on a machine, if one does.
#pragma once

#include <ctnn/kernels/affine.hpp>
#include <ctnn/kernels/conv.hpp>
#include <ctnn/kernels/copy.hpp>
#include <ctnn/kernels/dense.hpp>
#include <ctnn/kernels/depthwise_multiple.hpp>
#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/kernels/gate.hpp>
#include <ctnn/kernels/global_pool.hpp>
#include <ctnn/kernels/group_norm.hpp>
#include <ctnn/kernels/merge.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/kernels/row_norm.hpp>
#include <ctnn/kernels/softmax.hpp>
#include <ctnn/kernels/transposed.hpp>
#include <ctnn/kernels/uneven_pool.hpp>
#include <ctnn/layers/window.hpp>
#include <ctnn/plan/fold_norm.hpp>

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

} // namespace detail

/// The steps of a merge that kernels need more than one for; 0: one, or no merge.
constexpr int parts_of(const node& subject) noexcept {
    if (subject.layer->family != family::merge) return 0;
    if (subject.layer->operation == operation::concat) return subject.edge_count;
    return subject.layer->operation != operation::other && subject.edge_count > 2
               ? subject.edge_count - 1
               : 0;
}

namespace detail {

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

namespace detail {

/// A kernel that takes a norm, a sum and a clamp; convolutions by planes add nothing.
constexpr kernel_choice fusing(kernel_choice choice) noexcept {
    choice.takes_norm = choice.takes_clamp = choice.key.kind != kernel_kind::none;
    choice.takes_sum = choice.takes_norm && choice.key.kind != kernel_kind::conv_planar;
    return choice;
}
/// A kernel that takes a norm and a clamp.
constexpr kernel_choice folding(kernel_choice choice) noexcept {
    choice = fusing(choice);
    choice.takes_sum = false;
    return choice;
}
/// A kernel that takes a clamp.
constexpr kernel_choice clamping(kernel_choice choice) noexcept {
    choice.takes_clamp = choice.key.kind != kernel_kind::none;
    return choice;
}

/// Whether a window has all cells of the map, no others, and a mean divides by their number.
constexpr bool is_whole_map(const geometry& numbers) noexcept {
    long long cells = 1;
    for (int axis = 0; axis < max_spatial; ++axis) {
        if (numbers.window[axis] != numbers.in[axis] || numbers.out[axis] != 1 ||
            numbers.before[axis] != 0 || numbers.after[axis] != 0)
            return false;
        cells *= numbers.window[axis];
    }
    return numbers.divisor <= 0 || numbers.divisor == cells;
}

constexpr kernel_choice choose_any_pool(operation known, const geometry& numbers,
                                        const target& machine) noexcept {
    if (known != operation::greatest && known != operation::mean) return {};
    const int way = known == operation::mean ? pool_way::mean : pool_way::greatest;
    for (int axis = 0; axis < max_spatial; ++axis)
        if (numbers.stride[axis] == 0) return choose_uneven_pool(numbers, machine, way);
    return is_whole_map(numbers) ? choose_global_pool(numbers, machine, way)
                                 : choose_pool(numbers, machine, way);
}

constexpr kernel_choice choose_any_merge(const graph_view& graph, const step& call,
                                         const geometry& numbers, const target& machine) noexcept {
    const node& subject = graph.at(call.node);
    const operation known = call.layer->operation;
    if (known == operation::concat) return choose_copy(numbers, machine, copy_way::insert);
    const int last = subject.edge_count - 1;
    const int part = call.part < 0 ? 1 : call.part;
    int way = 0;
    switch (known) {
    case operation::sum: way = merge_way::sum; break;
    case operation::difference: way = merge_way::difference; break;
    case operation::product: way = merge_way::product; break;
    case operation::mean: way = part == last ? merge_way::mean : merge_way::sum; break;
    case operation::greatest: way = merge_way::greatest; break;
    case operation::least: way = merge_way::least; break;
    default: return {};
    }
    const shape& brought = graph.at(graph.input_of(subject, part)).output.extent;
    if (!(brought == subject.output.extent)) way += merge_way::gate;
    const kernel_choice choice = choose_merge(numbers, machine, way);
    return part == last ? clamping(choice) : choice;
}

constexpr kernel_choice choose_any_activation(const graph_view& graph, const step& call,
                                              const geometry& numbers,
                                              const target& machine) noexcept {
    const shape& map = graph.at(call.node).output.extent;
    switch (call.layer->operation) {
    case operation::clamp: return choose_elementwise(numbers, machine, curve::line);
    case operation::curve: return clamping(choose_elementwise(numbers, machine, call.layer->curve));
    case operation::softmax:
        return call.layer->options.axis_of(map) == map.rank - 1 ? choose_softmax(numbers, machine)
                                                                : kernel_choice{};
    case operation::slopes: {
        // Slopes of trailing axes are repeated over the cells; others are not.
        const shape slope = outcome_of(graph, graph.at(call.node)).weights[0].extent;
        int axis = 0;
        while (axis < map.rank && slope[axis] == 1) ++axis;
        for (; axis < map.rank; ++axis)
            if (slope[axis] != map[axis]) return {};
        return clamping(choose_slopes(numbers, machine));
    }
    default: return {};
    }
}

constexpr kernel_choice choose_any_other(const graph_view& graph, const step& call,
                                         const geometry& numbers, const target& machine) noexcept {
    const shape& map = graph.at(call.node).output.extent;
    switch (call.layer->operation) {
    case operation::standard:
        return clamping(choose_row_norm(numbers, machine, row_norm_way::standard));
    case operation::mean_square:
        return clamping(choose_row_norm(numbers, machine, row_norm_way::mean_square));
    case operation::unit_length:
        if (call.layer->options.axis_of(map) != map.rank - 1) return {};
        return clamping(choose_row_norm(numbers, machine, row_norm_way::length));
    case operation::groups: return clamping(choose_group_norm(numbers, machine));
    case operation::gate: return clamping(choose_gate(numbers, machine));
    default: return {};
    }
}

/// Whether an affine layer works along the channels, and kernels know what its numbers are.
constexpr bool is_channel_line(const graph_view& graph, const node& subject) noexcept {
    const attributes& options = subject.layer->options;
    const shape& map = subject.output.extent;
    if (is_foldable_norm(graph, subject)) return true;
    return subject.layer->operation == operation::normalise && options.declared_inputs > 0 &&
           options.axis_of(map) == map.rank - 1;
}

constexpr kernel_choice choose_any_move(operation known, const geometry& numbers,
                                        const target& machine) noexcept {
    if (known == operation::pad)
        return choose_copy(numbers, machine,
                           numbers.divisor == 0 ? copy_way::pad : copy_way::border);
    if (known == operation::view) return choose_copy(numbers, machine, copy_way::view);
    if (known == operation::repeat) return choose_copy(numbers, machine, copy_way::repeat);
    return {};
}

} // namespace detail

/// The kernel of a step; of kind none where the layer's reference meaning has to do.
constexpr kernel_choice choose_kernel(const graph_view& graph, const step& call,
                                      const geometry& numbers, const target& machine) noexcept {
    const descriptor& layer = *call.layer;
    switch (call.stage) {
    case layer_stage::border: return choose_copy(numbers, machine, copy_way::border);
    case layer_stage::filter: return choose_depthwise_any(numbers, machine);
    case layer_stage::mix: return detail::fusing(choose_conv(numbers, machine));
    case layer_stage::whole: break;
    }
    switch (layer.family) {
    case family::conv: return detail::fusing(choose_conv(numbers, machine, machine.winograd_bytes));
    case family::depthwise: return detail::folding(choose_depthwise_any(numbers, machine));
    case family::transposed: return detail::folding(choose_transposed(numbers, machine));
    case family::dense: // several rows are pixels of a convolution
        return detail::fusing(numbers.in[2] == 1 ? choose_dense(numbers, machine)
                                                 : choose_conv(numbers, machine));
    case family::pool:
        return detail::clamping(detail::choose_any_pool(layer.operation, numbers, machine));
    case family::merge: return detail::choose_any_merge(graph, call, numbers, machine);
    case family::activation: return detail::choose_any_activation(graph, call, numbers, machine);
    case family::affine:
        return detail::is_channel_line(graph, graph.at(call.node))
                   ? detail::clamping(choose_affine(numbers, machine))
                   : kernel_choice{};
    case family::move: return detail::choose_any_move(layer.operation, numbers, machine);
    case family::custom: return detail::choose_any_other(graph, call, numbers, machine);
    default: return {};
    }
}

} // namespace ctnn
