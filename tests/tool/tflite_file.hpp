// SPDX-License-Identifier: BSL-1.0
// Files of TensorFlow Lite, made one operator after the other.
#pragma once

#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/read.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tflite_generated.h"

namespace ctnn::tool {

namespace format = from_tflite::format;
using ints = std::vector<int>;

inline int product(const ints& dims) {
    int result = 1;
    for (const int extent : dims) result *= extent;
    return result;
}

/// A file with one network.
class file {
public:
    file() {
        model_.version = 3;
        model_.subgraphs.push_back(std::make_unique<format::SubgraphT>());
        model_.buffers.push_back(std::make_unique<format::BufferT>()); // of tensors without one
    }
    format::SubgraphT& graph() { return *model_.subgraphs[0]; }
    format::TensorT& tensor_at(int i) { return *graph().tensors[static_cast<std::size_t>(i)]; }

    int tensor(const ints& dims, const std::string& name = "t") {
        auto made = std::make_unique<format::TensorT>();
        made->shape = dims;
        made->name = name;
        graph().tensors.push_back(std::move(made));
        return static_cast<int>(graph().tensors.size()) - 1;
    }
    int input(const ints& dims, const std::string& name = "in") {
        const int made = tensor(dims, name);
        graph().inputs.push_back(made);
        return made;
    }
    int output(const ints& dims) {
        const int made = tensor(dims, "out/Op");
        graph().outputs.push_back(made);
        return made;
    }
    template <class Cell>
    int constant(const ints& dims, const std::vector<Cell>& cells,
                 format::CellType type = format::CellType_float32) {
        const int made = tensor(dims, "constant");
        tensor_at(made).type = type;
        tensor_at(made).buffer = static_cast<unsigned>(model_.buffers.size());
        auto buffer = std::make_unique<format::BufferT>();
        const auto* data = reinterpret_cast<const std::uint8_t*>(cells.data());
        buffer->data.assign(data, data + cells.size() * sizeof(Cell));
        model_.buffers.push_back(std::move(buffer));
        return made;
    }
    int whole(const ints& values) {
        return constant<int>({static_cast<int>(values.size())}, values, format::CellType_int32);
    }
    template <class Options>
    void add(int code, const ints& inputs, const ints& outputs, const Options& options) {
        add(code, inputs, outputs);
        graph().operators.back()->options.Set(Options(options));
    }
    void add(int code, const ints& inputs, const ints& outputs) {
        auto made = std::make_unique<format::OperatorT>();
        made->opcode_index = static_cast<unsigned>(model_.operator_codes.size());
        made->inputs = inputs;
        made->outputs = outputs;
        graph().operators.push_back(std::move(made));
        auto kind = std::make_unique<format::OperatorCodeT>();
        kind->code = code;
        kind->old_code = static_cast<std::int8_t>(std::min(code, 127));
        model_.operator_codes.push_back(std::move(kind));
    }
    std::string bytes() const {
        flatbuffers::FlatBufferBuilder builder;
        format::FinishModelBuffer(builder, format::Model::Pack(builder, &model_));
        const auto* data = reinterpret_cast<const char*>(builder.GetBufferPointer());
        return {data, builder.GetSize()};
    }

private:
    format::ModelT model_;
};

/// What reading says; empty if it is read.
inline std::string error_of(const std::string& bytes) {
    model network;
    try {
        read_tflite(network, bytes, "m.tflite", {});
    } catch (const import_error& found) {
        return found.what();
    }
    return {};
}

} // namespace ctnn::tool
