// SPDX-License-Identifier: BSL-1.0
// Runs folders of ONNX backend tests through the reader: onnx_backend [--list] [--constants]
// FOLDER... A case is a folder with model.onnx and test_data_set_*/input_*.pb, output_*.pb. What an
// operator takes as weights comes as an input in these cases; it is bound as a constant first, as
// every network has it. Shapes, axes and other whole numbers stay inputs, and such cases are not
// supported, unless --constants binds them too. The result is 1 if a case fails.
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/readers/onnx/tensor.hpp"
#include "../../tools/ctnn/readers/read.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <onnx/onnx_pb.h>

namespace {

namespace fs = std::filesystem;
using ctnn::tool::from_onnx::extents;
using ctnn::tool::from_onnx::tensor;

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
void bind(onnx::ModelProto& model, const std::map<std::string, onnx::TensorProto>& data, bool all) {
    onnx::GraphProto& graph = *model.mutable_graph();
    std::set<std::string> bound;
    for (const onnx::TensorProto& held : graph.initializer()) bound.insert(held.name());
    for (const onnx::NodeProto& node : graph.node())
        for (int i = 0; i < node.input_size(); ++i) {
            const auto found = data.find(node.input(i));
            if (found == data.end() || bound.count(node.input(i)) > 0) continue;
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

std::map<std::string, onnx::TensorProto>
read_data(const fs::path& folder, const std::string& prefix,
          const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values,
          const std::set<std::string>& left_out) {
    std::map<std::string, onnx::TensorProto> result;
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

struct verdict {
    char kind = 'u'; ///< passed, failed, unsupported
    std::string reason;
};

verdict compare(const ctnn::tool::model& network,
                const std::map<std::string, onnx::TensorProto>& inputs,
                const std::map<std::string, onnx::TensorProto>& outputs) {
    for (long long example = 0; example < network.batch; ++example) {
        std::vector<std::vector<double>> given;
        for (const ctnn::tool::layer& layer : network.layers) {
            if (!layer.inputs.empty()) continue;
            const auto found = inputs.find(layer.name);
            if (found == inputs.end()) return {'u', "no data for input " + layer.name};
            const tensor cells = ctnn::tool::from_onnx::read_tensor(found->second, "");
            std::vector<double>& numbers = given.emplace_back();
            for (const long long cell : source_cells(layer.order, layer.output.extent))
                numbers.push_back(cells.number(cell + example * cells.count() / network.batch));
        }
        const auto results = ctnn::tool::evaluate(network, given);
        for (std::size_t i = 0; i < results.size(); ++i) {
            const ctnn::tool::model_output& output = network.outputs[i];
            const auto found = outputs.find(output.name);
            if (found == outputs.end()) return {'u', "no data for output " + output.name};
            const tensor expected = ctnn::tool::from_onnx::read_tensor(found->second, "");
            const auto cells = source_cells(output.order, network.extent(output.layer));
            extents dims = output.order.extents;
            if (network.batch > 1) dims[0] = network.batch;
            if (dims != expected.dims)
                return {'f', "shape " + ctnn::tool::from_onnx::spell(dims) + ", expected " +
                                 ctnn::tool::from_onnx::spell(expected.dims)};
            double worst = 0;
            for (std::size_t k = 0; k < cells.size(); ++k) {
                const double wanted =
                    expected.number(cells[k] + example * expected.count() / network.batch);
                const double found_cell = results[i][k];
                if (std::isnan(wanted) && std::isnan(found_cell)) continue;
                if (wanted == static_cast<double>(static_cast<float>(found_cell))) continue;
                const double off = std::abs(found_cell - wanted) / (1 + std::abs(wanted));
                worst = std::isnan(off) ? 1e30 : std::max(worst, off);
            }
            if (worst > 1e-4)
                return {'f', "output " + output.name + " is off by " + std::to_string(worst)};
        }
    }
    return {'p', ""};
}

/// A refusal that is right for the case; anything else of the reader's is a failure of the tests.
verdict run_case(const fs::path& folder, bool all) {
    onnx::ModelProto proto;
    if (!proto.ParseFromString(bytes_of(folder / "model.onnx"))) return {'u', "no model"};
    std::set<std::string> initialised;
    for (const onnx::TensorProto& held : proto.graph().initializer())
        initialised.insert(held.name());
    verdict result{'u', "no data"};
    for (const fs::directory_entry& set : fs::directory_iterator(folder)) {
        if (!set.is_directory()) continue;
        const auto inputs = read_data(set.path(), "input_", proto.graph().input(), initialised);
        const auto outputs = read_data(set.path(), "output_", proto.graph().output(), {});
        onnx::ModelProto bound = proto;
        bind(bound, inputs, all);
        for (const auto& [name, data] : outputs)
            if (data.data_type() != onnx::TensorProto::FLOAT)
                return {'u', "output " + name + " holds no 32-bit floats"};
        for (const onnx::ValueInfoProto& input : proto.graph().input()) {
            const int type = input.type().tensor_type().elem_type();
            if (type == onnx::TensorProto::FLOAT16 || type == onnx::TensorProto::BFLOAT16 ||
                type == onnx::TensorProto::DOUBLE)
                return {'u', "input " + input.name() + " holds no 32-bit floats"};
        }
        ctnn::tool::model network;
        try {
            ctnn::tool::read_onnx(network, bound.SerializeAsString(), "model.onnx", {});
        } catch (const ctnn::tool::import_error& problem) {
            return {'u', std::string(problem.what()).substr(12)};
        }
        result = compare(network, inputs, outputs);
        if (result.kind != 'p') return result;
    }
    return result;
}

struct tally {
    int passed = 0, failed = 0, unsupported = 0;
};

} // namespace

int main(int count, char** arguments) {
    bool list = false;
    bool all = false;
    std::vector<fs::path> cases;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--list")
            list = true;
        else if (argument == "--constants")
            all = true;
        else if (fs::exists(fs::path(argument) / "model.onnx"))
            cases.emplace_back(argument);
        else
            for (const fs::directory_entry& entry : fs::directory_iterator(argument))
                if (fs::exists(entry.path() / "model.onnx")) cases.push_back(entry.path());
    }
    std::sort(cases.begin(), cases.end());
    std::map<std::string, tally> by_operator;
    std::vector<std::string> reasons;
    tally sum;
    for (const fs::path& folder : cases) {
        onnx::ModelProto proto;
        proto.ParseFromString(bytes_of(folder / "model.onnx"));
        std::string main_operator = "none"; // the last node that is no constant
        for (const onnx::NodeProto& node : proto.graph().node())
            if (node.op_type() != "Constant" || main_operator == "none")
                main_operator = node.op_type();
        verdict found;
        try {
            found = run_case(folder, all);
        } catch (const std::exception& problem) {
            found = {'f', std::string("threw: ") + problem.what()};
        }
        for (tally* to : {&by_operator[main_operator], &sum})
            ++(found.kind == 'p' ? to->passed : found.kind == 'f' ? to->failed : to->unsupported);
        if (found.kind == 'f' || (list && found.kind == 'u'))
            reasons.push_back((found.kind == 'f' ? "FAILED      " : "unsupported ") +
                              folder.filename().string() + ": " +
                              found.reason.substr(0, found.reason.find('\n')));
        if (list && found.kind == 'p')
            reasons.push_back("passed      " + folder.filename().string());
    }
    for (const std::string& reason : reasons) std::printf("%s\n", reason.c_str());
    std::printf("%-28s %6s %6s %11s\n", "operator", "passed", "failed", "unsupported");
    for (const auto& [name, found] : by_operator)
        std::printf("%-28s %6d %6d %11d\n", name.c_str(), found.passed, found.failed,
                    found.unsupported);
    std::printf("%-28s %6d %6d %11d\n", "all", sum.passed, sum.failed, sum.unsupported);
    return sum.failed > 0 || cases.empty() ? 1 : 0;
}
