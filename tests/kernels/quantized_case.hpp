// SPDX-License-Identifier: BSL-1.0
// Quantised networks with made-up numbers, run by kernels and by their plain meaning: no byte may
// differ.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include <ctnn/ctnn.hpp>

namespace property {

/// A number from 0 to `below` - 1 that looks like chance.
constexpr unsigned mixed(unsigned seed, unsigned index, unsigned below) noexcept {
    unsigned bits = seed * 0x9e3779b9U + index * 0x85ebca6bU + 0x2545f491U;
    for (int i = 0; i < 3; ++i) {
        bits ^= bits >> 15;
        bits *= 0x2c1b3c6dU;
    }
    return (bits ^ bits >> 13) % below;
}

/// What layers that keep scale and zero point are given is that of what they read.
template <class Network>
constexpr ctnn::quantization number_of_tensor(int node, unsigned seed) noexcept {
    constexpr ctnn::graph_view graph = Network::graph();
    const ctnn::node& subject = graph.at(node);
    if (subject.edge_count > 0 && subject.layer->quantized.keeps_numbers)
        return number_of_tensor<Network>(graph.input_of(subject, 0), seed);
    if (subject.layer->operation == ctnn::operation::softmax) return {1.0F / 256, -128};
    // Plain activations often have the numbers of what they read.
    if (subject.layer->operation == ctnn::operation::clamp && seed % 2 == 0)
        return number_of_tensor<Network>(graph.input_of(subject, 0), seed);
    const auto index = static_cast<unsigned>(node);
    const float scale = 0.02F * static_cast<float>(1 + mixed(seed, index, 3));
    const auto zero = static_cast<int>(mixed(seed, index + 77, 256)) - 128;
    return {scale, mixed(seed, index + 7, 2) == 0 ? -128 : zero};
}

/// Mostly small scales, and now and then one for which short ways do not do.
constexpr float scale_of_filter(int filter, unsigned seed) noexcept {
    const auto index = static_cast<unsigned>(filter);
    const unsigned way = mixed(seed, index + 1000, 64);
    const float least = static_cast<float>(1 + mixed(seed, index, 30)) * 0.0002F;
    return way == 0 ? 300 * least : way == 1 ? 1e-7F * least : way == 2 ? 1e-10F : least;
}

template <class Network, unsigned Seed, class Nodes, class Filters> struct made_up_lists;
template <class Network, unsigned Seed, int... Nodes, int... Filters>
struct made_up_lists<Network, Seed, ctnn::detail::numbers<Nodes...>,
                     ctnn::detail::numbers<Filters...>> {
    static constexpr ctnn::quantization tensors[]{number_of_tensor<Network>(Nodes, Seed)...};
    static constexpr float kernel_scales[]{scale_of_filter(Filters, Seed)...};
};

template <class Network> constexpr int count_filters() noexcept {
    int filters = 0;
    for (int i = 0; i < Network::graph().node_count; ++i)
        filters +=
            ctnn::detail::weights_of_node(Network::graph(), Network::graph().at(i)).filters;
    return filters;
}

template <class Network, unsigned Seed>
using made_up =
    ctnn::quantized<Network,
                    made_up_lists<Network, Seed, ctnn::detail::count_to<Network::graph().node_count>,
                                  ctnn::detail::count_to<count_filters<Network>()>>>;

/// Runs a network on inputs of chance; returns how many bytes differ from its plain meaning.
template <class Network, ctnn::target Machine, unsigned Seed> int bytes_that_differ() {
    using net = made_up<Network, Seed>;
    constexpr auto inputs = static_cast<std::size_t>(Network::input.elements());
    constexpr auto outputs = static_cast<std::size_t>(Network::output.elements());
    std::mt19937 chance{Seed};
    std::uniform_int_distribution<int> cells{-128, 127};
    std::uniform_int_distribution<int> sizes{0, 20};
    std::vector<ctnn::int8> kernels(static_cast<std::size_t>(net::size.kernels));
    std::vector<int> biases(static_cast<std::size_t>(net::size.biases) + 1);
    for (auto& each : kernels) each = static_cast<ctnn::int8>(cells(chance));
    for (auto& each : biases) {
        const int size = sizes(chance);
        each = cells(chance) * (size == 0 ? 1 << 22 : 40);
    }
    const ctnn::quantized_weights<net> weights{
        ctnn::fixed_span<const ctnn::int8, net::size.kernels>(kernels.data()),
        ctnn::fixed_span<const int, net::size.biases>(biases.data())};
    constexpr std::size_t bytes = ctnn::quantized_packed<net, Machine>::extent;
    struct alignas(64) packed_bytes {
        unsigned char each[bytes];
    };
    const auto packed = std::make_unique<packed_bytes>();
    const auto memory = std::make_unique<ctnn::quantized_arena<net, Machine>>();
    const auto plain_memory = std::make_unique<ctnn::quantized_arena<net>>();
    ctnn::pack<net, Machine>(weights, packed->each);
    int differ = 0;
    for (int round = 0; round < 4; ++round) {
        // At an address that no word has.
        std::vector<ctnn::int8> input(inputs + 1);
        for (auto& each : input)
            each = static_cast<ctnn::int8>(round == 0 ? -128 : round == 1 ? 127 : cells(chance));
        const ctnn::fixed_span<const ctnn::int8, inputs> cells_in(input.data() + 1);
        ctnn::int8 plain[outputs];
        ctnn::int8 made[outputs + 1];
        const ctnn::fixed_span<ctnn::int8, outputs> cells_out(made + 1);
        ctnn::run<net>(weights, cells_in, plain, *plain_memory);
        ctnn::run<net, Machine>(ctnn::fixed_span<const unsigned char, bytes>(packed->each),
                                cells_in, cells_out, *memory);
        for (std::size_t i = 0; i < outputs; ++i)
            if (plain[i] != made[i + 1]) ++differ;
    }
    return differ;
}

} // namespace property
