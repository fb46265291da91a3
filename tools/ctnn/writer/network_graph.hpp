// SPDX-License-Identifier: BSL-1.0
// The graph of a network whose layers are known at run time only, by the library's own builder.
#pragma once

#include "structure.hpp"

#include <deque>
#include <memory>

namespace ctnn::tool {

/// Room for the largest network that the command takes: a model has more layers seldom, and the
/// library's builder works in fixed memory.
inline constexpr graph_size largest_graph{4096, 16384, 4096, 4096, 4096, 256, type_path::capacity};

/// Descriptors of a structure, as the types that are written would have them, and what the builder
/// makes of them. Throws import_error if the library finds a fault.
class network_graph {
public:
    network_graph(const element_list& structure, const model& source);

    graph_view view() const { return graph_->view(); }
    /// The layer of the model that a node of the graph stands for.
    int layer_of(int node) const { return layers_[static_cast<std::size_t>(node)]; }

private:
    descriptor_list describe(const element_list& list);
    const descriptor* describe(const element& item);
    const descriptor* keep(const descriptor& made) { return &descriptors_.emplace_back(made); }
    text keep_name(const std::string& name);

    const model& source_;
    std::deque<descriptor> descriptors_;
    std::deque<std::vector<const descriptor*>> lists_;
    std::deque<std::string> names_;
    std::vector<int> layers_;
    std::unique_ptr<graph_value<largest_graph>> graph_;
};

} // namespace ctnn::tool
