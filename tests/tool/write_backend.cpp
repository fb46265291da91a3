// SPDX-License-Identifier: BSL-1.0
#include "write_backend.hpp"

#include "../../tools/ctnn/writer/write.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace backend {

namespace {

/// Leaves a file that holds this already as it is, so that nothing is compiled anew.
void write(const fs::path& path, const std::string& bytes) {
    {
        std::ifstream held(path, std::ios::binary);
        const std::string now{std::istreambuf_iterator<char>(held), {}};
        if (held && now == bytes) return;
    }
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void append(std::string& bytes, const std::vector<double>& cells) {
    for (const double cell : cells) {
        const auto number = static_cast<float>(cell);
        bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
}

/// Inputs and outputs of each example in the order in which they are written, which may be another
/// than the source's.
std::string cells_of(const network_case& subject, const ctnn::tool::written_network& written) {
    const std::vector<ctnn::tool::layer>& layers = subject.network->layers;
    const ctnn::graph_view graph = written.graph();
    std::vector<std::size_t> inputs;
    for (int node = 0; node < graph.node_count; ++node) {
        const auto layer = static_cast<std::size_t>(written.layer_of(node));
        if (!layers[layer].inputs.empty()) continue;
        std::size_t place = 0;
        for (std::size_t i = 0; i < layer; ++i)
            if (layers[i].inputs.empty()) ++place;
        inputs.push_back(place);
    }
    std::vector<std::size_t> outputs;
    for (int i = 0; i < graph.output_count; ++i)
        for (std::size_t k = 0; k < subject.network->outputs.size(); ++k)
            if (subject.network->outputs[k].layer == written.layer_of(graph.outputs[i].node) &&
                std::find(outputs.begin(), outputs.end(), k) == outputs.end()) {
                outputs.push_back(k);
                break;
            }
    std::string cells;
    for (const example& next : subject.examples) {
        for (const std::size_t i : inputs) append(cells, next.inputs[i]);
        for (const std::size_t i : outputs) append(cells, next.outputs[i]);
    }
    return cells;
}

} // namespace

int write_cases(const std::vector<fs::path>& cases, bool constants, const fs::path& directory,
                int groups) {
    int failed = 0;
    fs::create_directories(directory);
    std::vector<std::string> includes(static_cast<std::size_t>(groups));
    std::vector<std::string> tables(static_cast<std::size_t>(groups));
    for (std::size_t i = 0; i < cases.size(); ++i) try {
            const network_case subject = load(cases[i], data_sets(cases[i])[0], constants);
            const std::string name = "case_" + std::to_string(i);
            const ctnn::tool::written_network written(*subject.network, name);
            write(directory / (name + ".hpp"), written.header());
            write(directory / (name + ".safetensors"), written.safetensors());
            write(directory / (name + ".cells"), cells_of(subject, written));
            const std::size_t group = i % static_cast<std::size_t>(groups);
            includes[group] += "#include \"" + name + ".hpp\"\n";
            tables[group] += "    backend::compiled<" + name + "::network>(\"" + name + "\", \"" +
                             cases[i].filename().string() + "\", \"" + main_operator(cases[i]) +
                             "\"),\n";
        } catch (const std::exception& problem) {
            std::fprintf(stderr, "FAILED to write %s: %s\n", cases[i].filename().c_str(),
                         problem.what());
            ++failed;
        }
    std::string declared;
    std::string listed;
    for (std::size_t group = 0; group < tables.size(); ++group) {
        const std::string name = "group_" + std::to_string(group);
        declared += "extern const backend::compiled_case " + name + "[];\n";
        listed += (group == 0 ? "" : ", ") + name;
        write(directory / (name + ".cpp"), "#include \"compiled_case.hpp\"\n\n" + includes[group] +
                                               "\nextern const backend::compiled_case " + name +
                                               "[];\nconst backend::compiled_case " + name +
                                               "[] = {\n" + tables[group] + "    {}};\n");
    }
    write(directory / "groups.hpp",
          declared + "static const backend::compiled_case* const groups[] = {" + listed + "};\n");
    return failed;
}

} // namespace backend
