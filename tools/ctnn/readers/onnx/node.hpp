// SPDX-License-Identifier: BSL-1.0
// A node of the source, and its attributes by name.
#pragma once

#include "tensor.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace onnx {
class NodeProto;
class AttributeProto;
} // namespace onnx

namespace ctnn::tool::from_onnx {

class node {
public:
    explicit node(const onnx::NodeProto& proto) : proto_(&proto) {}

    const std::string& type() const;
    const std::string& name() const;
    const std::string& domain() const; ///< whose operator it is
    bool standard() const;             ///< of ONNX's own operators
    bool is_dequantise() const { return type() == "DequantizeLinear"; }
    std::string place() const;
    int inputs() const;
    int outputs() const;
    const std::string& input(int i) const;  ///< empty where it is left out
    const std::string& output(int i) const; ///< empty where it is left out
    bool has_input(int i) const { return !input(i).empty(); }
    bool has_output(int i) const { return !output(i).empty(); }

    bool has(std::string_view attribute) const { return find(attribute) != nullptr; }
    long long integer(std::string_view attribute, long long usual) const;
    double real(std::string_view attribute, double usual) const;
    std::string text(std::string_view attribute, std::string_view usual) const;
    extents integers(std::string_view attribute) const; ///< empty if it is not there
    std::vector<double> reals(std::string_view attribute) const;
    const onnx::AttributeProto* find(std::string_view attribute) const;
    bool has_graph() const;

    /// Throws unless the attribute has this value.
    void require(std::string_view attribute, long long value) const;

private:
    const onnx::NodeProto* proto_;
};

/// The number that a person would have written: 0.1 for the float next to it.
double written(float number);

} // namespace ctnn::tool::from_onnx
