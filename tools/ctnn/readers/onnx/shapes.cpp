// SPDX-License-Identifier: BSL-1.0
// What moves cells, or only says where they are.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ctnn::tool::from_onnx {

namespace {

value regrouped(importer& by, value from, const extents& dims) {
    if (count_of(dims) != count_of(from.dims()))
        throw refusal("makes the shape " + spell(dims) + " of a tensor of shape " +
                      spell(from.dims()));
    if (from.where.reshape(dims)) return from;
    std::vector<int> order(at(from.rank()));
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&](int axis) { return from.where.extent(axis) == 1; });
    from = by.arranged(from, order);
    from.where = layout(dims);
    return from;
}

} // namespace

void convert_same(importer& by, const node& of) {
    if (of.type() == "Dropout" && of.has_output(1) && by.readers(of.output(1)) > 0)
        throw refusal("gives its mask too, which is not supported");
    if (of.type() == "Dropout" && of.has_input(2) && by.is_known(of, 2) &&
        by.known(of, 2, "mode").whole(0) != 0)
        throw refusal("is exported for training. Export the model for evaluation: model.eval()");
    if (of.type() == "Cast" && !is_real_type(type_of_cast(of)))
        throw refusal("turns a tensor into other numbers than floats, which is not supported");
    if (of.type() == "Dropout" || of.type() == "Cast") by.note("dropped " + of.place());
    by.set(of, 0, by.moving(of, 0));
}

void convert_reshape(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const extents dims = from.dims();
    const std::string& type = of.type();
    extents wanted;
    if (type == "Flatten") {
        const long long given = of.integer("axis", 1);
        const int axis = given == from.rank() ? from.rank() : normal_axis(given, from.rank());
        wanted = {count_of(extents(dims.begin(), dims.begin() + axis)),
                  count_of(extents(dims.begin() + axis, dims.end()))};
    } else if (type == "Squeeze") {
        extents given = numbers_of(by, of, "axes", 1);
        const bool all = given.empty();
        const std::vector<int> axes = normal_axes(given, from.rank());
        for (int axis = 0; axis < from.rank(); ++axis) {
            const bool named = std::binary_search(axes.begin(), axes.end(), axis);
            if (named && dims[at(axis)] != 1)
                throw refusal("drops axis " + std::to_string(axis) + " of a tensor of shape " +
                              spell(dims));
            if (!(named || (all && dims[at(axis)] == 1))) wanted.push_back(dims[at(axis)]);
        }
    } else if (type == "Unsqueeze") {
        const extents given = numbers_of(by, of, "axes", 1);
        const int rank = from.rank() + static_cast<int>(given.size());
        const std::vector<int> axes = normal_axes(given, rank);
        wanted = dims;
        for (const int axis : axes) wanted.insert(wanted.begin() + axis, 1);
    } else {
        wanted = numbers_of(by, of, "shape", 1);
        const long long count = count_of(dims);
        const bool zeros = of.integer("allowzero", 0) != 0;
        if (wanted.size() > most_axes) throw refusal("makes too many axes");
        int open = -1;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i] == 0 && !zeros) {
                if (i >= dims.size()) throw refusal("makes the shape " + spell(wanted));
                wanted[i] = dims[i];
            }
            if (wanted[i] == -1) {
                if (open >= 0) throw refusal("makes the shape " + spell(wanted));
                open = static_cast<int>(i);
            }
        }
        // A batch that became 1.
        if (by.target().batch > 1 && !wanted.empty() && wanted[0] == by.target().batch)
            wanted[0] = 1;
        if (open >= 0) {
            wanted[at(open)] = 1;
            const long long rest = count_of(wanted);
            if (rest == 0 || count % rest != 0)
                throw refusal("makes the shape " + spell(wanted) + " of a tensor of shape " +
                              spell(dims));
            wanted[at(open)] = count / rest;
        }
    }
    by.set(of, 0, regrouped(by, from, wanted));
}

