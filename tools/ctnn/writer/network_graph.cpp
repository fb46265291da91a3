// SPDX-License-Identifier: BSL-1.0
#include "network_graph.hpp"

#include "../model/error.hpp"

namespace ctnn::tool {

namespace {

bool fits(const graph_size& size) {
    const graph_size& most = largest_graph;
    return size.nodes < most.nodes && size.edges < most.edges && size.scopes < most.scopes &&
           size.saved < most.saved && size.named < most.named && size.outputs < most.outputs;
}

} // namespace

network_graph::network_graph(const element_list& structure, const model& source) : source_(source) {
    const descriptor_list list = describe(structure);
    graph_size size;
    measure(list, size, list);
    if (!fits(size))
        throw import_error(source.file, "",
                           "the model has " + std::to_string(size.nodes) + " layers; at most " +
                               std::to_string(largest_graph.nodes - 1) + " are supported");
    const auto builder = std::make_unique<graph_builder<largest_graph>>();
    graph_ = std::make_unique<graph_value<largest_graph>>(builder->build(list));
    if (graph_->problem) {
        const label name = spell(graph_->scopes, graph_->problem.name);
        throw import_error(source.file, "layer '" + std::string(name.characters) + "'",
                           "the network does not fit together: " +
                               std::string(graph_->problem.what.kind->name.begin(),
                                           graph_->problem.what.kind->name.end()));
    }
    for (int i = 0; i < graph_->node_count && source.on_int8(); ++i)
        graph_->nodes[i].output.cell = dtype::int8; // as quantized<network, numbers> has them
}

text network_graph::keep_name(const std::string& name) {
    const std::string& kept = names_.emplace_back(name);
    return {kept.data(), static_cast<int>(kept.size())};
}

descriptor_list network_graph::describe(const element_list& list) {
    std::vector<const descriptor*> items;
    items.reserve(list.size() + 1);
    for (const element& item : list) items.push_back(describe(item));
    const auto& kept = lists_.emplace_back(std::move(items));
    return {kept.data(), static_cast<int>(kept.size())};
}

const descriptor* network_graph::describe(const element& item) {
    descriptor made;
    if (item.layer >= 0) made = source_.layers[static_cast<std::size_t>(item.layer)].what;
    switch (item.what) {
    case element::form::leaf: break;
    case element::form::residual: {
        made.form = form::residual;
        std::vector<const descriptor*> children;
        for (const element& child : item.parts[0]) children.push_back(describe(child));
        if (item.parts.size() > 1)
            children.push_back(keep({.form = form::shortcut,
                                     .family = family::none,
                                     .kind = "shortcut",
                                     .children = describe(item.parts[1])}));
        const auto& kept = lists_.emplace_back(std::move(children));
        made.children = {kept.data(), static_cast<int>(kept.size())};
        break;
    }
    case element::form::branches: {
        made.form = form::branches;
        std::vector<const descriptor*> children;
        for (const element_list& part : item.parts)
            children.push_back(keep({.form = form::sequence,
                                     .family = family::none,
                                     .kind = "sequence",
                                     .children = describe(part)}));
        const auto& kept = lists_.emplace_back(std::move(children));
        made.children = {kept.data(), static_cast<int>(kept.size())};
        break;
    }
    case element::form::merge_with: made.form = form::merge_with; break;
    case element::form::block:
        made = {.form = form::sequence,
                .family = family::none,
                .kind = "block",
                .children = describe(item.parts[0])};
        break;
    case element::form::save:
        made = {.form = form::save, .family = family::none, .kind = "save"};
        break;
    case element::form::from:
        made = {.form = form::restore, .family = family::none, .kind = "from"};
        break;
    case element::form::output:
        made = {.form = form::output, .family = family::none, .kind = "output"};
        break;
    case element::form::again:
        made = {.form = form::again, .family = family::none, .kind = "again"};
        break;
    }
    if (!item.name.empty()) made.name = keep_name(item.name);
    if (item.layer >= 0) layers_.push_back(item.layer);
    return keep(made);
}

} // namespace ctnn::tool
