// SPDX-License-Identifier: BSL-1.0
// Layers that move cells, where the order in which they lie is not the one that is asked for.
#include "importer.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn::tool::from_onnx {

namespace {

extents extents_of(const shape& from) { return {from.extents, from.extents + from.rank}; }

bool is_reshape(const layer& subject) {
    return subject.what.kind == text{"reshape"} || subject.what.kind == text{"flatten"};
}

bool is_global_pool(const layer& subject) {
    const text& kind = subject.what.kind;
    return std::string_view(kind.data, at(kind.size)).substr(0, 7) == "global_";
}

} // namespace

shape shape_of(const extents& from) {
    if (from.size() > max_rank)
        throw refusal("needs a tensor of shape " + spell(from) + ", and a tensor has at most " +
                      std::to_string(max_rank) + " axes");
    if (count_of(from) == 0) throw refusal("makes a tensor of shape " + spell(from) + ": no cells");
    shape result;
    for (const long long extent : from) result.append(static_cast<int>(extent));
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
        to_.layers[at(made)].name = name_within_scope("channel_shuffle");
        names_.insert(to_.layers[at(made)].name);
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

} // namespace ctnn::tool::from_onnx
