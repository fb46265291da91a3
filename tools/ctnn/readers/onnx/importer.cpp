// SPDX-License-Identifier: BSL-1.0
#include "importer.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

int whole_int(long long number, std::string_view what) {
    constexpr long long most = 1 << 24;
    if (number < -most || number > most)
        throw refusal(std::string(what) + " " + std::to_string(number) + " is too large");
    return static_cast<int>(number);
}

int normal_axis(long long axis, int rank) {
    if (axis < -rank || axis >= rank)
        throw refusal("axis " + std::to_string(axis) + " of a tensor of " + std::to_string(rank) +
                      " axes");
    return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<int> normal_axes(const extents& axes, int rank) {
    std::vector<int> result;
    for (const long long axis : axes) result.push_back(normal_axis(axis, rank));
    std::sort(result.begin(), result.end());
    if (std::adjacent_find(result.begin(), result.end()) != result.end())
        throw refusal("an axis is named twice");
    return result;
}

extents broadcast(const extents& left, const extents& right) {
    extents result(std::max(left.size(), right.size()), 1);
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::size_t from_end = result.size() - i;
        const long long first = from_end <= left.size() ? left[left.size() - from_end] : 1;
        const long long second = from_end <= right.size() ? right[right.size() - from_end] : 1;
        if (first != second && first != 1 && second != 1)
            throw refusal("tensors of shapes " + spell(left) + " and " + spell(right) +
                          " do not fit");
        result[i] = first == 1 ? second : first;
    }
    return result;
}

importer::importer(model& to, const onnx::GraphProto& graph, int opset, std::string folder)
    : to_(to), graph_(graph), opset_(opset), folder_(std::move(folder)) {
    nodes_.reserve(at(graph.node_size()));
    for (const onnx::NodeProto& proto : graph.node()) nodes_.emplace_back(proto);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        for (int k = 0; k < nodes_[i].inputs(); ++k)
            if (nodes_[i].has_input(k)) readers_[nodes_[i].input(k)].push_back(i);
        for (int k = 0; k < nodes_[i].outputs(); ++k)
            if (nodes_[i].has_output(k)) producers_.emplace(nodes_[i].output(k), i);
        std::string scope = nodes_[i].name();
        for (std::size_t cut = scope.rfind('/'); cut != std::string::npos && cut > 0;
             cut = scope.rfind('/')) {
            scope.resize(cut);
            if (!scopes_.insert(scope).second) break;
        }
    }
}

const value& importer::get(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end())
        throw refusal("reads " + in_quotes(name) + ", which nothing before it makes");
    return found->second;
}

const value& importer::input(const node& of, int i) const {
    if (!of.has_input(i)) throw refusal("has no input " + std::to_string(i));
    const value& found = get(of.input(i));
    const bool placed = opset_ < 7 && i == 1 && of.integer("broadcast", 0) != 0 && of.has("axis");
    return placed ? from_axis(of, found) : found;
}

const value& importer::moving(const node& of, int i) const {
    const value& found = input(of, i);
    if (found.known)
        throw refusal("its input " + in_quotes(of.input(i)) +
                      " is a constant, and it cannot be computed before the network runs. Fold "
                      "constants when the model is exported");
    return found;
}

// Before opset 7 a node said at which axis of the first input the second one begins.
const value& importer::from_axis(const node& of, const value& second) const {
    const int rank = get(of.input(0)).rank();
    const int axis = normal_axis(of.integer("axis", 0), rank);
    const int behind = rank - axis - second.rank();
    if (behind < 0) throw refusal("attribute axis is " + std::to_string(axis));
    if (behind == 0) return second;
    value& made = widened_.emplace_back(second);
    made.where.axes.resize(made.where.axes.size() + at(behind));
    if (second.known) {
        tensor longer = *second.known;
        longer.dims.insert(longer.dims.end(), at(behind), 1);
        made.known = std::make_shared<const tensor>(std::move(longer));
    }
    return made;
}

bool importer::is_known(const node& of, int i) const {
    return of.has_input(i) && get(of.input(i)).known != nullptr;
}

