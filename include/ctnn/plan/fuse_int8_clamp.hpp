// SPDX-License-Identifier: BSL-1.0
// Draws an activation that only keeps cells of int8 between two of them, with the scale and zero
// point that they had, into the layer before it.
#pragma once

#include <ctnn/plan/readers.hpp>
#include <ctnn/quantized/facts.hpp>

namespace ctnn {

/// clamp(layer(x)) becomes one step where nobody else reads layer(x). `takes_clamp` says which
/// steps can; what they keep cells between are cells then.
template <class Network, int Nodes, int Steps>
constexpr void fuse_int8_clamp(step_list<Steps>& list, const graph_view& graph) noexcept {
    const reader_table<Nodes> readers{graph};
    const maker_table<Nodes> makers{list, graph};
    for (int i = 0; i < list.count; ++i) {
        step& maker = list.steps[i];
        if (maker.taken || !maker.takes_clamp) continue;
        const int reader = readers.only_reader(maker.output);
        if (reader < 0 || graph.at(reader).layer->operation != operation::clamp ||
            !(Network::numbers::tensors[reader] == Network::numbers::tensors[maker.node]))
            continue;
        step& activation = list.steps[makers.step[reader]];
        const quantized_place& place = detail::facts_of<Network>.places[reader];
        maker.low = static_cast<float>(place.low);
        maker.high = static_cast<float>(place.high);
        maker.output = activation.output;
        activation.taken = true;
    }
    list.close_gaps();
}

} // namespace ctnn
