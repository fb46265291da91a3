// SPDX-License-Identifier: BSL-1.0
// Folds a batch norm into the weights of the convolution or dense layer before it.
#pragma once

#include <ctnn/plan/readers.hpp>

namespace ctnn {

/// Whether a layer multiplies every channel by a number and adds one, all of them weights of names
/// that a weight_source knows: a batch norm or a trained scale along the channels.
constexpr bool is_foldable_norm(const graph_view& graph, const node& subject) noexcept {
    if (subject.layer->family != family::affine || subject.edge_count != 1) return false;
    const shape& map = subject.output.extent;
    if (subject.layer->options.axis_of(map) != map.rank - 1) return false;
    const outcome known = outcome_of(graph, subject);
    for (int i = 0; i < known.weight_count; ++i) {
        const text name = known.weights[i].name;
        if (!(name == "gamma" || name == "beta" || name == "moving_mean" ||
              name == "moving_variance" || name == "mean" || name == "variance" || name == "count"))
            return false;
    }
    return known.weight_count > 0;
}

/// norm(layer(x)) becomes one step where nobody else reads layer(x).
template <int Nodes, int Steps>
constexpr void fold_norm(step_list<Steps>& list, const graph_view& graph) noexcept {
    const reader_table<Nodes> readers{graph};
    const maker_table<Nodes> makers{list, graph};
    for (int i = 0; i < list.count; ++i) {
        step& maker = list.steps[i];
        if (maker.taken || !maker.takes_norm || makers.step[maker.output] != i) continue;
        const int reader = readers.only_reader(maker.output);
        if (reader < 0 || !is_foldable_norm(graph, graph.at(reader))) continue;
        list.steps[makers.step[reader]].taken = true;
        maker.norm = reader;
        maker.output = reader;
    }
    list.close_gaps();
}

} // namespace ctnn
