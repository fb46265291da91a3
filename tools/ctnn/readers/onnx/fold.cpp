// SPDX-License-Identifier: BSL-1.0
// Nodes that are computed when the model is read: constants, and the arithmetic of shapes.
#include "fold.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {

tensor whole_list(const extents& numbers, bool scalar = false) {
    tensor result;
    result.real = false;
    if (!scalar) result.dims = {static_cast<long long>(numbers.size())};
    result.wholes.assign(numbers.begin(), numbers.end());
    return result;
}

tensor attribute_value(const node& of) {
    tensor result;
    if (const auto* given = of.find("value")) return read_tensor(given->t(), "");
    if (const auto* given = of.find("value_float")) {
        result.reals = {given->f()};
    } else if (const auto* whole = of.find("value_int")) {
        result.real = false;
        result.wholes = {whole->i()};
    } else if (const auto* list = of.find("value_ints")) {
        return whole_list({list->ints().begin(), list->ints().end()});
    } else if (const auto* reals = of.find("value_floats")) {
        result.reals.assign(reals->floats().begin(), reals->floats().end());
        result.dims = {static_cast<long long>(result.reals.size())};
    } else {
        throw refusal("has a value that is no dense tensor of numbers");
    }
    return result;
}

tensor shape_of_input(importer& by, const node& of) {
    const extents dims = by.input(of, 0).dims();
    const auto rank = static_cast<long long>(dims.size());
    if (of.type() == "Size") return whole_list({count_of(dims)}, true);
    const auto within = [&](long long index) {
        return std::clamp(index < 0 ? index + rank : index, 0LL, rank);
    };
    const long long begin = within(std::clamp(of.integer("start", 0), -rank, rank));
    const long long end = std::max(begin, within(std::clamp(of.integer("end", rank), -rank, rank)));
    return whole_list({dims.begin() + begin, dims.begin() + end});
}

tensor gathered(importer& by, const node& of) {
    const tensor& from = by.known(of, 0, "data");
    const tensor& indices = by.known(of, 1, "indices");
    const int axis = normal_axis(of.integer("axis", 0), static_cast<int>(from.dims.size()));
    const extents steps = steps_of(from.dims);
    extents dims(from.dims.begin(), from.dims.begin() + axis);
    dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
    dims.insert(dims.end(), from.dims.begin() + axis + 1, from.dims.end());
    const extents of_indices = steps_of(indices.dims);
    const std::size_t rank = indices.dims.size();
    return picked(from, dims, [&](const extents& index) {
        long long place = 0;
        long long row = 0;
        for (std::size_t i = 0; i < index.size(); ++i) {
            if (i < at(axis))
                place += index[i] * steps[i];
            else if (i < at(axis) + rank)
                row += index[i] * of_indices[i - at(axis)];
            else
                place += index[i] * steps[i - rank + 1];
        }
        std::int64_t wanted = indices.whole(row);
        if (wanted < 0) wanted += from.dims[at(axis)];
        if (wanted < 0 || wanted >= from.dims[at(axis)]) throw refusal("reads beyond its tensor");
        return place + wanted * steps[at(axis)];
    });
}

tensor sliced(importer& by, const node& of) {
    const tensor& from = by.known(of, 0, "data");
    const extents starts = numbers_of(by, of, "starts", 1);
    const extents ends = numbers_of(by, of, "ends", 2);
    extents axes = numbers_of(by, of, "axes", 3);
    extents steps;
    if (of.has_input(4)) steps = by.known(of, 4, "steps").list();
    const std::size_t count = starts.size();
    if (axes.empty())
        for (std::size_t i = 0; i < count; ++i) axes.push_back(static_cast<long long>(i));
    if (steps.empty()) steps.assign(count, 1);
    if (ends.size() != count || axes.size() != count || steps.size() != count)
        throw refusal("has numbers that do not fit");
    extents dims = from.dims;
    extents begins(dims.size());
    extents strides(dims.size(), 1);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t axis = at(normal_axis(axes[i], static_cast<int>(dims.size())));
        const long long extent = from.dims[axis];
        const long long step = std::clamp(steps[i], -most_elements, most_elements);
        if (step == 0) throw refusal("has the step 0");
        const auto within = [&](long long index, long long low, long long high) {
            if (index < 0) index = index < -extent ? low : std::max(index + extent, low);
            return std::min(index, high);
        };
        const long long begin =
            step > 0 ? within(starts[i], 0, extent) : within(starts[i], 0, extent - 1);
        const long long end = step > 0            ? within(ends[i], 0, extent)
                              : ends[i] < -extent ? -1
                                                  : within(ends[i], -1, extent - 1);
        begins[axis] = begin;
        strides[axis] = step;
        dims[axis] = std::max(0LL, step > 0 ? (end - begin + step - 1) / step
                                            : (begin - end - step - 1) / -step);
    }
    const extents own = steps_of(from.dims);
    return picked(from, dims, [&](const extents& index) {
        long long place = 0;
        for (std::size_t axis = 0; axis < index.size(); ++axis)
            place += (begins[axis] + index[axis] * strides[axis]) * own[axis];
        return place;
    });
}

