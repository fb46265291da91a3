// SPDX-License-Identifier: BSL-1.0
// The nodes of a functional model: which layer is called with what, in an order that can be run.
#pragma once

#include "importer.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::tool::from_keras {

/// An output of a call of a layer: ["conv2d", 0, 0].
struct reference {
    std::string layer;
    long long node = 0;
    long long tensor = 0;
};

std::vector<reference> input_references(const json& config);
std::vector<reference> output_references(const json& config);

/// A call of a layer.
struct graph_node {
    std::size_t layer = 0;
    long long index = 0;
    std::vector<reference> reads;
    std::vector<double> numbers; ///< arguments that are no tensors
    bool number_first = false;   ///< a number comes before the first tensor
    int waits = 0;
};

class graph {
public:
    /// Throws refusal if the settings are no functional model's.
    explicit graph(const json& config);

    const json& layers() const;
    const json* find(const std::string& name) const;
    const json& layer_of(const graph_node& node) const;

    /// The first node, as the file has them, whose inputs are there; null if there is none.
    const graph_node* take();
    void give(const std::string& input, std::vector<value> made);
    void give(const graph_node& node, std::vector<value> made);
    const value& get(const reference& from) const;
    /// Throws if nodes are left.
    void check() const;

private:
    using key = std::pair<std::string, long long>;
    key key_of(const reference& from) const;
    void release(const key& made);

    const json& config_;
    std::map<std::string, std::size_t> by_name_;
    std::map<std::string, long long> first_; ///< the index that a layer's first call has
    std::deque<graph_node> nodes_;
    std::map<key, std::vector<std::size_t>> waiting_;
    std::set<std::size_t> ready_;
    std::map<key, std::vector<value>> made_;
};

} // namespace ctnn::tool::from_keras
