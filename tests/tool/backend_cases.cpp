// SPDX-License-Identifier: BSL-1.0
#include "backend_cases.hpp"

#include "../../tools/ctnn/readers/onnx/tensor.hpp"
#include "../../tools/ctnn/readers/read.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <onnx/onnx_pb.h>

namespace backend {

namespace {

using ctnn::tool::from_onnx::extents;
using ctnn::tool::from_onnx::tensor;
using data = std::map<std::string, onnx::TensorProto>;

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

/// Inputs of float operators that are weights in every network.
bool is_weight(const onnx::NodeProto& node, int i) {
    static const std::set<std::string> types{
        "Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization", "PRelu",
        "Gemm", "MatMul",        "LayerNormalization", "GroupNormalization"};
    return i > 0 && types.count(node.op_type()) > 0;
}

/// Inputs become initialisers.
void bind(onnx::ModelProto& model, const data& given, bool all) {
    onnx::GraphProto& graph = *model.mutable_graph();
    std::set<std::string> bound;
    for (const onnx::TensorProto& held : graph.initializer()) bound.insert(held.name());
    for (const onnx::NodeProto& node : graph.node())
        for (int i = 0; i < node.input_size(); ++i) {
            const auto found = given.find(node.input(i));
            if (found == given.end() || bound.count(node.input(i)) > 0) continue;
            const bool real = found->second.data_type() == onnx::TensorProto::FLOAT;
            const bool bound_by_all =
                all &&
                (!real || (i > 0 && (node.op_type() == "Clip" || node.op_type() == "Pad" ||
                                     node.op_type() == "Resize" || node.op_type() == "Upsample" ||
                                     node.op_type() == "Dropout")));
            if (!bound_by_all && !is_weight(node, i)) continue;
            onnx::TensorProto& held = *graph.add_initializer();
            held = found->second;
            held.set_name(node.input(i));
            bound.insert(node.input(i));
        }
}

data read_data(const fs::path& folder, const std::string& prefix,
               const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values,
               const std::set<std::string>& left_out) {
    data result;
    int index = 0;
    for (const onnx::ValueInfoProto& value : values) {
        if (left_out.count(value.name()) > 0) continue;
        onnx::TensorProto proto;
        if (proto.ParseFromString(bytes_of(folder / (prefix + std::to_string(index) + ".pb"))))
            result[value.name()] = proto;
        ++index;
    }
    return result;
}

/// For each cell of a network's tensor its index in the source's, in one example of the batch.
std::vector<long long> source_cells(const ctnn::tool::source_order& order,
                                    const ctnn::shape& extent) {
    extents steps(order.extents.size());
    long long step = 1;
    for (std::size_t axis = steps.size(); axis-- > 0; step *= order.extents[axis])
        steps[axis] = step;
    std::vector<long long> result(static_cast<std::size_t>(extent.elements()));
    for (std::size_t cell = 0; cell < result.size(); ++cell) {
        auto rest = static_cast<long long>(cell);
        for (int axis = extent.rank; axis-- > 0; rest /= extent[axis]) {
            const int source = order.axes[static_cast<std::size_t>(axis)];
            if (source >= 0)
                result[cell] += rest % extent[axis] * steps[static_cast<std::size_t>(source)];
        }
    }
    return result;
}

/// Cells in the network's order, of one example of the batch.
std::vector<double> example_of(const onnx::TensorProto& from, const ctnn::tool::source_order& order,
                               const ctnn::shape& extent, long long index, long long batch) {
    const tensor all = ctnn::tool::from_onnx::read_tensor(from, "");
    std::vector<double> cells;
    for (const long long cell : source_cells(order, extent))
        cells.push_back(all.number(cell + index * all.count() / batch));
    return cells;
}

void require_floats(const onnx::GraphProto& graph, const data& outputs) {
    for (const auto& [name, held] : outputs)
        if (held.data_type() != onnx::TensorProto::FLOAT)
            throw unsupported("output " + name + " holds no 32-bit floats");
    for (const onnx::ValueInfoProto& input : graph.input()) {
        const int type = input.type().tensor_type().elem_type();
        if (type == onnx::TensorProto::FLOAT16 || type == onnx::TensorProto::BFLOAT16 ||
            type == onnx::TensorProto::DOUBLE)
            throw unsupported("input " + input.name() + " holds no 32-bit floats");
    }
}

} // namespace

std::vector<fs::path> find_cases(const std::vector<fs::path>& folders) {
    std::vector<fs::path> cases;
    for (const fs::path& folder : folders) {
        if (fs::exists(folder / "model.onnx")) {
            cases.push_back(folder);
            continue;
        }
        for (const fs::directory_entry& entry : fs::directory_iterator(folder))
            if (fs::exists(entry.path() / "model.onnx")) cases.push_back(entry.path());
    }
    std::sort(cases.begin(), cases.end());
    return cases;
}

std::vector<fs::path> data_sets(const fs::path& folder) {
    std::vector<fs::path> sets;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.is_directory()) sets.push_back(entry.path());
    std::sort(sets.begin(), sets.end());
    return sets;
}

std::string main_operator(const fs::path& folder) {
    onnx::ModelProto proto;
    proto.ParseFromString(bytes_of(folder / "model.onnx"));
    std::string found = "none";
    for (const onnx::NodeProto& node : proto.graph().node())
        if (node.op_type() != "Constant" || found == "none") found = node.op_type();
    return found;
}

network_case load(const fs::path& folder, const fs::path& data_set, bool constants) {
    onnx::ModelProto proto;
    if (!proto.ParseFromString(bytes_of(folder / "model.onnx"))) throw unsupported("no model");
    std::set<std::string> initialised;
    for (const onnx::TensorProto& held : proto.graph().initializer())
        initialised.insert(held.name());
    const data inputs = read_data(data_set, "input_", proto.graph().input(), initialised);
    const data outputs = read_data(data_set, "output_", proto.graph().output(), {});
    require_floats(proto.graph(), outputs);
    bind(proto, inputs, constants);
    network_case made;
    made.network = std::make_unique<ctnn::tool::model>();
    ctnn::tool::model& network = *made.network;
    try {
        ctnn::tool::read_onnx(network, proto.SerializeAsString(), "model.onnx", {});
    } catch (const ctnn::tool::import_error& problem) {
        throw unsupported(std::string(problem.what()).substr(12));
    }
    for (long long index = 0; index < network.batch; ++index) {
        example& next = made.examples.emplace_back();
        for (const ctnn::tool::layer& layer : network.layers) {
            if (!layer.inputs.empty()) continue;
            const auto found = inputs.find(layer.name);
            if (found == inputs.end()) throw unsupported("no data for input " + layer.name);
            next.inputs.push_back(
                example_of(found->second, layer.order, layer.output.extent, index, network.batch));
        }
        for (const ctnn::tool::model_output& output : network.outputs) {
            const auto found = outputs.find(output.name);
            if (found == outputs.end()) throw unsupported("no data for output " + output.name);
            extents dims = output.order.extents;
            if (network.batch > 1) dims[0] = network.batch;
            const extents expected{found->second.dims().begin(), found->second.dims().end()};
            if (dims != expected)
                throw std::runtime_error("has the shape " + ctnn::tool::from_onnx::spell(dims) +
                                         ", expected " + ctnn::tool::from_onnx::spell(expected));
            next.outputs.push_back(example_of(found->second, output.order,
                                              network.extent(output.layer), index, network.batch));
        }
    }
    return made;
}

} // namespace backend