extents target_shape(importer& by, const node& of, const tensor& from) {
    extents wanted = numbers_of(by, of, "shape", 1);
    if (wanted.size() > most_axes) throw refusal("makes too many axes");
    int open = -1;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == 0 && of.integer("allowzero", 0) == 0 && i < from.dims.size())
            wanted[i] = from.dims[i];
        if (wanted[i] == -1) open = static_cast<int>(i);
    }
    if (open >= 0) {
        wanted[at(open)] = 1;
        const long long rest = count_of(wanted);
        wanted[at(open)] = rest == 0 ? 0 : from.count() / rest;
    }
    return wanted;
}

/// What only changes a known tensor's shape.
bool fold_shape(importer& by, const node& of) {
    const std::string& type = of.type();
    const tensor& from = by.known(of, 0, "input");
    const auto rank = static_cast<int>(from.dims.size());
    extents dims;
    if (type == "Reshape") {
        dims = target_shape(by, of, from);
    } else if (type == "Flatten") {
        const long long given = of.integer("axis", 1);
        const int axis = given == rank ? rank : normal_axis(given, rank);
        dims = {count_of({from.dims.begin(), from.dims.begin() + axis}),
                count_of({from.dims.begin() + axis, from.dims.end()})};
    } else if (type == "Squeeze") {
        const extents given = numbers_of(by, of, "axes", 1);
        const std::vector<int> axes = normal_axes(given, rank);
        for (int axis = 0; axis < rank; ++axis) {
            const bool named = std::binary_search(axes.begin(), axes.end(), axis);
            if (!(named || (given.empty() && from.dims[at(axis)] == 1)))
                dims.push_back(from.dims[at(axis)]);
        }
    } else if (type == "Unsqueeze") {
        const extents given = numbers_of(by, of, "axes", 1);
        dims = from.dims;
        for (const int axis : normal_axes(given, rank + static_cast<int>(given.size())))
            dims.insert(dims.begin() + axis, 1);
    } else if (type == "Identity" || type == "Dropout") {
        dims = from.dims;
    } else {
        return false;
    }
    if (count_of(dims) != from.count())
        throw refusal("makes the shape " + spell(dims) + " of a constant of shape " +
                      spell(from.dims));
    tensor result = from;
    result.dims = dims;
    by.set(of, 0, std::move(result));
    return true;
}

tensor concatenated(importer& by, const node& of) {
    tensor result = by.known(of, 0, "input");
    const int axis = normal_axis(of.integer("axis", 0), static_cast<int>(result.dims.size()));
    for (int i = 1; i < of.inputs(); ++i) {
        const tensor& next = by.known(of, i, "input");
        if (next.dims.size() != result.dims.size() || next.real != result.real)
            throw refusal("joins constants that do not fit");
        extents dims = result.dims;
        dims[at(axis)] += next.dims[at(axis)];
        check_folded(dims, result.count() + next.count());
        tensor both = empty_like(result, dims);
        long long inner = 1;
        for (std::size_t k = at(axis) + 1; k < dims.size(); ++k) inner *= dims[k];
        const long long first = inner * result.dims[at(axis)];
        const long long second = inner * next.dims[at(axis)];
        for (std::size_t k = 0; k < dims.size(); ++k)
            if (k != at(axis) && next.dims[k] != dims[k])
                throw refusal("joins constants that do not fit");
        const long long rows = first + second == 0 ? 0 : count_of(dims) / (first + second);
        for (long long row = 0; row < rows; ++row) {
            for (long long k = 0; k < first; ++k) push_from(both, result, row * first + k);
            for (long long k = 0; k < second; ++k) push_from(both, next, row * second + k);
        }
        result = std::move(both);
    }
    return result;
}

tensor range_of(importer& by, const node& of) {
    const tensor& start = by.known(of, 0, "start");
    const tensor& limit = by.known(of, 1, "limit");
    const tensor& delta = by.known(of, 2, "step");
    if (start.count() != 1 || limit.count() != 1 || delta.count() != 1 || delta.number(0) == 0)
        throw refusal("has numbers that make no range");
    const double length = std::ceil((limit.number(0) - start.number(0)) / delta.number(0));
    if (!(length < static_cast<double>(most_folded))) throw refusal("makes too many numbers");
    tensor result = empty_like(start, {static_cast<long long>(std::max(length, 0.0))});
    for (long long i = 0; i < result.dims[0]; ++i)
        if (start.real)
            result.reals.push_back(
                static_cast<float>(start.number(0) + static_cast<double>(i) * delta.number(0)));
        else
            result.wholes.push_back(wrapped(start.whole(0), wrapped(i, delta.whole(0), '*'), '+'));
    return result;
}

} // namespace

