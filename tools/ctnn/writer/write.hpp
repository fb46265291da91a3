// SPDX-License-Identifier: BSL-1.0
// From a model to the text of its type and to the file of its weights.
#pragma once

#include "../model/model.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ctnn::tool {

/// A model as a network of the library: its layers as a list with blocks, from which text is
/// written and the library's own builder makes the graph with its names.
class written_network {
public:
    /// `name` becomes the type's name and the namespace's: `digits::network`; made into an
    /// identifier if it is none.
    written_network(const model& source, const std::string& name);
    ~written_network();

    const std::string& name() const; ///< an identifier
    std::string header() const;      ///< N.hpp
    std::string safetensors() const; ///< the bytes of N.safetensors: names as the library's loader
                                     ///< expects them
    std::vector<float> blob() const; ///< all weights, in the order of the network's blob
    std::vector<signed char> kernels() const; ///< of an int8 network
    std::vector<int> biases() const;          ///< the same
    std::string summary() const;              ///< the table that summary<network>() prints
    graph_view graph() const;                 ///< as the library's builder made it
    int layer_of(int node) const; ///< the model's layer that a node of the graph stands for

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace ctnn::tool