const tensor& importer::known(const node& of, int i, std::string_view what) const {
    const value& found = input(of, i);
    if (!found.known)
        throw refusal("its " + std::string(what) + ", " + in_quotes(of.input(i)) +
                      ", are computed at run time. They have to be constants: export the model "
                      "with constant folding, or with fixed shapes");
    return *found.known;
}

void importer::set(const node& of, int output, value made) {
    if (of.has_output(output)) values_[of.output(output)] = std::move(made);
}

void importer::set(const node& of, int output, tensor folded) {
    value made;
    made.known = std::make_shared<const tensor>(std::move(folded));
    set(of, output, std::move(made));
}

const node* importer::producer(const std::string& name) const {
    const auto found = producers_.find(name);
    return found == producers_.end() ? nullptr : &nodes_[found->second];
}

int importer::readers(const std::string& name) const {
    const auto found = readers_.find(name);
    const auto outputs = std::count(wanted_.begin(), wanted_.end(), name);
    return static_cast<int>(outputs) +
           (found == readers_.end() ? 0 : static_cast<int>(found->second.size()));
}

int importer::add(const descriptor& what, std::vector<int> inputs,
                  std::vector<std::vector<float>> weights, bool named) {
    constexpr std::size_t most_layers = 100000;
    if (to_.layers.size() >= most_layers) throw refusal("the network has too many layers");
    layer next;
    next.what = what;
    next.inputs = std::move(inputs);
    next.weights = std::move(weights);
    if (current_ != nullptr) next.place = current_->place();
    if (named && current_ != nullptr) next.name = name_of(*current_, next.what.kind);
    const std::string name = next.name;
    const int index = to_.add(std::move(next));
    if (!to_.extent(index).countable()) throw refusal("makes a tensor that is too large");
    if (!name.empty()) names_.insert(name);
    return index;
}

value importer::follow(const value& from, const descriptor& what,
                       std::vector<std::vector<float>> weights) {
    value result = from;
    result.layer = add(what, {from.layer}, std::move(weights));
    return result;
}

extents numbers_of(importer& by, const node& of, std::string_view name, int i) {
    if (of.has_input(i)) return by.known(of, i, name).list();
    return of.integers(name);
}

void importer::note(std::string text) {
    if (std::find(to_.notes.begin(), to_.notes.end(), text) == to_.notes.end())
        to_.notes.push_back(std::move(text));
}

void importer::read_initialisers() {
    if (graph_.sparse_initializer_size() > 0)
        throw refusal("has sparse initialisers. Export the model with dense ones");
    for (const onnx::TensorProto& proto : graph_.initializer()) {
        if (readers_.find(proto.name()) == readers_.end()) continue;
        try {
            value held;
            held.known = std::make_shared<const tensor>(read_tensor(proto, folder_));
            values_[proto.name()] = std::move(held);
        } catch (const refusal& problem) {
            problems_.push_back("initialiser " + in_quotes(proto.name()) + ": " + problem.what());
            lost_.insert(proto.name());
        }
    }
}

void importer::mark_needed() {
    needed_.assign(nodes_.size(), false);
    std::vector<std::string> open = wanted_;
    std::set<std::string> seen;
    while (!open.empty()) {
        const std::string name = open.back();
        open.pop_back();
        const auto made = producers_.find(name);
        if (made == producers_.end() || needed_[made->second]) continue;
        needed_[made->second] = true;
        const node& from = nodes_[made->second];
        for (int i = 0; i < from.inputs(); ++i)
            if (from.has_input(i)) open.push_back(from.input(i));
    }
}

