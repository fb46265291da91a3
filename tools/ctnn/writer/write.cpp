// SPDX-License-Identifier: BSL-1.0
#include "write.hpp"

#include "identifier.hpp"
#include "layer_text.hpp"
#include "names.hpp"
#include "network_graph.hpp"
#include "numbers_text.hpp"
#include "repeats.hpp"

#include <ctnn/safetensors.hpp>
#include <ctnn/version.hpp>

namespace ctnn::tool {

namespace {

/// Text from a file in a comment: one line, nothing that could end it.
std::string comment(const std::string& text) {
    std::string line;
    for (const char c : text.substr(0, 200))
        line +=
            static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\' || c == '?' ? '_' : c;
    return line;
}

type_text name_argument(const std::string& name) { return {quoted(name)}; }

type_text write_item(const element& item, const model& source);

std::vector<type_text> write_list(const element_list& list, const model& source) {
    std::vector<type_text> items;
    for (const element& item : list) items.push_back(write_item(item, source));
    return items;
}

type_text write_item(const element& item, const model& source) {
    const auto marked = [&](const char* head) {
        return type_text{head, {name_argument(item.name)}, true, true};
    };
    type_text written;
    switch (item.what) {
    case element::form::leaf:
        written = layer_text(source.layers[static_cast<std::size_t>(item.layer)].what);
        break;
    case element::form::residual: {
        written = {"residual", write_list(item.parts[0], source), true};
        if (item.parts.size() > 1)
            written.arguments.push_back({"shortcut", write_list(item.parts[1], source), true});
        break;
    }
    case element::form::branches:
        written = layer_text(source.layers[static_cast<std::size_t>(item.layer)].what);
        for (const element_list& part : item.parts)
            written.arguments.push_back({"branch", write_list(part, source), true});
        break;
    case element::form::merge_with: {
        const descriptor& what = source.layers[static_cast<std::size_t>(item.layer)].what;
        type_text merge{layer_text(what).head + "_with", {name_argument(item.name)}, true};
        return merge;
    }
    case element::form::block: {
        written = {"block", write_list(item.parts[0], source), true};
        written.arguments.insert(written.arguments.begin(), name_argument(item.name));
        return written;
    }
    case element::form::save: return marked("save");
    case element::form::from: {
        type_text from = marked("from");
        from.attached = false;
        return from;
    }
    case element::form::output: return marked("output");
    case element::form::again: {
        type_text again = marked("again");
        again.attached = false;
        return again;
    }
    }
    if (item.name.empty()) return written;
    const bool attached = written.attached;
    return {"named", {name_argument(item.name), std::move(written)}, true, attached};
}

std::string shape_text(const shape& extent) {
    std::string text = "shape{";
    for (int axis = 0; axis < extent.rank; ++axis)
        text += (axis > 0 ? ", " : "") + std::to_string(extent[axis]);
    return text + "}";
}

std::string alias_line(const alias_text& alias) {
    std::string head;
    if (!alias.parameters.empty()) {
        head = "template <";
        for (std::size_t i = 0; i < alias.parameters.size(); ++i)
            head += (i > 0 ? ", int " : "int ") + alias.parameters[i];
        head += ">\n";
    }
    const std::string begin = "using " + alias.name + " = ";
    return head + begin + laid_out(alias.meaning, 0, static_cast<int>(begin.size()), 1) + ";\n";
}

} // namespace

struct written_network::parts {
    parts(const model& from, const std::string& wanted)
        : source(from), name(identifier(wanted)), structure(named_structure(from)),
          graph(structure, from) {}

    static element_list named_structure(const model& from) {
        element_list list = structure_of(from);
        name_elements(list, from);
        return list;
    }

    summary_facts facts() const {
        const detail::totals sums = detail::sum_of(graph.view());
        return {graph.view(),
                text{name.data(), static_cast<int>(name.size())},
                sums.parameters,
                sums.trainable_parameters,
                source.on_int8() ? bytes_on_int8() : sums.parameters * 4,
                sums.macs,
                peak_live_bytes<largest_graph.nodes>(graph.view())};
    }

    long long bytes_on_int8() const {
        long long bytes = 0;
        for_each_owner([&](const layer& owner) {
            bytes += static_cast<long long>(owner.on_int8->kernel.size()) +
                     4 * static_cast<long long>(owner.on_int8->bias.size());
        });
        return bytes;
    }

