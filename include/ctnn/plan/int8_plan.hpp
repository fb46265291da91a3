// SPDX-License-Identifier: BSL-1.0
// The plan of a quantised network: steps as for float, kernels on int8.
#pragma once

#include <ctnn/kernels/int8/conv.hpp>
#include <ctnn/kernels/int8/conv_dots.hpp>
#include <ctnn/kernels/int8/conv_pairs.hpp>
#include <ctnn/kernels/int8/conv_vectors.hpp>
#include <ctnn/kernels/int8/dense_dots.hpp>
#include <ctnn/kernels/int8/dense_pairs.hpp>
#include <ctnn/kernels/int8/depthwise.hpp>
#include <ctnn/kernels/int8/depthwise_lanes.hpp>
#include <ctnn/kernels/int8/depthwise_pairs.hpp>
#include <ctnn/kernels/int8/depthwise_vectors.hpp>
#include <ctnn/kernels/int8/merge.hpp>
#include <ctnn/kernels/int8/pool.hpp>
#include <ctnn/kernels/int8/pool_pairs.hpp>
#include <ctnn/kernels/int8/pool_vectors.hpp>
#include <ctnn/kernels/int8/softmax.hpp>
#include <ctnn/kernels/int8/sum_lanes.hpp>
#include <ctnn/kernels/int8/sum_pairs.hpp>
#include <ctnn/kernels/int8/sum_vectors.hpp>
#include <ctnn/plan/fuse_int8_clamp.hpp>
#include <ctnn/plan/plan.hpp>
#include <ctnn/quantized/facts.hpp>

