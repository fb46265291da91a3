// SPDX-License-Identifier: BSL-1.0
// Which kernel runs a step on a machine, if one does.
#pragma once

#include <ctnn/kernels/affine.hpp>
#include <ctnn/kernels/conv.hpp>
#include <ctnn/kernels/copy.hpp>
#include <ctnn/kernels/dense.hpp>
#include <ctnn/kernels/depthwise.hpp>
#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/kernels/global_pool.hpp>
#include <ctnn/kernels/merge.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/kernels/softmax.hpp>
#include <ctnn/layers/window.hpp>
#include <ctnn/plan/fold_norm.hpp>

namespace ctnn {

namespace detail {

/// Sets the window of a convolution or pool, whose axes are the last ones of depth, height, width.
constexpr void set_window(geometry& numbers, const window& sliding, const shape& map,
                          const shape& made) noexcept {
    const int missing = max_spatial - sliding.axes;
    for (int axis = 0; axis < sliding.axes; ++axis) {
        const axis_fit fitted = fit(sliding, axis, map[axis]);
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

} // namespace detail

/// The numbers of a step as kernels read them.
constexpr geometry geometry_of(const graph_view& graph, const step& call) noexcept {
    const node& subject = graph.at(call.node);
    const attributes& options = call.layer->options;
    const family kind = call.layer->family;
    const shape& made = subject.output.extent;
    const shape& map = call.in_place ? made : graph.at(graph.input_of(subject, 0)).output.extent;
    geometry numbers;
    numbers.channels = map.channels();
    numbers.filters = made.channels();
    numbers.groups = kind == family::depthwise ? numbers.channels : options.groups;
    numbers.divisor = options.divisor > 0 ? options.divisor : options.count_padding ? -1 : 0;
    numbers.alpha = static_cast<float>(options.alpha);
    numbers.beta = static_cast<float>(options.beta);
    if (call.layer->operation == operation::concat)
        detail::set_part(numbers, graph, call);
    else if (kind == family::move && map.rank == options.spatial.axes + 1)
        detail::set_move(numbers, options.spatial, map, made);
    else if (!detail::slides(kind))
        detail::set_rows(numbers, map, made);
    else if (outcome_of(graph, subject).reaches_all)
        detail::set_whole_window(numbers, map);
    else {
        detail::set_window(numbers, options.spatial, map, made);
        if (call.padded >= 0)
            detail::take_padding(numbers, graph.at(call.padded).layer->options.spatial);
    }
    if (kind == family::merge) numbers.divisor = subject.edge_count;
    if (call.layer->operation == operation::clamp) {
        numbers.alpha = 1;
        numbers.beta = 0;
    }
    return numbers;
}

namespace detail {

/// A kernel that takes a norm, a sum and a clamp.
constexpr kernel_choice fusing(kernel_choice choice) noexcept {
    choice.takes_norm = choice.takes_sum = choice.takes_clamp =
        choice.key.kind != kernel_kind::none;
    return choice;
}
/// A kernel that takes a clamp.
constexpr kernel_choice clamping(kernel_choice choice) noexcept {
    choice.takes_clamp = choice.key.kind != kernel_kind::none;
    return choice;
}

constexpr kernel_choice choose_any_pool(operation known, const geometry& numbers,
                                        const target& machine) noexcept {
    if (known != operation::greatest && known != operation::mean) return {};
    const int way = known == operation::mean ? pool_way::mean : pool_way::greatest;
    bool whole = true;
    for (int axis = 0; axis < max_spatial; ++axis)
        if (numbers.window[axis] != numbers.in[axis] || numbers.out[axis] != 1) whole = false;
    return whole ? choose_global_pool(numbers, machine, way) : choose_pool(numbers, machine, way);
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
    default: return {};
    }
}

constexpr kernel_choice choose_any_move(operation known, const geometry& numbers,
                                        const target& machine) noexcept {
    if (known == operation::pad) return choose_copy(numbers, machine, copy_way::pad);
    if (known == operation::repeat) return choose_copy(numbers, machine, copy_way::repeat);
    return {};
}

} // namespace detail

/// The kernel of a step; of kind none where the layer's reference meaning has to do.
constexpr kernel_choice choose_kernel(const graph_view& graph, const step& call,
                                      const geometry& numbers, const target& machine) noexcept {
    const descriptor& layer = *call.layer;
    if (layer.options.spatial.beyond != border::zeros) return {};
    switch (layer.family) {
    case family::conv: return detail::fusing(choose_conv(numbers, machine, machine.winograd_bytes));
    case family::depthwise: {
        kernel_choice choice = detail::fusing(choose_depthwise(numbers, machine));
        choice.takes_sum = false;
        return choice;
    }
    case family::dense: // several rows are pixels of a convolution
        return detail::fusing(numbers.in[2] == 1 ? choose_dense(numbers, machine)
                                                 : choose_conv(numbers, machine));
    case family::pool:
        return detail::clamping(detail::choose_any_pool(layer.operation, numbers, machine));
    case family::merge: return detail::choose_any_merge(graph, call, numbers, machine);
    case family::activation: return detail::choose_any_activation(graph, call, numbers, machine);
    case family::affine:
        return is_foldable_norm(graph, graph.at(call.node))
                   ? detail::clamping(choose_affine(numbers, machine))
                   : kernel_choice{};
    case family::move: return detail::choose_any_move(layer.operation, numbers, machine);
    default: return {};
    }
}

} // namespace ctnn
