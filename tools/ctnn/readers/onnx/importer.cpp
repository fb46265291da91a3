// SPDX-License-Identifier: BSL-1.0
#include "importer.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

extents extents_of(const shape& from) { return {from.extents, from.extents + from.rank}; }

shape shape_of(const extents& from) {
    if (from.size() > max_rank)
        throw refusal("needs a tensor of shape " + spell(from) + ", and a tensor has at most " +
                      std::to_string(max_rank) + " axes");
    if (count_of(from) == 0) throw refusal("makes a tensor of shape " + spell(from) + ": no cells");
    shape result;
    for (const long long extent : from) result.append(static_cast<int>(extent));
    return result;
}

bool is_reshape(const layer& subject) {
    return subject.what.kind == text{"reshape"} || subject.what.kind == text{"flatten"};
}

bool is_global_pool(const layer& subject) {
    const text& kind = subject.what.kind;
    return std::string_view(kind.data, at(kind.size)).substr(0, 7) == "global_";
}

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
    static const std::set<std::string_view> types{
        "Identity", "Dropout", "Cast",    "Pad",  "Clip",      "Concat",      "Slice",
        "Split",    "Add",     "Sub",     "Mul",  "Div",       "Relu",        "LeakyRelu",
        "Sigmoid",  "Tanh",    "Elu",     "Selu", "HardSwish", "HardSigmoid", "Softplus",
        "Max",      "Min",     "Sum",     "Mean", "Neg",       "Pow",         "Sqrt",
        "Exp",      "Celu",    "Softsign"};
    return types.count(of.type()) > 0;
}

std::string dimension_of(const onnx::TensorShapeProto_Dimension& from) {
    return from.has_dim_param() ? in_quotes(from.dim_param()) : std::string("?");
}

} // namespace

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
    return get(of.input(i));
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
    if (named && current_ != nullptr) next.name = name_of(*current_);
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

int importer::reshaped(int layer, const extents& wanted) {
    while (is_reshape(to_.layers[at(layer)])) layer = to_.layers[at(layer)].inputs[0];
    const shape target = shape_of(wanted);
    if (to_.extent(layer) == target) return layer;
    const auto found = reshaped_.find({layer, wanted});
    if (found != reshaped_.end()) return found->second;
    tool::layer& from = to_.layers[at(layer)];
    if (is_global_pool(from)) { // it can make that shape itself
        const bool read = std::any_of(
            to_.layers.begin() + layer + 1, to_.layers.end(), [&](const tool::layer& other) {
                return std::count(other.inputs.begin(), other.inputs.end(), layer) > 0;
            });
        from.what.options.keep_dims = !from.what.options.keep_dims;
        const shape other = to_.outcome_of(from).output.extent;
        if (!read && other == target) {
            from.output.extent = other;
            return layer;
        }
        from.what.options.keep_dims = !from.what.options.keep_dims;
    }
    descriptor what = target.rank == 1 ? flatten::info : reshape<1>::info;
    if (target.rank != 1) what.options.target = target;
    const int made = add(what, {layer}, {}, false);
    reshaped_[{layer, wanted}] = made;
    return made;
}