namespace ctnn {

/// What a step of a quantised network hands to its kernel, or to its layer's meaning if it has
/// none: then the packed bytes are those of the layer, as `pack_int8_meaning` has them.
struct int8_call {
    int8_geometry numbers;
    int8_choice choice;
    long long scratch = 0; ///< bytes into the arena
    long long packed = 0;  ///< bytes into the packed weights
};

/// A plan whose steps are calls on int8, one each.
template <plan_size Size> struct int8_plan_value {
    placed_tensor tensors[Size.tensors() + 1]{};
    step steps[Size.steps + 1]{};
    int8_call kernels[Size.steps + 1]{};
    int step_count = 0;
    output_copy copies[Size.outputs + 1]{};
    int copy_count = 0;
    long long arena_bytes = 0;
    long long live_bytes = 0;
    int peak_step = 0;
    long long packed_bytes = 0;
    static constexpr int tensor_count = Size.tensors();
};

/// A map of which single pixels are read is one row.
constexpr geometry flat_map(const geometry& map) noexcept {
    geometry flat = map;
    for (int axis = 0; axis < 3; ++axis)
        if (map.window[axis] != 1 || map.stride[axis] != 1 || map.before[axis] != 0 ||
            map.out[axis] != map.in[axis])
            return flat;
    flat.in[2] = flat.out[2] = map.in[0] * map.in[1] * map.in[2];
    flat.in[0] = flat.in[1] = flat.out[0] = flat.out[1] = 1;
    return flat;
}

/// The numbers of a step as kernels on int8 read them.
template <class Network>
constexpr int8_geometry int8_geometry_of(const graph_view& graph, const step& call) noexcept {
    const node& subject = graph.at(call.node);
    const auto& facts = detail::facts_of<Network>;
    const quantized_place& place = facts.places[call.node];
    int8_geometry numbers;
    numbers.map = geometry_of(graph, call);
    if (call.layer->family == family::conv) numbers.map = flat_map(numbers.map);
    numbers.input_zero = Network::numbers::tensors[graph.input_of(subject, 0)].zero_point;
    if (subject.edge_count > 1)
        numbers.other_zero = Network::numbers::tensors[graph.input_of(subject, 1)].zero_point;
    numbers.output_zero = Network::numbers::tensors[call.node].zero_point;
    numbers.low = call.clamps() ? math::max(place.low, static_cast<int>(call.low)) : place.low;
    numbers.high = call.clamps() ? math::min(place.high, static_cast<int>(call.high)) : place.high;
    for (int i = 0; i < place.factors && place.factors <= 3; ++i)
        numbers.factors[i] = facts.factors[place.factor + i];
    return numbers;
}

/// The kernel of a step by pairs of 16-bit numbers, if there is one.
constexpr int8_choice choose_int8_pairs(const step& call, const int8_geometry& numbers,
                                        const target& machine) noexcept {
    const bool vectors = machine.instructions == isa::mve;
    switch (call.layer->family) {
    case family::conv:
    case family::dense: {
        const int8_choice single = vectors ? choose_dense_dots(numbers, machine)
                                           : choose_dense_pairs(numbers, machine);
        if (single.key.kind != kernel_kind::none) return single;
        return vectors ? choose_conv_dots(numbers, machine) : choose_conv_pairs(numbers, machine);
    }
    case family::depthwise:
        return vectors ? choose_depthwise_lanes(numbers, machine)
                       : choose_depthwise_pairs(numbers, machine);
    case family::merge:
        if (call.layer->operation != operation::sum) return {};
        return vectors ? choose_sum_lanes(numbers, machine) : choose_sum_pairs(numbers, machine);
    case family::pool:
        if (call.layer->quantized.keeps_numbers && numbers.map.stride[1] > 0)
            return choose_pool_pairs(numbers, machine, call.layer->operation == operation::mean);
        return {};
    default: return {};
    }
}

/// The kernel of a step by vectors of 32-bit sums, if there is one.
constexpr int8_choice choose_int8_vectors(const step& call, const int8_geometry& numbers,
                                          const target& machine) noexcept {
    switch (call.layer->family) {
    case family::conv:
    case family::dense: return choose_conv_vectors(numbers, machine);
    case family::depthwise: return choose_depthwise_vectors(numbers, machine);
    case family::merge:
        return call.layer->operation == operation::sum ? choose_sum_vectors(numbers, machine)
                                                       : int8_choice{};
    case family::pool:
        if (call.layer->quantized.keeps_numbers && numbers.map.stride[1] > 0)
            return choose_pool_vectors(numbers, machine, call.layer->operation == operation::mean);
        return {};
    default: return {};
    }
}

/// The kernel of a step; of kind none where the layer's meaning has to do.
constexpr int8_choice choose_int8_kernel(const step& call, const int8_geometry& numbers,
                                         const target& machine) noexcept {
    const descriptor& layer = *call.layer;
    if (machine.instructions == isa::dsp || machine.instructions == isa::mve) {
        const int8_choice choice = choose_int8_pairs(call, numbers, machine);
        if (choice.key.kind != kernel_kind::none) return choice;
    }
    if (dots_of(machine) != dots::none) {
        const int8_choice choice = choose_int8_vectors(call, numbers, machine);
        if (choice.key.kind != kernel_kind::none) return choice;
    }
    switch (layer.family) {
    case family::conv:
    case family::dense: return choose_int8_conv(numbers, machine);
    case family::depthwise: return choose_int8_depthwise(numbers, machine);
    case family::merge:
        return layer.operation == operation::sum ? choose_int8_sum(numbers, machine)
                                                 : int8_choice{};
    case family::pool:
        if (layer.quantized.keeps_numbers && numbers.map.stride[1] > 0)
            return choose_int8_pool(numbers, machine, layer.operation == operation::mean);
        return {};
    case family::activation:
        return layer.operation == operation::softmax ? choose_int8_softmax(numbers, machine)
                                                     : int8_choice{};
    default: return {};
    }
}

/// Bytes of a step's weights and factors as its layer's meaning reads them.
template <class Network>
constexpr long long int8_meaning_bytes(const graph_view& graph, const step& call) noexcept {
    const detail::quantized_size own = detail::weights_of_node(graph, graph.at(call.node));
    return own.kernels + 4LL * own.biases +
           8LL * detail::facts_of<Network>.places[call.node].factors;
}

/// Dense layers of few multiplications are not worth a kernel of their own beside that of
/// convolutions, which takes twice as long for a single pixel: code that is not there.
template <class Calls>
constexpr void share_int8_kernels(Calls& calls, int count, const target& machine) noexcept {
    constexpr int few = 4096;
    bool shares = false;
    for (int i = 0; i < count; ++i)
        shares = shares || calls[i].choice.key.kind == kernel_kind::conv_pairs ||
                 calls[i].choice.key.kind == kernel_kind::conv_dots;
    for (int i = 0; i < count; ++i) {
        const geometry& map = calls[i].numbers.map;
        const kernel_kind kind = calls[i].choice.key.kind;
        if ((kind == kernel_kind::dense_pairs || kind == kernel_kind::dense_dots) &&
            map.channels * map.filters >= few)
            shares = false;
    }
    for (int i = 0; i < count && shares; ++i) {
        if (calls[i].choice.key.kind == kernel_kind::dense_pairs)
            calls[i].choice = choose_conv_pairs(calls[i].numbers, machine);
        if (calls[i].choice.key.kind == kernel_kind::dense_dots)
            calls[i].choice = choose_conv_dots(calls[i].numbers, machine);
    }
}

template <class Network, target Machine> struct int8_plan_of {
    static constexpr int nodes = Network::graph().node_count;
    static constexpr int steps = detail::count_steps(Network::graph(), false);
    static constexpr plan_size size{nodes, steps, Network::output_count, steps, 0};

    static constexpr int8_plan_value<size> make() noexcept {
        constexpr graph_view graph = Network::graph();
        int8_plan_value<size> plan;
        step_list<steps> list = detail::list_layers<steps>(graph, false);
        const bool kernels = Network::rule == rounding::twice && !Machine.reference;
        for (int i = 0; i < list.count && kernels; ++i) {
            step& next = list.steps[i];
            const int8_geometry numbers = int8_geometry_of<Network>(graph, next);
            next.takes_clamp =
                choose_int8_kernel(next, numbers, Machine).key.kind != kernel_kind::none;
        }
        if (kernels) fuse_int8_clamp<Network, size.tensors()>(list, graph);
        for (int i = 0; i < list.count; ++i) {
            step& next = list.steps[i];
            int8_call& call = plan.kernels[i];
            call.numbers = int8_geometry_of<Network>(graph, next);
            if (kernels) call.choice = choose_int8_kernel(next, call.numbers, Machine);
            next.call = i;
        }
        share_int8_kernels(plan.kernels, list.count, Machine);
        for (int i = 0; i < list.count; ++i) {
            step& next = list.steps[i];
            int8_call& call = plan.kernels[i];
            next.overwrites = call.choice.in_place;
            call.packed = plan.packed_bytes;
            const long long bytes = call.choice.key.kind == kernel_kind::none
                                        ? int8_meaning_bytes<Network>(graph, list.steps[i])
                                        : call.choice.packed_bytes;
            constexpr int alignment = dots_of(Machine) == dots::none ? 16 : 64;
            plan.packed_bytes += (bytes + alignment - 1) / alignment * alignment;
        }
        detail::place_tensors<size>(plan, list, graph);
        for (int i = 0; i < list.count; ++i) plan.steps[i] = list.steps[i];
        plan.step_count = list.count;
        return plan;
    }
    static constexpr int8_plan_value<size> value = make();
};

} // namespace ctnn
