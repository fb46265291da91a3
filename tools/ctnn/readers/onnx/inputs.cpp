// SPDX-License-Identifier: BSL-1.0
// The inputs of a network: their shapes, and which of their axes comes last.
#include "importer.hpp"

#include <algorithm>
#include <deque>
#include <numeric>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {

/// Operators that treat their first input's axis 1 as channels and all behind as a map.
bool reads_a_map(const node& of) {
    static const std::set<std::string_view> types{"Conv",
                                                  "ConvTranspose",
                                                  "MaxPool",
                                                  "AveragePool",
                                                  "LpPool",
                                                  "GlobalAveragePool",
                                                  "GlobalMaxPool",
                                                  "GlobalLpPool",
                                                  "LRN",
                                                  "DepthToSpace",
                                                  "SpaceToDepth",
                                                  "BatchNormalization",
                                                  "PRelu",
                                                  "Resize",
                                                  "Upsample",
                                                  "InstanceNormalization",
                                                  "GroupNormalization"};
    return types.count(of.type()) > 0;
}

/// Operators that leave axes as they are.
bool keeps_axes(const node& of) {
    static const std::set<std::string_view> types{"QuantizeLinear",
                                                  "DequantizeLinear",
                                                  "Identity",
                                                  "Dropout",
                                                  "Cast",
                                                  "Pad",
                                                  "Clip",
                                                  "Concat",
                                                  "Slice",
                                                  "Split",
                                                  "Add",
                                                  "Sub",
                                                  "Mul",
                                                  "Div",
                                                  "Relu",
                                                  "LeakyRelu",
                                                  "Sigmoid",
                                                  "Tanh",
                                                  "Elu",
                                                  "Selu",
                                                  "HardSwish",
                                                  "HardSigmoid",
                                                  "Softplus",
                                                  "Max",
                                                  "Min",
                                                  "Sum",
                                                  "Mean",
                                                  "Neg",
                                                  "Pow",
                                                  "Sqrt",
                                                  "Exp",
                                                  "Celu",
                                                  "Softsign"};
    return types.count(of.type()) > 0;
}

std::string dimension_of(const onnx::TensorShapeProto_Dimension& from) {
    return from.has_dim_param() ? in_quotes(from.dim_param()) : std::string("?");
}

} // namespace

// Which axes of an input come last is seen from the first node that reads it as a map: the path
// there may turn it.
std::vector<int> importer::order_of_input(const std::string& name, const extents& dims) const {
    const int rank = static_cast<int>(dims.size());
    std::vector<int> plain;
    for (int axis = rank > 1 && dims[0] == 1 ? 1 : 0; axis < rank; ++axis) plain.push_back(axis);
    if (rank < 3) return plain;
    std::vector<int> same(dims.size());
    std::iota(same.begin(), same.end(), 0);
    std::deque<std::pair<std::string, std::vector<int>>> open{{name, same}};
    std::set<std::string> seen;
    while (!open.empty()) {
        const auto [next, axes] = open.front();
        open.pop_front();
        const auto found = readers_.find(next);
        if (found == readers_.end() || !seen.insert(next).second) continue;
        for (const std::size_t index : found->second) {
            const node& reader = nodes_[index];
            if (!needed_[index] || !reader.standard()) continue;
            if (reads_a_map(reader) && reader.input(0) == next) {
                std::vector<int> order(axes.begin() + 2, axes.end());
                order.push_back(axes[1]);
                if (dims[at(axes[0])] != 1) order.insert(order.begin(), axes[0]);
                return order;
            }
            std::vector<int> turned = axes;
            if (reader.type() == "Transpose") {
                extents order = reader.integers("perm");
                if (order.empty())
                    for (int axis = rank; axis-- > 0;) order.push_back(axis);
                if (static_cast<int>(order.size()) != rank) continue;
                bool good = true;
                for (int i = 0; i < rank && good; ++i) {
                    good = order[at(i)] >= 0 && order[at(i)] < rank;
                    if (good) turned[at(i)] = axes[at(order[at(i)])];
                }
                if (!good) continue;
            } else if (!keeps_axes(reader)) {
                continue;
            }
            for (int i = 0; i < reader.outputs(); ++i) open.emplace_back(reader.output(i), turned);
        }
    }
    return plain;
}

