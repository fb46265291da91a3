// SPDX-License-Identifier: BSL-1.0
// Weights in the layouts that a target's kernels read, with norms folded into them.
#pragma once

#include <ctnn/plan/plan.hpp>
#include <ctnn/runtime/spans.hpp>

namespace ctnn {

/// How one call's weights are packed: where in the blob they come from (-1: there are none), and
/// where they go.
struct pack_op {
    pack_function pack = nullptr;
    long long kernel = -1, bias = -1, gamma = -1, beta = -1, mean = -1, variance = -1;
    double epsilon = 0;
    const double* lines = nullptr; ///< known numbers, as in weight_source
    int line_count = 0;
    double least_root = 0;
    geometry numbers;
    kernel_key key;
    long long packed = 0;
};

namespace detail {

template <int Count> struct pack_table { pack_op ops[Count + 1]{}; };

template <class Plan> constexpr int count_packs(const Plan& plan) noexcept {
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i)
        if (plan.steps[i].call >= 0 && plan.kernels[plan.steps[i].call].choice.packed_floats > 0)
            ++count;
    return count;
}

/// Notes where the weights of a node are, under the names that layers give them.
constexpr void find_weights(pack_op& op, const graph_view& graph, const node& subject,
                            stage done = stage::whole) noexcept {
    const outcome known = outcome_of(graph, subject);
    long long offset = subject.first_weight;
    for (int i = 0; i < known.weight_count; ++i) {
        const text name = known.weights[i].name;
        if (name == "count") break; // nothing reads it
        if (done == stage::filter && !(name == "depthwise_kernel")) break;
        (name == "kernel"             ? op.kernel
         : name == "depthwise_kernel" ? op.kernel
         : name == "pointwise_kernel" ? op.kernel
         : name == "bias"             ? op.bias
         : name == "gamma"            ? op.gamma
         : name == "scale"            ? op.gamma
         : name == "alpha"            ? op.gamma
         : name == "mean"             ? op.mean
         : name == "beta"             ? op.beta
         : name == "moving_mean"      ? op.mean
                                      : op.variance) = offset;
        offset += known.weights[i].extent.elements();
    }
    const attributes& options = subject.layer->options;
    if (subject.layer->family != family::affine) return;
    op.epsilon = options.epsilon;
    if (subject.layer->operation != operation::normalise) return;
    op.lines = options.constants;
    op.line_count = options.declared_inputs;
    op.least_root = 1e-7; // as in Keras
}

template <class Network, target Machine> constexpr auto make_pack_table() noexcept {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    pack_table<count_packs(plan)> table;
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i) {
        const step& from = plan.steps[i];
        if (from.call < 0 || plan.kernels[from.call].choice.packed_floats == 0) continue;
        const kernel_call& call = plan.kernels[from.call];
        pack_op& op = table.ops[count++];
        op.pack = call.choice.pack;
        op.numbers = call.numbers;
        op.key = call.choice.key;
        op.packed = call.packed;
        constexpr graph_view graph = Network::graph();
        find_weights(op, graph, graph.at(from.node), from.stage);
        if (from.norm >= 0) find_weights(op, graph, graph.at(from.norm));
    }
    return table;
}

/// The pack table of a network, in read-only memory.
template <class Network, target Machine>
inline constexpr auto packs_of = make_pack_table<Network, Machine>();

constexpr const float* at_offset(const float* weights, long long offset) noexcept {
    return offset < 0 ? nullptr : weights + offset;
}

constexpr void run_packs(const pack_op* ops, int count, const float* weights,
                         float* packed) noexcept {
    for (int i = 0; i < count; ++i) {
        const pack_op& op = ops[i];
        const weight_source source{at_offset(weights, op.kernel),
                                   at_offset(weights, op.bias),
                                   at_offset(weights, op.gamma),
                                   at_offset(weights, op.beta),
                                   at_offset(weights, op.mean),
                                   at_offset(weights, op.variance),
                                   op.epsilon,
                                   op.line_count > 0 ? op.lines : nullptr,
                                   op.line_count,
                                   op.least_root};
        op.pack(source, op.numbers, op.key, packed + op.packed);
    }
}

} // namespace detail

/// A network's weights, packed for a target. Any host packs for any target.
template <class Network, target Machine> class packed_weights {
    static constexpr auto& plan = plan_of<Network, Machine>::value;

public:
    static constexpr long long floats = plan.packed_floats;

    constexpr explicit packed_weights(weights_span<Network> weights) noexcept {
        detail::run_packs(detail::packs_of<Network, Machine>.ops, detail::count_packs(plan),
                          weights.data(), cells_);
    }
    constexpr const float* data() const noexcept { return cells_; }

private:
    alignas(arena_alignment) float cells_[floats > 0 ? floats : 1];
};

} // namespace ctnn