int importer::permuted(const value& from, const std::vector<int>& pieces) {
    // Pieces that stay together move together.
    std::vector<std::pair<int, int>> runs; // first piece, pieces
    for (const int piece : pieces) {
        if (!runs.empty() && runs.back().first + runs.back().second == piece)
            ++runs.back().second;
        else
            runs.emplace_back(piece, 1);
    }
    if (runs.size() <= 1) return from.layer;
    const auto key = std::make_tuple(from.layer, pieces, from.where.memory);
    const auto found = permuted_.find(key);
    if (found != permuted_.end()) return found->second;
    std::vector<std::pair<int, int>> lying = runs;
    std::sort(lying.begin(), lying.end());
    extents before;
    for (const auto& [first, count] : lying) {
        long long extent = 1;
        for (int i = 0; i < count; ++i) extent *= from.where.memory[at(first + i)];
        before.push_back(extent);
    }
    extents order;
    for (const auto& run : runs)
        order.push_back(std::lower_bound(lying.begin(), lying.end(), run) - lying.begin());
    int made = -1;
    // Two pieces of the channels that change places are a shuffle.
    const std::size_t last = order.size() - 1;
    bool shuffles = order.size() == 2 || order.size() == 3;
    for (std::size_t i = 0; i + 1 < last; ++i)
        shuffles = shuffles && order[i] == static_cast<int>(i);
    shuffles = shuffles && to_.extent(from.layer).channels() == before[last] * before[last - 1] &&
               order[last] == static_cast<int>(last) - 1;
    if (shuffles) {
        descriptor what = channel_shuffle<1>::info;
        what.options.groups = static_cast<int>(before[last - 1]);
        made = add(what, {from.layer}, {}, false);
    } else {
        descriptor what = permute<0>::info;
        what.options.target = shape_of(extents(order.size(), 1));
        for (std::size_t i = 0; i < order.size(); ++i)
            what.options.target.extents[i] = static_cast<int>(order[i]);
        // The tensor's own axes are as good where they are the runs, and spare a reshape.
        made = add(what, {reshaped(from.layer, before)}, {}, false);
    }
    permuted_[key] = made;
    return made;
}

value importer::arranged(const value& from, const std::vector<int>& order) {
    const extents dims = from.dims();
    std::vector<bool> named(dims.size());
    extents wanted;
    for (const int axis : order) {
        named[at(axis)] = true;
        wanted.push_back(dims[at(axis)]);
    }
    for (std::size_t axis = 0; axis < dims.size(); ++axis)
        if (!named[axis] && dims[axis] != 1)
            throw refusal("reads a tensor of shape " + spell(dims) + ", whose axis " +
                          std::to_string(axis) + " should have extent 1" +
                          (axis == 0 ? ": a network reads one example at a time" : ""));
    if (wanted.empty()) wanted.push_back(1);
    value result = from;
    const std::vector<int> pieces = from.where.pieces(order);
    result.layer = permuted(from, pieces);
    result.where.arrange(pieces);
    result.where.join();
    result.layer = reshaped(result.layer, wanted);
    return result;
}

value importer::channels_last(const value& from) {
    std::vector<int> order;
    for (int axis = 2; axis < from.rank(); ++axis) order.push_back(axis);
    if (from.rank() > 1) order.push_back(1);
    return arranged(from, order);
}

axis_view importer::along(const value& from, const std::vector<int>& axes, bool ordered) {
    const std::vector<int> pieces = from.where.pieces(axes);
    if (pieces.empty()) { // an axis of extent 1
        axis_view result{from, 0};
        extents wanted = extents_of(to_.extent(from.layer));
        const auto unit = std::find(wanted.rbegin(), wanted.rend(), 1);
        result.axis = static_cast<int>(wanted.rend() - unit) - 1;
        if (unit != wanted.rend()) return result;
        if (wanted.size() == max_rank) wanted = {count_of(wanted)};
        wanted.push_back(1);
        result.of.layer = reshaped(from.layer, wanted);
        result.axis = static_cast<int>(wanted.size()) - 1;
        return result;
    }
    std::vector<int> sorted = pieces;
    std::sort(sorted.begin(), sorted.end());
    const bool together = sorted.back() - sorted.front() + 1 == static_cast<int>(sorted.size());
    if (!together || (ordered && sorted != pieces)) {
        std::vector<int> order;
        for (const int axis : from.where.order())
            if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
        order.insert(order.end(), axes.begin(), axes.end());
        return along(arranged(from, order), axes, ordered);
    }
    axis_view result{from, 0};
    long long before = 1;
    long long length = 1;
    for (int piece = 0; piece <= sorted.back(); ++piece)
        (piece < sorted.front() ? before : length) *= from.where.memory[at(piece)];
    const shape& held = to_.extent(from.layer);
    long long product = 1;
    for (int axis = 0; axis < held.rank; product *= held[axis], ++axis)
        if (product == before && held[axis] == length) {
            result.axis = axis;
            return result;
        }
    const long long after = held.elements() / (before * length);
    extents wanted;
    if (before > 1) wanted.push_back(before);
    wanted.push_back(length);
    if (after > 1) wanted.push_back(after);
    result.axis = before > 1 ? 1 : 0;
    result.of.layer = reshaped(from.layer, wanted);
    return result;
}

