// SPDX-License-Identifier: BSL-1.0
// Where each weight of a network lies in its blob of floats: layer after layer, in each layer in
// the order of its rule (kernel, bias; gamma, beta, moving_mean, moving_variance), as in Keras.
// Those of a quantised network lie in two blobs, kernels of int8 and biases of int32.
#pragma once

#include <ctnn/network/network.hpp>

namespace ctnn {

/// One weight tensor of a network: "conv2d_1/kernel".
struct weight_entry {
    label name;
    shape extent;
    long long offset = 0; ///< into the blob of its cells, in elements
    bool trainable = true;
    dtype cell = dtype::float32;

    constexpr long long elements() const noexcept { return extent.elements(); }
};

namespace detail {

constexpr int count_weights(const graph_view& graph) noexcept {
    int count = 0;
    for (int i = 0; i < graph.node_count; ++i)
        if (graph.at(i).parameters > 0) count += outcome_of(graph, graph.at(i)).weight_count;
    return count;
}

template <int Count> struct weight_entries { weight_entry entries[Count + 1]{}; };

template <int Count>
constexpr weight_entries<Count> list_weights(const graph_view& graph) noexcept {
    weight_entries<Count> result;
    int next = 0;
    long long kernels = 0;
    long long biases = 0;
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        if (subject.parameters == 0) continue;
        const outcome known = outcome_of(graph, subject);
        const bool quantized = subject.output.cell == dtype::int8;
        long long floats = subject.first_weight;
        for (int w = 0; w < known.weight_count; ++w) {
            weight_entry& entry = result.entries[next++];
            entry.name = name_of(graph, subject);
            entry.name.append("/");
            entry.name.append(known.weights[w].name);
            entry.extent = known.weights[w].extent;
            entry.trainable = known.weights[w].trainable;
            if (quantized)
                entry.cell = known.weights[w].name == "bias" ? dtype::int32 : dtype::int8;
            long long& offset = !quantized ? floats : entry.cell == dtype::int8 ? kernels : biases;
            entry.offset = offset;
            offset += entry.elements();
        }
    }
    return result;
}

constexpr unsigned long long mix(unsigned long long hash, unsigned char byte) noexcept {
    return (hash ^ byte) * 0x100000001b3ULL;
}

/// FNV-1a over names, ranks and extents, and over types other than float32.
constexpr unsigned long long hash_layout(const weight_entry* entries, int count) noexcept {
    unsigned long long hash = 0xcbf29ce484222325ULL;
    for (int i = 0; i < count; ++i) {
        for (const char character : text{entries[i].name})
            hash = mix(hash, static_cast<unsigned char>(character));
        hash = mix(hash, 0);
        hash = mix(hash, static_cast<unsigned char>(entries[i].extent.rank));
        for (int axis = 0; axis < entries[i].extent.rank; ++axis)
            for (int shift = 0; shift < 32; shift += 8)
                hash = mix(hash, static_cast<unsigned char>(entries[i].extent[axis] >> shift));
        if (entries[i].cell != dtype::float32)
            hash = mix(hash, static_cast<unsigned char>(entries[i].cell));
    }
    return hash;
}

} // namespace detail

/// The weights of a network, in the order of the blob.
template <class Network> struct weight_layout {
    static constexpr int count = detail::count_weights(Network::graph());

private:
    static constexpr auto listed = detail::list_weights<count>(Network::graph());

public:
    static constexpr const weight_entry* begin() noexcept { return listed.entries; }
    static constexpr const weight_entry* end() noexcept { return listed.entries + count; }

    /// Changes when a name or a shape changes: two networks with one hash can share weights.
    static constexpr unsigned long long hash = detail::hash_layout(listed.entries, count);
};

} // namespace ctnn
