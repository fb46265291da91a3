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
#include <ctnn/plan/fold_norm.hpp>
#include <ctnn/plan/step_geometry.hpp>

namespace ctnn {

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