std::vector<int> importer::full_order(const value& from) const {
    const extents dims = from.dims();
    const int rank = from.rank();
    std::vector<std::vector<int>> candidates(3);
    const bool batch = rank > 1 && dims[0] == 1;
    if (batch && rank > 2) {
        for (int axis = 2; axis < rank; ++axis) candidates[0].push_back(axis);
        candidates[0].push_back(1);
    }
    for (int axis = batch ? 1 : 0; axis < rank; ++axis) candidates[1].push_back(axis);
    candidates[2] = from.where.order();
    std::vector<int> best;
    bool found = false;
    for (const std::vector<int>& order : candidates) {
        if ((order.empty() && rank > 0) || !from.where.lies(order)) continue;
        extents wanted;
        for (const int axis : order) wanted.push_back(dims[at(axis)]);
        if (wanted == extents_of(to_.extent(from.layer))) return order;
        if (!found && order.size() <= max_rank) best = order;
        found = true;
    }
    if (found) return best;
    std::vector<int> order = candidates[1];
    if (order.size() > max_rank)
        std::erase_if(order, [&](int axis) { return dims[at(axis)] == 1; });
    return order;
}

value importer::expanded(const value& from, const extents& dims, const value* like) {
    value result = from;
    while (result.rank() < static_cast<int>(dims.size()))
        result.where.axes.insert(result.where.axes.begin(), std::vector<int>{});
    layout to;
    if (like != nullptr && like->dims() == dims) {
        to = like->where;
    } else {
        std::vector<int> order(dims.size());
        std::iota(order.begin(), order.end(), 0);
        if (dims.size() > 2 && dims[0] == 1) { // a map
            order.erase(order.begin() + 1);
            order.push_back(1);
        }
        to = layout(dims, order);
    }
    if (!refine(result.where, to)) {
        std::vector<int> order = result.where.order();
        std::sort(order.begin(), order.end());
        result = arranged(result, order);
        to = layout(dims);
        if (!refine(result.where, to)) throw refusal("cannot be repeated");
    }
    std::vector<int> owner(to.memory.size());
    std::vector<int> place(to.memory.size());
    for (int axis = 0; axis < to.rank(); ++axis)
        for (std::size_t i = 0; i < to.axes[at(axis)].size(); ++i) {
            owner[at(to.axes[at(axis)][i])] = axis;
            place[at(to.axes[at(axis)][i])] = static_cast<int>(i);
        }
    const auto is_new = [&](std::size_t piece) {
        return result.where.axes[at(owner[piece])].empty();
    };
    std::vector<int> present;
    long long rest = 1;
    for (std::size_t piece = 0; piece < to.memory.size(); ++piece)
        if (!is_new(piece)) {
            present.push_back(result.where.axes[at(owner[piece])][at(place[piece])]);
            rest *= to.memory[piece];
        }
    int made = permuted(result, present);
    long long before = 1;
    for (std::size_t piece = 0; piece < to.memory.size();) {
        if (!is_new(piece)) {
            before *= to.memory[piece];
            rest /= to.memory[piece++];
            continue;
        }
        long long times = 1;
        for (; piece < to.memory.size() && is_new(piece); ++piece) times *= to.memory[piece];
        count_of({before, times, rest});
        if (before == 1) {
            descriptor what = repeat_vector<1>::info;
            what.options.target = {static_cast<int>(times)};
            made = add(what, {reshaped(made, {rest})}, {}, false);
        } else {
            descriptor what = up_sampling2d<1>::info;
            what.options.spatial.extent[1] = static_cast<int>(times);
            made = add(what, {reshaped(made, {before, 1, rest})}, {}, false);
        }
        before *= times;
    }
    result.where = to;
    result.where.join();
    extents wanted;
    if (like != nullptr && like->dims() == dims) {
        wanted = extents_of(to_.extent(like->layer));
    } else {
        result.layer = made;
        for (const int axis : full_order(result)) wanted.push_back(dims[at(axis)]);
    }
    if (wanted.empty()) wanted.push_back(1);
    result.layer = reshaped(made, wanted);
    return result;
}

