// SPDX-License-Identifier: BSL-1.0
// The reader of ONNX files.
#include "../../model/int8.hpp"
#include "../../model/tidy.hpp"
#include "../read.hpp"
#include "importer.hpp"

#include <filesystem>
#include <limits>

#include <onnx/onnx_pb.h>

namespace ctnn::tool {

namespace {

constexpr int first_opset = 1;
constexpr int last_opset = 25;

int opset_of(const onnx::ModelProto& proto, const std::string& file) {
    long long found = 0;
    for (const onnx::OperatorSetIdProto& set : proto.opset_import())
        if (set.domain().empty() || set.domain() == "ai.onnx") found = set.version();
    if (found == 0)
        throw import_error(
            file, "",
            "names no version of ONNX' operators (opset); the file is no ONNX model, or damaged");
    if (found < first_opset || found > last_opset)
        throw import_error(file, "",
                           "uses opset " + std::to_string(found) + "; opsets " +
                               std::to_string(first_opset) + " to " + std::to_string(last_opset) +
                               " are supported. Export the model with one of these, or convert it "
                               "with onnx.version_converter");
    return static_cast<int>(found);
}

void clear(model& to) {
    to.layers.clear();
    to.outputs.clear();
    to.notes.clear();
    to.batch = 1;
}

/// Nodes that read one example in each row of the first axis.
bool has_batches(const onnx::GraphProto& graph) {
    for (const onnx::NodeProto& node : graph.node())
        for (const char* type :
             {"Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalMaxPool",
              "GlobalAveragePool", "GlobalLpPool", "InstanceNormalization", "Gemm", "Resize",
              "Upsample", "DepthToSpace", "SpaceToDepth", "BatchNormalization", "LRN"})
            if (node.op_type() == type) return true;
    return false;
}

/// The fixed first extent that all inputs have; 1 if there is none such.
long long fixed_batch(const onnx::GraphProto& graph) {
    std::set<std::string> known;
    for (const onnx::TensorProto& proto : graph.initializer()) known.insert(proto.name());
    long long found = 0;
    for (const onnx::ValueInfoProto& input : graph.input()) {
        if (known.count(input.name()) > 0) continue;
        const auto& dims = input.type().tensor_type().shape();
        if (dims.dim_size() < 2 || dims.dim(0).dim_value() < 1) return 1;
        if (found != 0 && found != dims.dim(0).dim_value()) return 1;
        found = dims.dim(0).dim_value();
    }
    return found == 0 ? 1 : found;
}

/// Whether what was made has a batch of 1 wherever the file says that there is a batch.
bool batch_kept(const model& made, const onnx::GraphProto& graph, long long batch) {
    for (const model_output& output : made.outputs)
        for (const onnx::ValueInfoProto& told : graph.output()) {
            if (told.name() != output.name || !told.type().tensor_type().has_shape()) continue;
            const auto& dims = told.type().tensor_type().shape();
            if (dims.dim_size() != static_cast<int>(output.order.extents.size())) return false;
            for (int axis = 0; axis < dims.dim_size(); ++axis) {
                const long long expected = dims.dim(axis).dim_value();
                const long long found = output.order.extents[static_cast<std::size_t>(axis)];
                if (axis == 0 ? expected != batch || found != 1 : expected > 0 && expected != found)
                    return false;
            }
        }
    return true;
}

} // namespace

void read_onnx(model& to, std::string_view bytes, const std::string& file,
               const read_options& options) {
    static const bool quiet = [] {
        google::protobuf::SetLogHandler(nullptr); // errors are reported here
        return true;
    }();
    static_cast<void>(quiet);
    to.file = file;
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw import_error(file, "", "has more than 2 GB, which no protobuf can have");
    onnx::ModelProto proto;
    if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !proto.has_graph())
        throw import_error(file, "", "is no ONNX model, or a damaged or truncated one");
    const int opset = opset_of(proto, file);
    to.format = "ONNX opset " + std::to_string(opset);
    const std::filesystem::path path(file);
    const std::string folder = file.empty()             ? ""
                               : path.has_parent_path() ? path.parent_path().string()
                                                        : ".";
    const auto attempt = [&](long long batch) {
        clear(to);
        from_onnx::importer by(to, proto.graph(), opset, folder);
        by.run(options, batch);
    };
    const long long batch = fixed_batch(proto.graph());
    const bool first_is_one = batch == 1 || has_batches(proto.graph());
    if (batch == 1) {
        attempt(0);
    } else {
        try {
            attempt(first_is_one ? 1 : 0);
            if (first_is_one && !batch_kept(to, proto.graph(), batch)) attempt(0);
        } catch (const import_error& first) {
            try {
                attempt(first_is_one ? 0 : 1);
                if (!first_is_one && !batch_kept(to, proto.graph(), batch)) throw first;
            } catch (const import_error&) {
                clear(to);
                throw first;
            }
        }
    }
    tidy(to);
    from_onnx::resolve_marks(to);
    remove_unread(to);
    check_int8(to);
    if (to.on_int8()) tidy(to);
    if (to.batch > 1) to.notes.push_back("the batch of " + std::to_string(to.batch) + " became 1");
    for (const model_output& output : to.outputs) {
        bool moved = false;
        for (std::size_t i = 1; i < output.order.axes.size(); ++i)
            moved = moved || output.order.axes[i] < output.order.axes[i - 1];
        if (moved) to.notes.push_back("output '" + output.name + "' has its channels last");
    }
}

} // namespace ctnn::tool
