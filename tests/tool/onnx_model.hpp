// SPDX-License-Identifier: BSL-1.0
// ONNX models, written down in tests.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

/// A graph with one input x and one output y.
class onnx_model {
public:
    explicit onnx_model(std::initializer_list<long long> input, int opset = 13) {
        proto_.set_ir_version(7);
        proto_.add_opset_import()->set_version(opset);
        describe(*graph().add_input(), "x", input);
        graph().add_output()->set_name("y");
        graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
            onnx::TensorProto::FLOAT);
    }

    onnx::GraphProto& graph() { return *proto_.mutable_graph(); }
    std::string bytes() const { return proto_.SerializeAsString(); }

    static void describe(onnx::ValueInfoProto& value, const std::string& name,
                         const std::vector<long long>& dims) {
        value.set_name(name);
        auto& type = *value.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        for (const long long dim : dims) type.mutable_shape()->add_dim()->set_dim_value(dim);
    }

    /// "Conv", "x w b", "y"; returns the node for its attributes.
    onnx::NodeProto& node(const std::string& type, const std::string& inputs,
                          const std::string& outputs = "y") {
        onnx::NodeProto& made = *graph().add_node();
        made.set_op_type(type);
        for (const std::string& name : words(inputs)) made.add_input(name);
        for (const std::string& name : words(outputs)) made.add_output(name);
        return made;
    }

    static void set(onnx::NodeProto& node, const std::string& name,
                    const std::vector<long long>& numbers) {
        onnx::AttributeProto& made = *node.add_attribute();
        made.set_name(name);
        made.set_type(onnx::AttributeProto::INTS);
        for (const long long number : numbers) made.add_ints(number);
    }
    static void set(onnx::NodeProto& node, const std::string& name, long long number) {
        onnx::AttributeProto& made = *node.add_attribute();
        made.set_name(name);
        made.set_type(onnx::AttributeProto::INT);
        made.set_i(number);
    }

    onnx::TensorProto& weights(const std::string& name, const std::vector<long long>& dims,
                               const std::vector<float>& numbers) {
        onnx::TensorProto& made = *graph().add_initializer();
        made.set_name(name);
        made.set_data_type(onnx::TensorProto::FLOAT);
        for (const long long dim : dims) made.add_dims(dim);
        for (const float number : numbers) made.add_float_data(number);
        return made;
    }
    onnx::TensorProto& wholes(const std::string& name, const std::vector<long long>& numbers) {
        onnx::TensorProto& made = *graph().add_initializer();
        made.set_name(name);
        made.set_data_type(onnx::TensorProto::INT64);
        made.add_dims(static_cast<long long>(numbers.size()));
        for (const long long number : numbers) made.add_int64_data(number);
        return made;
    }

private:
    static std::vector<std::string> words(const std::string& text) {
        std::vector<std::string> found(1);
        for (const char letter : text)
            if (letter == ' ')
                found.emplace_back();
            else
                found.back() += letter;
        return found;
    }

    onnx::ModelProto proto_;
};