void importer::read_inputs(const read_options& options, long long batch) {
    for (const auto& [name, given] : options.dimensions) {
        bool found = false;
        for (const onnx::ValueInfoProto& input : graph_.input())
            for (const auto& dim : input.type().tensor_type().shape().dim())
                found = found || dim.dim_param() == name;
        if (!found) throw refusal("has no input with a dimension " + in_quotes(name));
    }
    for (const auto& [name, given] : options.inputs) {
        const auto& inputs = graph_.input();
        if (std::none_of(inputs.begin(), inputs.end(),
                         [&wanted = name](const auto& input) { return input.name() == wanted; }))
            throw refusal("has no input " + in_quotes(name));
    }
    for (const onnx::ValueInfoProto& input : graph_.input()) {
        const std::string& name = input.name();
        if (values_.count(name) > 0 || lost_.count(name) > 0) continue; // an initialiser's default
        const auto readers = readers_.find(name);
        const bool read = readers != readers_.end() &&
                          std::any_of(readers->second.begin(), readers->second.end(),
                                      [&](std::size_t index) { return needed_[index]; });
        if (!read && std::count(wanted_.begin(), wanted_.end(), name) == 0) {
            note("input " + in_quotes(name) + " is not used and left out");
            continue;
        }
        const std::string place = "input " + in_quotes(name);
        if (!input.type().has_tensor_type())
            throw refusal(place + " is no tensor; sequences and maps cannot be imported");
        const onnx::TypeProto_Tensor& type = input.type().tensor_type();
        if (!is_real_type(type.elem_type()))
            throw refusal(place + " holds " + name_of_type(type.elem_type()) +
                          "; a network reads float tensors. What is computed from other numbers "
                          "has to be left out of the model, or made constant");
        if (type.elem_type() != onnx::TensorProto::FLOAT)
            note(place + " holds " + name_of_type(type.elem_type()) +
                 "; the network computes in 32-bit floats");
        const auto given = options.inputs.find(name);
        const int rank = type.shape().dim_size();
        if (!type.has_shape() && given == options.inputs.end())
            throw refusal(place + " has no shape. Give it: --input " + name + "=...");
        extents dims;
        std::string unknown;
        for (const auto& dim : type.shape().dim()) {
            dims.push_back(dim.dim_value());
            const auto named = options.dimensions.find(dim.dim_param());
            if (dim.dim_value() <= 0 && named != options.dimensions.end()) {
                dims.back() = named->second;
            } else if (dim.dim_value() <= 0) {
                dims.back() = dims.size() == 1 && rank > 1 ? 1 : 0;
                if (dims.back() == 0) unknown = dimension_of(dim);
            }
        }
        if (given != options.inputs.end()) {
            const extents& wanted = given->second;
            const bool short_one = wanted.size() + 1 == dims.size() && rank > 1;
            if (!type.has_shape()) {
                dims = wanted;
                dims.insert(dims.begin(), 1);
            } else if (short_one) {
                std::copy(wanted.begin(), wanted.end(), dims.begin() + 1);
            } else if (wanted.size() == dims.size()) {
                dims = wanted;
            } else {
                throw refusal(place + " has " + std::to_string(rank) +
                              " axes with the batch, and " + std::to_string(wanted.size()) +
                              " extents were given for it");
            }
        } else if (!unknown.empty()) {
            throw refusal(place + " has a dynamic dimension, " + unknown + ", in its shape " +
                          spell(dims) + ". Fix it by --input " + name +
                          "=... with all extents but the batch");
        }
        if (batch > 0 && dims.size() > 1) {
            if (dims[0] != batch) to_.batch = dims[0];
            dims[0] = batch;
        }
        if (count_of(dims) == 0) throw refusal(place + " has the shape " + spell(dims));
        std::vector<int> order = order_of_input(name, dims);
        if (order.size() > max_rank)
            std::erase_if(order, [&](int axis) { return dims[at(axis)] == 1; });
        value made;
        made.where = layout(dims, order);
        extents extent;
        for (const int axis : order) extent.push_back(dims[at(axis)]);
        if (extent.empty()) extent.push_back(1), order.push_back(-1);
        made.layer = to_.add_input(name, shape_of(extent));
        to_.layers.back().order = {dims, order};
        to_.layers.back().place = place;
        values_[name] = std::move(made);
    }
}

} // namespace ctnn::tool::from_onnx
