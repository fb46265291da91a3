// SPDX-License-Identifier: BSL-1.0
// Numbers for networks that nobody trained: the same ones on every machine, lively enough that a
// mistake shows in the output.
#pragma once

#include <ctnn/ctnn.hpp>

namespace made_up {

/// Numbers that look random: the upper bits of a 32-bit linear congruential generator (Knuth's).
class sequence {
public:
    constexpr explicit sequence(unsigned seed) noexcept : state_(seed * 2654435769U + 1) {}
    constexpr unsigned next() noexcept {
        state_ = state_ * 1664525U + 1013904223U;
        return state_ >> 8;
    }
    /// From -1 to below 1, in steps of 2^-23: exact on every machine.
    constexpr float real() noexcept {
        return static_cast<float>(static_cast<int>(next()) - (1 << 23)) * 0x1p-23F;
    }
    /// From -span to span.
    constexpr int whole(int span) noexcept {
        return static_cast<int>(next() % static_cast<unsigned>(2 * span + 1)) - span;
    }

private:
    unsigned state_;
};

/// Weights of a network of floats: kernels as large as keeps sums about as large as their terms;
/// variances and factors near 1.
template <class Network>
constexpr void fill_weights(float (&to)[Network::parameters], unsigned seed) noexcept {
    sequence numbers{seed};
    const ctnn::graph_view graph = Network::graph();
    long long at = 0;
    for (int i = 0; i < graph.node_count; ++i) {
        const ctnn::node& subject = graph.at(i);
        if (subject.owner >= 0 || subject.edge_count == 0) continue;
        const ctnn::outcome known = ctnn::outcome_of(graph, subject);
        for (int w = 0; w < known.weight_count; ++w) {
            const ctnn::shape& extent = known.weights[w].extent;
            const bool one =
                known.weights[w].name == "moving_variance" || known.weights[w].name == "gamma";
            const long long terms = extent.rank > 1 ? extent.elements() / extent.channels() : 100;
            float size = 1;
            while (size * size * static_cast<float>(terms) > 3) size *= 0.5F;
            for (long long k = 0; k < extent.elements(); ++k)
                to[at++] = one ? 1.25F + 0.5F * numbers.real() : size * numbers.real();
        }
    }
}

template <class Network> struct weights {
    alignas(64) float each[Network::parameters]{};
    constexpr explicit weights(unsigned seed) noexcept { fill_weights<Network>(each, seed); }
};

template <int Count> struct reals {
    float each[Count]{};
    constexpr explicit reals(unsigned seed) noexcept {
        sequence numbers{seed};
        for (float& cell : each) cell = numbers.real();
    }
};

/// Scales and zero points: what curves and softmax must have, the same for all others.
template <class Network, int Zero = -9> struct int8_numbers {
    static constexpr int count = Network::graph().node_count;
    static constexpr ctnn::quantization usual{0.0625F, Zero};

    struct tensor_array {
        ctnn::quantization each[count]{};
    };
    static constexpr tensor_array choose_tensors() noexcept {
        tensor_array made;
        const ctnn::graph_view graph = Network::graph();
        for (int i = 0; i < count; ++i) {
            const ctnn::node& subject = graph.at(i);
            made.each[i] = usual;
            if (subject.edge_count == 0) continue;
            if (subject.layer->quantized.keeps_numbers)
                made.each[i] = made.each[graph.input_of(subject, 0)];
            else if (subject.layer->operation == ctnn::operation::softmax ||
                     subject.layer->curve == ctnn::curve::logistic)
                made.each[i] = {1.0F / 256, -128};
            else if (subject.layer->curve == ctnn::curve::tanh)
                made.each[i] = {1.0F / 128, 0};
        }
        return made;
    }
    static constexpr tensor_array chosen_tensors = choose_tensors();
    static constexpr const ctnn::quantization (&tensors)[count] = chosen_tensors.each;

    static constexpr int count_filters() noexcept {
        int filters = 0;
        for (int i = 0; i < count; ++i)
            filters +=
                ctnn::detail::weights_of_node(Network::graph(), Network::graph().at(i)).filters;
        return filters;
    }
    struct scale_array {
        float each[count_filters()]{};
    };
    /// So that sums of products of cells and weights fill the range of the output about once.
    static constexpr scale_array choose_scales() noexcept {
        scale_array made;
        sequence numbers{77};
        const ctnn::graph_view graph = Network::graph();
        int filter = 0;
        for (int i = 0; i < count; ++i) {
            const ctnn::detail::quantized_size own =
                ctnn::detail::weights_of_node(graph, graph.at(i));
            if (own.filters == 0) continue;
            const auto terms = static_cast<float>(own.kernels / own.filters);
            float size = 1.0F / 64;
            while (size * size * 4096 * terms > 2) size *= 0.5F;
            for (int f = 0; f < own.filters; ++f)
                made.each[filter++] = size * (1 + 0.5F * numbers.real());
        }
        return made;
    }
    static constexpr scale_array chosen_scales = choose_scales();
    static constexpr const float (&kernel_scales)[count_filters()] = chosen_scales.each;
};

template <int Count> struct int8_cells {
    ctnn::int8 each[Count]{};
    constexpr explicit int8_cells(unsigned seed, int span = 127) noexcept {
        sequence numbers{seed};
        for (ctnn::int8& cell : each) cell = static_cast<ctnn::int8>(numbers.whole(span));
    }
};
template <int Count> struct ints {
    int each[Count]{};
    constexpr explicit ints(unsigned seed, int span) noexcept {
        sequence numbers{seed};
        for (int& number : each) number = numbers.whole(span);
    }
};

/// Fowler, Noll and Vo's hash of bytes, FNV-1a.
class hash {
public:
    constexpr void add(unsigned number, int bytes) noexcept {
        for (; bytes > 0; --bytes, number >>= 8) value_ = (value_ ^ (number & 0xff)) * 16777619U;
    }
    constexpr unsigned value() const noexcept { return value_; }

private:
    unsigned value_ = 2166136261U;
};

constexpr unsigned hash_of(const float* cells, int count) noexcept {
    hash sum;
    for (int i = 0; i < count; ++i) sum.add(__builtin_bit_cast(unsigned, cells[i]), 4);
    return sum.value();
}
constexpr unsigned hash_of(const ctnn::int8* cells, int count) noexcept {
    hash sum;
    for (int i = 0; i < count; ++i) sum.add(static_cast<unsigned>(cells[i]), 1);
    return sum.value();
}

} // namespace made_up
