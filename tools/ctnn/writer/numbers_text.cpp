// SPDX-License-Identifier: BSL-1.0
#include "numbers_text.hpp"

#include "../model/error.hpp"

#include <algorithm>
#include <charconv>

namespace ctnn::tool {

namespace {

constexpr std::size_t width = 100;

const layer& layer_of(const model& source, const network_graph& graph, int node) {
    return source.layers[static_cast<std::size_t>(graph.layer_of(node))];
}

/// The name of a node, which may be anything, for a comment.
std::string node_name(const graph_view& graph, int node) {
    const label name = name_of(graph, graph.at(node));
    std::string text(name.characters, static_cast<std::size_t>(name.size));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\' || c == '?') c = '_';
    return text;
}

std::string quantization_text(const quantization& numbers) {
    return "{" + float_text(numbers.scale) + ", " + std::to_string(numbers.zero_point) + "}";
}

/// Scales, as many a line as there is room for.
std::string scales_text(const std::vector<float>& scales) {
    const std::string indent = "        ";
    std::string text;
    std::string line = indent;
    for (const float scale : scales) {
        const std::string next = float_text(scale) + ",";
        if (line.size() > indent.size() && line.size() + 1 + next.size() > width) {
            text += line + "\n";
            line = indent;
        }
        line += (line.size() > indent.size() ? " " : "") + next;
    }
    return text + line + "\n";
}

} // namespace

std::string float_text(float number) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    std::string text(digits, end);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text + "F";
}

std::string numbers_text(const model& source, const network_graph& graph) {
    const graph_view view = graph.view();
    std::vector<std::string> lines;
    std::size_t longest = 0;
    for (int i = 0; i < view.node_count; ++i) {
        lines.push_back(quantization_text(layer_of(source, graph, i).on_int8->made) + ",");
        longest = std::max(longest, lines.back().size());
    }
    std::string text =
        "/// Of the tensors: number = scale * (cell - zero_point). Of the kernels: a "
        "scale for each filter.\nstruct numbers {\n"
        "    static constexpr quantization tensors[]{\n";
    for (int i = 0; i < view.node_count; ++i) {
        const std::string& line = lines[static_cast<std::size_t>(i)];
        text += "        " + line + std::string(longest - line.size() + 1, ' ') + "// " +
                node_name(view, i) + "\n";
    }
    text += "    };\n    static constexpr float kernel_scales[]{\n";
    bool any = false;
    for (int i = 0; i < view.node_count; ++i) {
        if (view.at(i).parameters == 0) continue;
        any = true;
        text += "        // " + node_name(view, i) + "\n" +
                scales_text(layer_of(source, graph, i).on_int8->kernel_scales);
    }
    if (!any)
        throw import_error(source.file, "",
                           "is on int8, and no layer of it has a kernel, which is not supported");
    text += "    };\n};\n";
    std::string inputs;
    for (int i = 0; i < view.node_count; ++i)
        if (view.at(i).edge_count == 0)
            inputs +=
                (inputs.empty() ? "" : ", ") + ("numbers::tensors[" + std::to_string(i) + "]");
    std::string outputs;
    for (int i = 0; i < view.output_count; ++i)
        outputs += (outputs.empty() ? "" : ", ") +
                   ("numbers::tensors[" + std::to_string(view.outputs[i].node) + "]");
    return text + "inline constexpr quantization input_numbers[]{" + inputs +
           "};\ninline constexpr quantization output_numbers[]{" + outputs + "};\n";
}

} // namespace ctnn::tool
