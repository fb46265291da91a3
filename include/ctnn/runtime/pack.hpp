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

template <int Count> struct pack_table {
    pack_op ops[Count + 1]{};
    static constexpr int count = Count;
};

/// Weights as a layer's reference meaning reads them: geometry::filters numbers.
constexpr void pack_as_they_are(const weight_source& source, const geometry& g, const kernel_key&,
                                float* to) noexcept {
    for (int i = 0; i < g.filters; ++i) to[i] = source.kernel[i];
}

/// Whether a step has weights to pack.
template <class Plan>
constexpr bool packs(const Plan& plan, const graph_view& graph, const step& from) noexcept {
    return from.call >= 0 ? plan.kernels[from.call].choice.packed_floats > 0
                          : from.packed >= 0 && raw_floats(graph, from) > 0;
}

template <class Plan>
constexpr int count_packs(const Plan& plan, const graph_view& graph) noexcept {
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i)
        if (packs(plan, graph, plan.steps[i])) ++count;
    return count;
}

/// Notes where the weights of a node are, under the names that layers give them.
constexpr void find_weights(pack_op& op, const graph_view& graph, const node& subject,
                            layer_stage done = layer_stage::whole) noexcept {
    const outcome known = outcome_of(graph, subject);
    long long offset = subject.first_weight;
    for (int i = 0; i < known.weight_count; ++i) {
        const text name = known.weights[i].name;
        if (name == "count") break; // nothing reads it
        if (done == layer_stage::filter && !(name == "depthwise_kernel")) break;
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

/// Lists what packs the weights of a plan; `ops` has room for count_packs of them.
template <class Plan>
constexpr void list_packs(const Plan& plan, const graph_view& graph, pack_op* ops) noexcept {
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i) {
        const step& from = plan.steps[i];
        if (!packs(plan, graph, from)) continue;
        pack_op& op = ops[count++];
        if (from.call < 0) {
            op.pack = &pack_as_they_are;
            op.kernel = graph.at(from.node).first_weight;
            op.numbers.filters = static_cast<int>(raw_floats(graph, from));
            op.packed = from.packed;
            continue;
        }
        const kernel_call& call = plan.kernels[from.call];
        op.pack = call.choice.pack;
        op.numbers = call.numbers;
        op.key = call.choice.key;
        op.packed = call.packed;
        find_weights(op, graph, graph.at(from.node), from.stage);
        if (from.norm >= 0) find_weights(op, graph, graph.at(from.norm));
    }
}

template <class Network, target Machine> constexpr auto make_pack_table() noexcept {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    constexpr graph_view graph = Network::graph();
    pack_table<count_packs(plan, graph)> table;
    list_packs(plan, graph, table.ops);
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

/// A network's packed weights somewhere else, aligned to 64 bytes: an array of just this many
/// floats converts, as `ctnn_pack_weights(... TARGET avx2)` embeds it.
template <class Network, target Machine = this_machine>
using packed_span =
    fixed_span<const float,
               std::size_t{math::max(plan_of<Network, Machine>::value.packed_floats, 1LL)}>;

/// Packs a network's weights for a target. Any host packs for any target.
template <class Network, target Machine = this_machine>
constexpr void pack(weights_span<Network> blob,
                    fixed_span<float, packed_span<Network, Machine>::extent> to) noexcept {
    constexpr auto& table = detail::packs_of<Network, Machine>;
    detail::run_packs(table.ops, table.count, blob.data(), to.data());
}

/// A network's weights, packed for a target. Any host packs for any target, in constant expressions
/// too.
template <class Network, target Machine = this_machine> class packed_weights {
public:
    static constexpr long long floats =
        math::max(plan_of<Network, Machine>::value.packed_floats, 1LL);

    constexpr explicit packed_weights(weights_span<Network> blob) noexcept {
        if (__builtin_is_constant_evaluated())
            for (float& cell : cells_) cell = 0;
        pack<Network, Machine>(blob, cells_);
    }
    constexpr const float* data() const noexcept { return cells_; }
    constexpr operator packed_span<Network, Machine>() const noexcept { // NOLINT
        return packed_span<Network, Machine>{cells_};
    }

private:
    alignas(arena_alignment) float cells_[floats];
};

/// Without kernels weights are read where they are: they must outlive this.
template <class Network, target Machine>
requires(Machine.reference) class packed_weights<Network, Machine> {
public:
    constexpr explicit packed_weights(weights_span<Network> blob) noexcept : blob_(blob) {}
    constexpr const float* data() const noexcept { return blob_.data(); }

private:
    weights_span<Network> blob_;
};

} // namespace ctnn