    /// Layers with weights of their own, in the order of the network.
    template <class Function> void for_each_owner(Function function) const {
        for (int i = 0; i < graph.view().node_count; ++i)
            if (graph.view().at(i).parameters > 0)
                function(source.layers[static_cast<std::size_t>(graph.layer_of(i))]);
    }

    const model& source;
    std::string name;
    element_list structure;
    network_graph graph;
};

written_network::written_network(const model& source, const std::string& name)
    : parts_(std::make_unique<parts>(source, name)) {}
written_network::~written_network() = default;

const std::string& written_network::name() const { return parts_->name; }
graph_view written_network::graph() const { return parts_->graph.view(); }
int written_network::layer_of(int node) const { return parts_->graph.layer_of(node); }

std::string written_network::header() const {
    const model& source = parts_->source;
    const graph_view graph = parts_->graph.view();
    type_text list{"ctnn::network", write_list(parts_->structure, source), true};
    const std::vector<alias_text> aliases = take_out_repeats(list);

    const std::string file = source.file.substr(source.file.rfind('/') + 1);
    std::string text =
        "// " + parts_->name + ", from " + comment(file) + " (" + comment(source.format) + ").\n";
    if (!source.sha256.empty()) text += "// SHA-256 of the file: " + source.sha256 + "\n";
    text += "#pragma once\n\n#include <ctnn/ctnn.hpp>\n\nnamespace " + parts_->name +
            " {\n\nusing namespace ctnn;\n\n";
    const bool on_int8 = source.on_int8();
    if (on_int8) text += "struct numbers; // scales and zero points, below\n\n";
    for (const alias_text& alias : aliases) text += alias_line(alias) + "\n";
    const std::string begin = on_int8 ? "using layers = " : "using network = ";
    text += begin + laid_out(list, 0, static_cast<int>(begin.size()), 1, true) + ";\n\n";
    if (on_int8)
        text += "using network = ctnn::quantized<layers, numbers>;\n\n" +
                numbers_text(source, parts_->graph) + "\n";
    const summary_facts facts = parts_->facts();
    for (int i = 0; i < graph.output_count; ++i) {
        const shape& extent = graph.at(graph.outputs[i].node).output.extent;
        text += "static_assert(network::outputs[" + std::to_string(i) +
                "].extent == " + shape_text(extent) + ");\n";
    }
    text += "static_assert(network::parameters == " + std::to_string(facts.parameters) + ");\n";
    if (on_int8)
        text +=
            "static_assert(network::weight_bytes == " + std::to_string(facts.weight_bytes) + ");\n";
    return text + "\n} // namespace " + parts_->name + "\n";
}

std::vector<float> written_network::blob() const {
    std::vector<float> blob;
    parts_->for_each_owner([&](const layer& owner) {
        for (const std::vector<float>& cells : owner.weights)
            blob.insert(blob.end(), cells.begin(), cells.end());
    });
    return blob;
}

std::vector<signed char> written_network::kernels() const {
    std::vector<signed char> cells;
    parts_->for_each_owner([&](const layer& owner) {
        const std::vector<signed char>& own = owner.on_int8->kernel;
        cells.insert(cells.end(), own.begin(), own.end());
    });
    return cells;
}

std::vector<int> written_network::biases() const {
    std::vector<int> cells;
    parts_->for_each_owner([&](const layer& owner) {
        const std::vector<int>& own = owner.on_int8->bias;
        cells.insert(cells.end(), own.begin(), own.end());
    });
    return cells;
}

std::string written_network::safetensors() const {
    const graph_view graph = parts_->graph.view();
    constexpr int most = 4 * largest_graph.nodes;
    const auto listed =
        std::make_unique<detail::weight_entries<most>>(detail::list_weights<most>(graph));
    const int count = detail::count_weights(graph);
    const detail::expected_weights expected{{listed->entries, listed->entries + count},
                                            detail::hash_layout(listed->entries, count)};
    const std::vector<std::byte> bytes =
        parts_->source.on_int8() ? detail::safetensors_bytes(expected, kernels(), biases())
                                 : detail::safetensors_bytes(expected, blob());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string written_network::summary() const {
    const summary_facts facts = parts_->facts();
    const auto widths = detail::table::lay_out(facts, summary_style::unicode);
    text_writer counter;
    detail::table::write(counter, facts, summary_style::unicode, widths);
    std::string text(static_cast<std::size_t>(counter.size()), '\0');
    text_writer out{text.data()};
    detail::table::write(out, facts, summary_style::unicode, widths);
    return text;
}

} // namespace ctnn::tool
