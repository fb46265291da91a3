// SPDX-License-Identifier: BSL-1.0
#include "graph.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ctnn::tool::from_keras {

namespace {

constexpr std::size_t most_layers = 20000;
constexpr std::size_t most_reads = 200000;

bool is_reference(const json& item) {
    return item.is_array() && item.size() >= 3 && item[0].is_string() &&
           item[1].is_number_integer() && item[2].is_number_integer();
}

reference reference_of(const json& item) {
    return {item[0].get<std::string>(), item[1].get<long long>(), item[2].get<long long>()};
}

/// Tensors and numbers among arguments, as Keras 1 to 3 write them.
void gather(const json& item, graph_node& to) {
    if (to.reads.size() > most_reads) throw refusal("a layer reads too many tensors");
    if (is_reference(item)) {
        if (item[0] != "_CONSTANT_VALUE") to.reads.push_back(reference_of(item));
        if (item.size() > 3) gather(item[3], to);
        return;
    }
    if (item.is_array() && item.size() >= 3 && item[0] == "_CONSTANT_VALUE") {
        gather(item[2], to);
        if (item.size() > 3) gather(item[3], to);
        return;
    }
    if (item.is_object() && item.contains("keras_history")) {
        if (!is_reference(item["keras_history"])) throw refusal("a tensor's history is damaged");
        to.reads.push_back(reference_of(item["keras_history"]));
        return;
    }
    if (item.is_number()) {
        to.number_first = to.number_first || to.reads.empty();
        to.numbers.push_back(item.get<double>());
    }
    if (item.is_structured())
        for (const json& inner : item) gather(inner, to);
}

void gather_references(const json& item, std::vector<reference>& to) {
    if (to.size() > 4096) throw refusal("it has too many inputs or outputs");
    if (is_reference(item))
        to.push_back(reference_of(item));
    else if (item.is_structured())
        for (const json& inner : item) gather_references(inner, to);
}

std::vector<reference> references(const json& config, const char* name) {
    std::vector<reference> result;
    if (config.is_object() && config.contains(name)) gather_references(config[name], result);
    return result;
}

} // namespace

std::vector<reference> input_references(const json& config) {
    return references(config, "input_layers");
}

std::vector<reference> output_references(const json& config) {
    return references(config, "output_layers");
}

graph::graph(const json& config) : config_(config) {
    if (!config.is_object() || !config.contains("layers") || !config["layers"].is_array())
        throw refusal("has no list of layers");
    const json& list = config["layers"];
    if (list.size() > most_layers) throw refusal("has too many layers");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json& layer = list[i];
        if (!layer.is_object()) throw refusal("has a layer that is none");
        std::string name = layer.contains("name") && layer["name"].is_string()
                               ? layer["name"].get<std::string>()
                               : std::string{};
        if (name.empty() && layer.contains("config") && layer["config"].is_object() &&
            layer["config"].contains("name") && layer["config"]["name"].is_string())
            name = layer["config"]["name"].get<std::string>();
        if (name.empty()) throw refusal("has a layer without a name");
        if (!by_name_.emplace(name, i).second)
            throw refusal("has two layers called '" + printable(name) + "'");
        if (!layer.contains("inbound_nodes") || !layer["inbound_nodes"].is_array()) continue;
        long long index = 0;
        for (const json& call : layer["inbound_nodes"]) {
            graph_node& next = nodes_.emplace_back();
            if (nodes_.size() > most_reads) throw refusal("has too many calls of layers");
            next.layer = i;
            next.index = index++;
            // Keras 3 has arguments by place, then by name; of the latter only tensors count.
            if (call.is_object()) {
                if (call.contains("args")) gather(call["args"], next);
                if (call.contains("kwargs")) {
                    graph_node named;
                    gather(call["kwargs"], named);
                    next.reads.insert(next.reads.end(), named.reads.begin(), named.reads.end());
                }
            } else {
                gather(call, next);
            }
        }
    }
    // The first call of a model in a model may be counted as the second: the model's own was first.
    std::map<std::string, long long> calls;
    std::map<std::string, long long> last;
    for (const graph_node& next : nodes_) {
        for (const reference& read : next.reads)
            last[read.layer] = std::max(last[read.layer], read.node);
    }
    for (const reference& output : output_references(config))
        last[output.layer] = std::max(last[output.layer], output.node);
    for (const auto& [name, index] : by_name_) {
        const json& layer = list[index];
        if (layer.contains("inbound_nodes")) {
            const auto count = static_cast<long long>(layer["inbound_nodes"].size());
            first_[name] = count > 0 && last[name] == count ? 1 : 0;
        }
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        std::set<key> reads;
        for (const reference& read : nodes_[i].reads) reads.insert(key_of(read));
        nodes_[i].waits = static_cast<int>(reads.size());
        for (const key& read : reads) waiting_[read].push_back(i);
        if (reads.empty()) throw refusal("has a layer that reads nothing");
    }
}

const json& graph::layers() const { return config_["layers"]; }

const json* graph::find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &config_["layers"][found->second];
}

const json& graph::layer_of(const graph_node& node) const { return config_["layers"][node.layer]; }

graph::key graph::key_of(const reference& from) const {
    const auto first = first_.find(from.layer);
    return {from.layer, from.node - (first == first_.end() ? 0 : first->second)};
}

void graph::release(const key& made) {
    const auto found = waiting_.find(made);
    if (found == waiting_.end()) return;
    for (const std::size_t i : found->second)
        if (--nodes_[i].waits == 0) ready_.insert(i);
    waiting_.erase(found);
}

const graph_node* graph::take() {
    if (ready_.empty()) return nullptr;
    const std::size_t next = *ready_.begin();
    ready_.erase(ready_.begin());
    return &nodes_[next];
}

void graph::give(const std::string& input, std::vector<value> made) {
    made_[{input, 0}] = std::move(made);
    release({input, 0});
}

void graph::give(const graph_node& node, std::vector<value> made) {
    const json& layer = layer_of(node);
    std::string name = layer.contains("name") && layer["name"].is_string()
                           ? layer["name"].get<std::string>()
                           : layer["config"]["name"].get<std::string>();
    made_[{name, node.index}] = std::move(made);
    release({std::move(name), node.index});
}

const value& graph::get(const reference& from) const {
    const auto found = made_.find(key_of(from));
    if (found == made_.end())
        throw refusal("'" + printable(from.layer) + "' is read and nothing makes it");
    if (from.tensor < 0 || from.tensor >= static_cast<long long>(found->second.size()))
        throw refusal("output " + std::to_string(from.tensor) + " of '" + printable(from.layer) +
                      "' is read, and there is none such");
    return found->second[static_cast<std::size_t>(from.tensor)];
}

void graph::check() const {
    for (const graph_node& next : nodes_)
        if (next.waits > 0)
            throw refusal("has layers that read each other, or what no layer makes");
}

} // namespace ctnn::tool::from_keras