int type_of_cast(const node& of) {
    const auto* to = of.find("to");
    if (to == nullptr || to->type() == onnx::AttributeProto::STRING || to->has_s())
        throw refusal("names no type by number, as it does from opset 6 on");
    return static_cast<int>(to->i());
}

bool fold(importer& by, const node& of) {
    const std::string& type = of.type();
    const auto give = [&](tensor made) {
        by.set(of, 0, std::move(made));
        return true;
    };
    if (type == "Constant") return give(attribute_value(of));
    if (type == "Shape" || type == "Size") return give(shape_of_input(by, of));
    if (of.inputs() == 0 || !of.has_input(0)) return false;
    if (type == "ConstantOfShape") {
        const extents dims = by.known(of, 0, "shape").list();
        check_folded(dims, 0);
        const auto* given = of.find("value");
        tensor filling =
            given != nullptr ? read_tensor(given->t(), "") : tensor{{1}, true, {0}, {}};
        if (filling.count() != 1) throw refusal("is filled with other than one number");
        filling.dims = {};
        return give(repeated(filling, dims));
    }
    if (type == "Gather") return give(gathered(by, of));
    if (type == "Slice") return give(sliced(by, of));
    if (type == "Concat") return give(concatenated(by, of));
    if (type == "Range" && of.inputs() == 3) return give(range_of(by, of));
    if (type == "Expand") {
        const tensor& from = by.known(of, 0, "input");
        return give(repeated(from, broadcast(from.dims, by.known(of, 1, "shape").list())));
    }
    if (type == "Cast") {
        const tensor& from = by.known(of, 0, "input");
        tensor result;
        result.dims = from.dims;
        const int to = type_of_cast(of);
        result.real = is_real_type(to);
        for (long long i = 0; i < from.count(); ++i)
            if (to == onnx::TensorProto::BOOL)
                result.wholes.push_back(from.number(i) != 0 ? 1 : 0);
            else
                push_from(result, from, i);
        return give(std::move(result));
    }
    if (type == "QuantizeLinear" || type == "DequantizeLinear") return fold_quantise(by, of);
    if (type == "Transpose") {
        const tensor& from = by.known(of, 0, "input");
        extents order = of.integers("perm");
        const auto rank = static_cast<int>(from.dims.size());
        if (order.empty())
            for (int axis = rank; axis-- > 0;) order.push_back(axis);
        if (static_cast<int>(normal_axes(order, rank).size()) != rank)
            throw refusal("attribute perm is " + spell(order));
        const extents steps = steps_of(from.dims);
        extents dims;
        for (const long long axis : order) dims.push_back(from.dims[at(normal_axis(axis, rank))]);
        return give(picked(from, dims, [&](const extents& index) {
            long long place = 0;
            for (std::size_t i = 0; i < index.size(); ++i)
                place += index[i] * steps[at(normal_axis(order[i], rank))];
            return place;
        }));
    }
    if (type == "Where" && of.inputs() == 3) {
        const tensor& truth = by.known(of, 0, "condition");
        const tensor& yes = by.known(of, 1, "input");
        const tensor& no = by.known(of, 2, "input");
        const extents dims = broadcast(broadcast(truth.dims, yes.dims), no.dims);
        const tensor choice = repeated(truth, dims);
        const tensor first = repeated(yes, dims);
        const tensor second = repeated(no, dims);
        tensor result = empty_like(yes, dims);
        for (long long i = 0; i < choice.count(); ++i)
            push_from(result, choice.number(i) != 0 ? first : second, i);
        return give(std::move(result));
    }
    if (type == "ReduceProd" || type == "ReduceSum" || type == "ReduceMax" || type == "ReduceMin") {
        const tensor& from = by.known(of, 0, "input");
        if (from.dims.size() != 1 || from.count() == 0) return false;
        tensor result = empty_like(from, {1});
        push_from(result, from, 0);
        for (long long i = 1; i < from.count(); ++i) {
            tensor next = empty_like(from, {1});
            push_from(next, from, i);
            result = joined(type == "ReduceProd"  ? "Mul"
                            : type == "ReduceSum" ? "Add"
                            : type == "ReduceMax" ? "Max"
                                                  : "Min",
                            result, next);
        }
        if (of.integer("keepdims", 1) == 0) result.dims = {};
        return give(std::move(result));
    }
    return fold_elementwise(by, of) || fold_shape(by, of);
}

} // namespace ctnn::tool::from_onnx