void importer::convert(const node& of) {
    if (of.has_graph())
        throw refusal("has graphs in it: control flow cannot be imported. Export the model "
                      "with constant conditions, or unrolled");
    bool all_known = true;
    for (int i = 0; i < of.inputs(); ++i)
        all_known = all_known && (!of.has_input(i) || input(of, i).known != nullptr);
    if (of.standard() && (all_known || of.type() == "Shape" || of.type() == "Size") &&
        fold(*this, of))
        return;
    const converter found = of.standard() ? find_converter(of.type()) : nullptr;
    if (found == nullptr)
        throw refusal(
            "the operator is not supported" +
            (of.standard() ? std::string() : ": it is of the domain " + in_quotes(of.domain())));
    const std::size_t first = to_.layers.size();
    found(*this, of);
    if (of.inputs() < 2 || !is_known(of, 1)) return;
    const std::vector<float>& scales = input(of, 1).known->scales;
    for (std::size_t i = first; i < to_.layers.size() && !scales.empty(); ++i)
        if (!to_.layers[i].weights.empty()) // its kernel was quantised: qdq.cpp
            to_.layers[i].on_int8 = int8_facts{{0, 0}, scales};
}

void importer::read_nodes() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (!needed_[i]) continue;
        const node& next = nodes_[i];
        bool lost = false;
        for (int k = 0; k < next.inputs(); ++k) lost = lost || lost_.count(next.input(k)) > 0;
        const auto lose = [&] {
            for (int k = 0; k < next.outputs(); ++k)
                if (next.has_output(k)) lost_.insert(next.output(k));
        };
        if (lost) {
            if (!next.standard() || find_converter(next.type()) == nullptr)
                problems_.push_back(next.place() + ": the operator is not supported");
            lose();
            continue;
        }
        current_ = &next;
        try {
            convert(next);
        } catch (const refusal& problem) {
            problems_.push_back(next.place() + ": " + problem.what());
            lose();
        } catch (const import_error& problem) {
            const std::string text = problem.what();
            problems_.push_back(text.substr(0, to_.file.size()) == to_.file
                                    ? text.substr(to_.file.size() + 2)
                                    : text);
            lose();
        }
        current_ = nullptr;
    }
}

void importer::write_outputs() {
    for (const std::string& name : wanted_) {
        if (lost_.count(name) > 0) continue;
        const auto found = values_.find(name);
        if (found == values_.end())
            throw refusal("output " + in_quotes(name) + ": nothing makes it");
        if (found->second.known)
            throw refusal("output " + in_quotes(name) +
                          " is a constant; an output has to depend on an input");
        value made = found->second;
        std::vector<int> order = full_order(made);
        made = arranged(made, order);
        if (to_.layers[at(made.layer)].inputs.empty())
            made.layer = add(linear::info, {made.layer}, {}, false);
        if (order.empty()) order.push_back(-1);
        to_.outputs.push_back({name, made.layer, {made.dims(), order}});
    }
}

void importer::run(const read_options& options, long long batch) {
    try {
        for (const onnx::ValueInfoProto& output : graph_.output())
            if (options.outputs.empty() ||
                std::count(options.outputs.begin(), options.outputs.end(), output.name()) > 0)
                wanted_.push_back(output.name());
        for (const std::string& name : options.outputs)
            if (std::count(wanted_.begin(), wanted_.end(), name) == 0)
                throw refusal("has no output " + in_quotes(name));
        if (wanted_.empty()) throw refusal("has no outputs");
        mark_needed();
        read_initialisers();
        read_inputs(options, batch);
        read_nodes();
        if (problems_.empty()) write_outputs();
    } catch (const refusal& problem) {
        problems_.insert(problems_.begin(), problem.what());
    }
    if (problems_.empty()) return;
    constexpr std::size_t most_shown = 20;
    std::string text = problems_[0];
    if (problems_.size() > 1) {
        text = std::to_string(problems_.size()) + " problems:";
        for (std::size_t i = 0; i < problems_.size() && i < most_shown; ++i)
            text += "\n  " + problems_[i];
        if (problems_.size() > most_shown) text += "\n  ...";
    }
    if (text.find("the operator is not supported") != std::string::npos)
        text += "\nSupported operators: " + supported_operators() +
                ".\nReplace the others before the export, or import a part of the model by naming "
                "an output before them.";
    throw import_error(to_.file, "", text);
}

} // namespace ctnn::tool::from_onnx
