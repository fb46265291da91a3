// SPDX-License-Identifier: BSL-1.0
// Parts of tensors: splits, slices, rows at constant indices.
#include "operators.hpp"

#include <algorithm>
#include <functional>

namespace ctnn::tool::from_onnx {

namespace {

value cut(importer& by, const value& from, int axis, long long begin, long long end,
          long long step) {
    const long long extent = from.where.extent(axis);
    if (begin == 0 && end == extent && step == 1) return from;
    if (begin >= end) throw refusal("makes an empty tensor, which is not supported");
    axis_view view = by.along(from, {axis}, true);
    const int rank = by.target().extent(view.of.layer).rank;
    descriptor what = slice<0, 1>::info;
    what.options.target = {static_cast<int>(begin), end == extent ? to_end : static_cast<int>(end)};
    if (step == 1 && 2 * (end - begin) == extent && 2 * begin % extent == 0) {
        what = split<2, 0>::info;
        what.options.target = {2, begin == 0 ? 0 : 1};
    }
    what.options.along = view.axis == rank - 1 ? -1 : view.axis;
    if (step != 1) what.options.spatial.stride[0] = whole_int(step, "the step");
    value result = view.of;
    result.layer = by.add(what, {view.of.layer});
    const std::vector<int> pieces = result.where.axes[at(axis)];
    if (pieces.empty()) return result;
    const long long left = (end - begin + step - 1) / step;
    result.where.replace(pieces.front(), static_cast<int>(pieces.size()),
                         left > 1 ? std::vector<long long>{left} : std::vector<long long>{});
    if (left > 1) result.where.axes[at(axis)] = {pieces.front()};
    return result;
}

value without_axis(value from, int axis) {
    from.where.axes.erase(from.where.axes.begin() + axis);
    return from;
}

} // namespace

void convert_split(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const int axis = normal_axis(of.integer("axis", 0), from.rank());
    const long long extent = from.where.extent(axis);
    extents lengths = numbers_of(by, of, "split", 1);
    const int count = of.outputs();
    const bool even = lengths.empty() || std::adjacent_find(lengths.begin(), lengths.end(),
                                                            std::not_equal_to<>()) == lengths.end();
    if (lengths.empty()) {
        const long long part = (extent + count - 1) / std::max(count, 1);
        for (int i = 0; i < count; ++i) lengths.push_back(std::min(part, extent - i * part));
    }
    if (static_cast<int>(lengths.size()) != count)
        throw refusal("has " + std::to_string(count) + " outputs of " +
                      std::to_string(lengths.size()));
    long long sum = 0;
    for (const long long length : lengths) {
        if (length < 0 || length > extent)
            throw refusal("splits " + std::to_string(extent) + " cells into parts that do not fit");
        sum += length;
    }
    if (sum != extent)
        throw refusal("splits " + std::to_string(extent) + " cells into parts of " +
                      std::to_string(sum));
    long long begin = 0;
    for (int i = 0; i < count; begin += lengths[at(i)], ++i) {
        if (!of.has_output(i) || by.readers(of.output(i)) == 0) continue;
        value part = cut(by, from, axis, begin, begin + lengths[at(i)], 1);
        layer& made = by.target().layers[at(part.layer)];
        if (even && count > 1 && extent % count == 0 && made.what.kind == text{"slice"}) {
            const int along = made.what.options.along;
            made.what = split<2, 0>::info;
            made.what.options.along = along;
            made.what.options.target = {count, i};
        }
        by.set(of, i, std::move(part));
    }
}

void convert_slice(importer& by, const node& of) {
    value from = by.moving(of, 0);
    const extents starts = numbers_of(by, of, "starts", 1);
    const extents ends = numbers_of(by, of, "ends", 2);
    extents axes = numbers_of(by, of, "axes", 3);
    extents steps;
    if (of.has_input(4)) steps = by.known(of, 4, "steps").list();
    if (axes.empty())
        for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<long long>(i));
    if (steps.empty()) steps.assign(starts.size(), 1);
    if (starts.size() != ends.size() || starts.size() != axes.size() ||
        steps.size() != starts.size())
        throw refusal("has " + std::to_string(starts.size()) + " starts and " +
                      std::to_string(ends.size()) + " ends");
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const int axis = normal_axis(axes[i], from.rank());
        const long long extent = from.where.extent(axis);
        if (steps[i] < 1) throw refusal("goes backwards, which is not supported");
        const auto within = [&](long long index) {
            if (index < 0) index = index < -extent ? 0 : index + extent;
            return std::min(index, extent);
        };
        from = cut(by, from, axis, within(starts[i]), within(ends[i]), std::min(steps[i], extent));
    }
    by.set(of, 0, std::move(from));
}

void convert_gather(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const tensor& indices = by.known(of, 1, "indices");
    const int axis = normal_axis(of.integer("axis", 0), from.rank());
    const long long extent = from.where.extent(axis);
    extents list = indices.list();
    if (list.empty() || indices.dims.size() > 1)
        throw refusal("has indices of shape " + spell(indices.dims));
    for (long long& index : list) {
        if (index < 0) index += extent;
        if (index < 0 || index >= extent) throw refusal("reads beyond its tensor");
    }
    for (std::size_t i = 1; i < list.size(); ++i)
        if (list[i] != list[0] + static_cast<long long>(i))
            throw refusal("reads cells that do not follow each other, which is not supported");
    value result = cut(by, from, axis, list.front(), list.back() + 1, 1);
    if (indices.dims.empty()) result = without_axis(std::move(result), axis);
    by.set(of, 0, std::move(result));
}

} // namespace ctnn::tool::from_onnx