void convert_transpose(importer& by, const node& of) {
    value from = by.moving(of, 0);
    extents given = of.integers("perm");
    if (given.empty())
        for (int axis = from.rank(); axis-- > 0;) given.push_back(axis);
    std::vector<int> order;
    for (const long long axis : given) order.push_back(normal_axis(axis, from.rank()));
    if (static_cast<int>(normal_axes(given, from.rank()).size()) != from.rank())
        throw refusal("attribute perm is " + spell(given));
    from.where.transpose(order);
    by.set(of, 0, std::move(from));
}

void convert_concat(importer& by, const node& of) {
    std::vector<value> parts;
    for (int i = 0; i < of.inputs(); ++i) {
        parts.push_back(by.input(of, i));
        if (parts.back().known)
            throw refusal("input " + std::to_string(i) +
                          " is a constant, which is not supported beside tensors");
    }
    if (parts.empty()) throw refusal("has no inputs");
    if (parts.size() == 1) return by.set(of, 0, parts[0]);
    const int rank = parts[0].rank();
    const int axis = normal_axis(of.integer("axis", 1), rank);
    extents dims = parts[0].dims();
    dims[at(axis)] = 0;
    for (const value& part : parts) {
        extents own = part.dims();
        if (part.rank() != rank)
            throw refusal("joins tensors of shapes " + spell(dims) + " and " + spell(own));
        dims[at(axis)] += own[at(axis)];
        own[at(axis)] = dims[at(axis)];
        if (own != dims)
            throw refusal("joins tensors of shapes " + spell(parts[0].dims()) + " and " +
                          spell(part.dims()));
    }
    count_of(dims);
    // The order of the largest part.
    const value* largest = &parts[0];
    for (const value& part : parts)
        if (count_of(part.dims()) > count_of(largest->dims())) largest = &part;
    std::vector<int> order = by.full_order(*largest);
    if (std::find(order.begin(), order.end(), axis) == order.end())
        order.insert(order.begin(), axis);
    std::vector<int> inputs;
    for (const value& part : parts) inputs.push_back(by.arranged(part, order).layer);
    descriptor what = concat_descriptor;
    const auto place = std::find(order.begin(), order.end(), axis) - order.begin();
    what.options.along =
        place == static_cast<std::ptrdiff_t>(order.size()) - 1 ? -1 : static_cast<int>(place);
    value result;
    result.layer = by.add(what, std::move(inputs));
    result.where = layout(dims, order);
    by.set(of, 0, std::move(result));
}

void convert_expand(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (of.type() == "Expand") {
        const extents dims = broadcast(from.dims(), by.known(of, 1, "shape").list());
        count_of(dims);
        value aligned = from;
        while (aligned.rank() < static_cast<int>(dims.size()))
            aligned.where.axes.insert(aligned.where.axes.begin(), std::vector<int>{});
        return by.set(of, 0, aligned.dims() == dims ? aligned : by.expanded(aligned, dims));
    }
    const extents times = by.known(of, 1, "repeats").list();
    if (static_cast<int>(times.size()) != from.rank()) throw refusal("repeats " + spell(times));
    // Each repeated axis becomes two, the first of extent 1.
    value split = from;
    split.where.axes.clear();
    extents dims;
    extents joined;
    for (std::size_t axis = 0; axis < times.size(); ++axis) {
        const long long extent = from.where.extent(static_cast<int>(axis));
        split.where.axes.emplace_back();
        split.where.axes.push_back(from.where.axes[axis]);
        dims.push_back(times[axis]);
        dims.push_back(extent);
        joined.push_back(count_of({times[axis], extent}));
    }
    count_of(joined);
    value grown = split.dims() == dims ? split : by.expanded(split, dims);
    by.set(of, 0, regrouped(by, std::move(grown), joined));
}

void refuse_quantised(importer&, const node&) {
    throw refusal(
        "the model is quantised to 8-bit integers by operators on integers. Supported are "
        "operators on "
        "floats between QuantizeLinear and DequantizeLinear (QDQ): export the model so, or before "
        "quantisation");
}

} // namespace ctnn::tool::from_onnx