int importer::aligned(const value& from, const value& like) {
    layout own = from.where;
    layout other = like.where;
    if (!refine(own, other))
        throw refusal("two tensors of shape " + spell(from.dims()) +
                      " lie in orders that do not go together");
    std::vector<int> pieces(own.memory.size());
    for (std::size_t axis = 0; axis < own.axes.size(); ++axis)
        for (std::size_t i = 0; i < own.axes[axis].size(); ++i)
            pieces[at(other.axes[axis][i])] = own.axes[axis][i];
    value split = from;
    split.where = own;
    return reshaped(permuted(split, pieces), extents_of(to_.extent(like.layer)));
}

void importer::note(std::string text) {
    if (std::find(to_.notes.begin(), to_.notes.end(), text) == to_.notes.end())
        to_.notes.push_back(std::move(text));
}

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

void importer::read_inputs(const read_options& options, long long batch) {
    for (const auto& [name, given] : options.inputs) {
        const auto& inputs = graph_.input();
        if (std::none_of(inputs.begin(), inputs.end(),
                         [&](const auto& input) { return input.name() == name; }))
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
        throw refusal("the operator is not supported" +
                      (of.standard() ? std::string() : ", nor are others of " + in_quotes([&] {
                                                           return of.place();
                                                       }())));
    found(*this, of);
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

std::string importer::name_of(const node& of) const {
    const auto unique = [&](const std::string& name) {
        if (name.empty() || names_.count(name) == 0) return name;
        for (int i = 1;; ++i) {
            const std::string numbered = name + "_" + std::to_string(i);
            if (names_.count(numbered) == 0) return numbered;
        }
    };
    const std::string& type = of.type();
    std::string path = of.name();
    if (path.find(';') != std::string::npos) path.clear(); // several names in one
    const std::size_t slash = path.rfind('/');
    const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
    // "Conv" and "Conv_12": the exporter's, who knew no better.
    const bool generic = last == type || (last.substr(0, type.size() + 1) == type + "_");
    bool scope = false;
    if (generic) {
        path = slash == std::string::npos ? "" : path.substr(0, slash);
        const bool weighted = find_converter(type) != nullptr && of.inputs() > 1 &&
                              values_.count(of.input(1)) > 0 && values_.at(of.input(1)).known;
        scope = !weighted;
    }
    if (path.empty() && of.inputs() > 1) { // the weights may have a name: "layer1.0.conv1.weight"
        const auto weights = values_.find(of.input(1));
        const std::string& name = of.input(1);
        const std::size_t dot = name.rfind('.');
        const std::string end = dot == std::string::npos ? "" : name.substr(dot + 1);
        if (weights != values_.end() && weights->second.known &&
            (end == "weight" || end == "W" || end == "w" || end == "kernel" || end == "weights")) {
            path = name.substr(0, dot);
            std::replace(path.begin(), path.end(), '.', '/');
            return unique(path);
        }
        const std::size_t cut = name.rfind('/');
        static const std::set<std::string> kernels{"Conv2D", "depthwise", "MatMul", "kernel"};
        if (cut != std::string::npos && name.find(';') == std::string::npos &&
            kernels.count(name.substr(cut + 1)) > 0)
            return unique(name.substr(0, cut));
    }
    // Scopes say twice where they are: "/layer1/layer1.0/conv1".
    std::string cleaned;
    std::string above;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        std::string part = path.substr(begin, end - begin);
        begin = end + 1;
        if (part.empty()) continue;
        const std::string whole = part;
        if (!above.empty() && part.substr(0, above.size() + 1) == above + ".")
            part.erase(0, above.size() + 1);
        above = whole;
        cleaned += (cleaned.empty() ? "" : "/") + part;
    }
    if (scope && !cleaned.empty()) {
        std::string lower = type;
        for (char& letter : lower)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
        // A module of one node has its name; one of several is a scope.
        int within = 0;
        const std::string prefix = of.name().substr(0, slash + 1);
        for (const node& other : nodes_)
            if (other.name().substr(0, prefix.size()) == prefix && other.type() != "Constant")
                ++within;
        if (within > 1) cleaned += "/" + lower;
    }
    return unique(cleaned);
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
