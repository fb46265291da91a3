// SPDX-License-Identifier: BSL-1.0
// Layers that take several steps, one kernel after the other: a separable convolution filters the
// channels and then mixes them; a convolution over a map that goes on beyond its edge gets this map
// copied first. The tensors between the steps belong to no node: they are numbered after the nodes.
#pragma once

#include <ctnn/layers/window.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn {

/// What a step does of its layer.
enum class layer_stage : unsigned char {
    whole,  ///< all there is, or all that is left
    border, ///< of a convolution: copies the map with what lies beyond its edge
    filter, ///< of a separable convolution: each channel alone
    mix     ///< and then each place alone
};

struct stage_list {
    layer_stage each[3]{};
    int count = 0;

    constexpr void add(layer_stage next) noexcept { each[count++] = next; }
};

/// The steps of a layer by kernels; none: it is one step, whoever runs it.
constexpr stage_list stages_of(const node& subject) noexcept {
    stage_list stages;
    const descriptor& layer = *subject.layer;
    const bool separable = layer.operation == operation::separable;
    const bool slides =
        separable || layer.family == family::conv || layer.family == family::depthwise;
    const bool bordered = slides && layer.options.spatial.beyond != border::zeros;
    if (!separable && !bordered) return stages;
    if (bordered) stages.add(layer_stage::border);
    if (separable) stages.add(layer_stage::filter);
    stages.add(separable ? layer_stage::mix : layer_stage::whole);
    return stages;
}

/// The steps of a merge that kernels need more than one for; 0: one, or no merge.
constexpr int parts_of(const node& subject) noexcept {
    if (subject.layer->family != family::merge) return 0;
    if (subject.layer->operation == operation::concat) return subject.edge_count;
    return subject.layer->operation != operation::other && subject.edge_count > 2
               ? subject.edge_count - 1
               : 0;
}

/// The tensors between the steps of all layers.
constexpr int count_between(const graph_view& graph) noexcept {
    int count = 0;
    for (int i = 0; i < graph.node_count; ++i)
        count += math::max(stages_of(graph.at(i)).count - 1, 0);
    return count;
}

/// The extents of what a stage of a layer makes.
constexpr shape shape_after(const graph_view& graph, const node& subject,
                            layer_stage done) noexcept {
    const attributes& options = subject.layer->options;
    shape made = subject.output.extent;
    if (done == layer_stage::border) {
        made = graph.at(graph.input_of(subject, 0)).output.extent;
        for (int axis = 0; axis < options.spatial.axes; ++axis) {
            const axis_fit fitted = fit(options.spatial, axis, made[axis]);
            made.extents[axis] += fitted.before + fitted.after;
        }
    } else if (done == layer_stage::filter) {
        const shape& map = graph.at(graph.input_of(subject, 0)).output.extent;
        made.extents[made.rank - 1] = map.channels() * options.depth_multiplier;
    }
    return made;
}

} // namespace ctnn
