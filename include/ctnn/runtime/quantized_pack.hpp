// SPDX-License-Identifier: BSL-1.0
// Packs a quantised network's weights: once, on any host, for any target.
#pragma once

#include <ctnn/core/fixed_span.hpp>
#include <ctnn/plan/int8_plan.hpp>

namespace ctnn {

/// The weights of a quantised network, one layer after the other: kernels, row-major in the
/// network's layouts, and biases. No other network has them, which the overloads of run ask for.
template <class Network> struct quantized_weights;
template <class Network>
requires requires { Network::rule; }
struct quantized_weights<Network> {
    fixed_span<const int8, std::size_t{Network::size.kernels}> kernels;
    fixed_span<const int, static_cast<std::size_t>(Network::size.biases)> biases;
};

namespace detail {

/// What is packed for one step. An array of these in place of the plan: small at run time.
struct int8_pack_op {
    int8_pack pack = &pack_nothing;
    kernel_key key; ///< of no kernel: packed as the layer's meaning reads it
    int8_geometry numbers;
    long long packed = 0;
    long long kernel = 0;
    int bias = -1;
    int factor = 0;
    int kernels = 0; ///< cells, biases and factors of a layer without a kernel
    int biases = 0;
    int factors = 0;
};

template <int Count, int Factors> struct int8_pack_table {
    int8_pack_op ops[Count + 1]{};
    rescale factors[Factors + 1]{};
};

template <class Network, target Machine> constexpr auto make_int8_packs() noexcept {
    constexpr auto& plan = int8_plan_of<Network, Machine>::value;
    constexpr auto& facts = facts_of<Network>;
    constexpr graph_view graph = Network::graph();
    constexpr int count = count_factors<Network>();
    int8_pack_table<plan.step_count, count> table;
    for (int i = 0; i < plan.step_count; ++i) {
        const int8_call& call = plan.kernels[i];
        const int node = plan.steps[i].node;
        const quantized_place& place = facts.places[node];
        const quantized_size own = weights_of_node(graph, graph.at(node));
        int8_pack_op& op = table.ops[i];
        op = {call.choice.pack, call.choice.key, call.numbers,
              call.packed,      place.kernel,    own.biases > 0 ? place.bias : -1,
              place.factor};
        if (call.choice.key.kind != kernel_kind::none) continue;
        op.kernels = static_cast<int>(own.kernels);
        op.biases = own.biases;
        op.factors = place.factors;
    }
    for (int i = 0; i < count; ++i) table.factors[i] = facts.factors[i];
    return table;
}

template <class Network, target Machine>
inline constexpr auto int8_packs_of = make_int8_packs<Network, Machine>();

/// As a layer's meaning reads it: biases, factors, kernel.
constexpr void pack_int8_meaning(const int8_pack_op& op, const int8_source& source,
                                 unsigned char* to) noexcept {
    for (int i = 0; i < op.biases; ++i, to += 4) write_int(to, source.bias[i]);
    for (int i = 0; i < op.factors; ++i, to += 8) {
        write_int(to, source.factors[i].multiplier);
        write_int(to + 4, source.factors[i].shift);
    }
    for (int i = 0; i < op.kernels; ++i) to[i] = static_cast<unsigned char>(source.kernel[i]);
}

constexpr void run_int8_packs(const int8_pack_op* ops, int count, const rescale* factors,
                              const int8* kernels, const int* biases, unsigned char* to) noexcept {
    for (int i = 0; i < count; ++i) {
        const int8_pack_op& op = ops[i];
        const int8_source source{kernels + op.kernel, op.bias < 0 ? nullptr : biases + op.bias,
                                 factors + op.factor};
        if (op.key.kind == kernel_kind::none)
            pack_int8_meaning(op, source, to + op.packed);
        else
            op.pack(source, op.numbers, op.key, to + op.packed);
    }
}

/// Of other networks there is no such type, and the overloads that take it are out of question.
template <class Network, target Machine> struct quantized_packed_of;
template <class Network, target Machine>
requires requires { Network::rule; }
struct quantized_packed_of<Network, Machine> {
    static constexpr long long bytes =
        math::max(int8_plan_of<Network, Machine>::value.packed_bytes, 1LL);
    using type = fixed_span<const unsigned char, std::size_t{bytes}>;
};

} // namespace detail

/// A quantised network's packed weights, aligned to 16 bytes.
template <class Network, target Machine>
using quantized_packed = typename detail::quantized_packed_of<Network, Machine>::type;

/// Packs a quantised network's weights for a target. Any host packs for any target.
template <class Network, target Machine>
constexpr void
pack(const quantized_weights<Network>& weights,
     fixed_span<unsigned char, quantized_packed<Network, Machine>::extent> to) noexcept {
    constexpr auto& table = detail::int8_packs_of<Network, Machine>;
    detail::run_int8_packs(table.ops, int8_plan_of<Network, Machine>::value.step_count,
                           table.factors, weights.kernels.data(), weights.biases.data(), to.data());
}

} // namespace ctnn
