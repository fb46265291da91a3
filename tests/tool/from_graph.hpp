// SPDX-License-Identifier: BSL-1.0
// A network's graph as an imported model, so that what is written can be compared with what was.
#pragma once

#include "../../tools/ctnn/model/model.hpp"

namespace ctnn::tool {

/// Layer names as the graph has them; weights all 0.
inline void model_from(model& to, const graph_view& graph) {
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        const label name = name_of(graph, subject);
        if (subject.edge_count == 0) {
            to.add_input(name.characters, subject.output.extent);
            continue;
        }
        layer next;
        next.what = *subject.layer;
        next.name = name.characters;
        next.owner = subject.owner;
        for (int e = 0; e < subject.edge_count; ++e)
            next.inputs.push_back(graph.input_of(subject, e));
        const outcome known = outcome_of(graph, subject);
        for (int w = 0; w < known.weight_count && next.owner < 0; ++w)
            next.weights.emplace_back(static_cast<std::size_t>(known.weights[w].extent.elements()));
        to.add(std::move(next));
    }
    for (int i = 0; i < graph.output_count; ++i) {
        const text name = graph.outputs[i].name;
        to.outputs.push_back({{name.begin(), name.end()}, graph.outputs[i].node});
    }
}

} // namespace ctnn::tool
