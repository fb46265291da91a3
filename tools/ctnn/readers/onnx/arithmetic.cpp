// SPDX-License-Identifier: BSL-1.0
// Arithmetic with constants and between tensors.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ctnn::tool::from_onnx {

namespace {

/// A constant's cells for a tensor of `dims`, by the indices of the tensor's source.
class broadcast_reader {
public:
    broadcast_reader(const tensor& from, const extents& dims) : from_(from), steps_(dims.size()) {
        long long step = 1;
        for (std::size_t i = 0; i < from.dims.size(); ++i) {
            const long long extent = from.dims[from.dims.size() - 1 - i];
            if (extent != 1) steps_[dims.size() - 1 - i] = step;
            step *= extent;
        }
    }
    bool varies(int axis) const { return steps_[at(axis)] != 0; }
    long long step(int axis) const { return steps_[at(axis)]; }
    double number(long long index) const { return from_.number(index); }

private:
    const tensor& from_;
    extents steps_;
};

/// Adds or multiplies by a constant of the same rank or less, which does not grow the tensor.
value with_constant(importer& by, const value& from, const tensor& constant, bool multiplies) {
    const extents dims = from.dims();
    if (constant.count() == 1) {
        const double number = constant.real ? written(constant.reals[0]) : constant.number(0);
        return multiplies ? line(by, from, number, 0) : line(by, from, 1, number);
    }
    const broadcast_reader read(constant, dims);
    // The pieces over which the constant varies, and all that lie between them.
    int first = static_cast<int>(from.where.memory.size());
    int last = -1;
    for (int axis = 0; axis < from.rank(); ++axis)
        if (read.varies(axis))
            for (const int piece : from.where.axes[at(axis)]) {
                first = std::min(first, piece);
                last = std::max(last, piece);
            }
    if (last < 0)
        return with_constant(by, from, {{}, true, {static_cast<float>(constant.number(0))}, {}},
                             multiplies);
    // The constant's step of each piece.
    std::vector<long long> steps(from.where.memory.size());
    for (int axis = 0; axis < from.rank(); ++axis) {
        long long step = read.step(axis);
        const std::vector<int>& own = from.where.axes[at(axis)];
        for (auto piece = own.rbegin(); piece != own.rend(); ++piece) {
            steps[at(*piece)] = step;
            step *= from.where.memory[at(*piece)];
        }
    }
    long long before = 1;
    long long length = 1;
    for (int piece = 0; piece <= last; ++piece)
        (piece < first ? before : length) *= from.where.memory[at(piece)];
    std::vector<float> numbers(at(length));
    for (long long cell = 0; cell < length; ++cell) {
        long long rest = cell;
        long long index = 0;
        for (int piece = last; piece >= first; --piece) {
            index += rest % from.where.memory[at(piece)] * steps[at(piece)];
            rest /= from.where.memory[at(piece)];
        }
        numbers[at(cell)] = static_cast<float>(read.number(index));
    }
    const shape held = by.target().extent(from.layer);
    descriptor what = scale_shift<>::info;
    (multiplies ? what.options.center : what.options.scale) = false;
    value result = from;
    long long product = 1;
    int along = -1;
    for (int axis = 0; axis < held.rank && along < 0; product *= held[axis], ++axis)
        if (product == before && held[axis] == length) along = axis;
    if (along < 0) {
        const long long after = held.elements() / (before * length);
        extents wanted;
        if (before > 1) wanted.push_back(before);
        along = static_cast<int>(wanted.size());
        wanted.push_back(length);
        if (after > 1) wanted.push_back(after);
        result.layer = by.reshaped(from.layer, wanted);
    }
    const int rank = by.target().extent(result.layer).rank;
    what.options.along = along == rank - 1 ? -1 : along;
    return by.follow(result, what, {std::move(numbers)});
}

tensor mapped(const tensor& from, double (*turn)(double)) {
    tensor result;
    result.dims = from.dims;
    for (long long i = 0; i < from.count(); ++i)
        result.reals.push_back(static_cast<float>(turn(from.number(i))));
    return result;
}

value powered(importer& by, const value& from, double exponent) {
    if (exponent == 1) return from;
    descriptor what = power<1>::info;
    what.options.alpha = exponent;
    return by.follow(from, what);
}

/// Whether `small` has one cell for each of the last axis of `large`'s tensor, in its order.
bool is_gate_of(const importer&, const value& large, const value& small, const shape& held) {
    layout own = large.where;
    layout other = small.where;
    if (!refine(own, other) || other.memory.empty()) return false;
    std::vector<bool> has(own.memory.size());
    for (std::size_t axis = 0; axis < own.axes.size(); ++axis) {
        if (other.axes[axis].empty()) continue;
        for (std::size_t i = 0; i < own.axes[axis].size(); ++i) {
            // the same pieces, as far from the end
            const int from_end = static_cast<int>(own.memory.size()) - own.axes[axis][i];
            if (static_cast<int>(other.memory.size()) - other.axes[axis][i] != from_end)
                return false;
        }
    }
    long long cells = 1;
    for (const long long extent : other.memory) cells *= extent;
    return cells == held.channels();
}

value lifted(importer& by, const value& from, const tensor& constant) {
    const extents dims = broadcast(from.dims(), constant.dims);
    value result = aligned_rank(from, dims.size());
    return result.dims() == dims ? result : by.expanded(result, dims);
}

} // namespace

value aligned_rank(value from, std::size_t rank) {
    while (from.where.axes.size() < rank)
        from.where.axes.insert(from.where.axes.begin(), std::vector<int>{});
    return from;
}

value merged(importer& by, const descriptor& what, const value& first, const value& second) {
    const extents dims = broadcast(first.dims(), second.dims());
    value left = aligned_rank(first, dims.size());
    value right = aligned_rank(second, dims.size());
    const bool symmetric = what.operation != operation::difference;
    if (left.dims() != dims && right.dims() == dims && symmetric) std::swap(left, right);
    if (left.dims() != dims)
        left = by.expanded(left, dims, right.dims() == dims ? &right : nullptr);
    value result = left;
    if (right.dims() != dims) {
        const shape held = by.target().extent(left.layer);
        if (what.operation == operation::product && is_gate_of(by, left, right, held)) {
            const shape& gate = by.target().extent(right.layer);
            int other = right.layer;
            if (!is_gate(held, gate)) other = by.reshaped(other, {held.channels()});
            result.layer = by.add(what, {left.layer, other});
            return result;
        }
        right = by.expanded(right, dims, &left);
    }
    result.layer = by.add(what, {left.layer, by.aligned(right, left)});
    return result;
}

value line(importer& by, const value& from, double scale, double offset) {
    if (scale == 1 && offset == 0) return from;
    descriptor what = rescaling<1>::info;
    what.options.alpha = scale;
    what.options.beta = offset;
    return by.follow(from, what);
}

value scaled(importer& by, const value& from, const tensor& factors) {
    return with_constant(by, lifted(by, from, factors), factors, true);
}

value shifted(importer& by, const value& from, const tensor& shifts) {
    return with_constant(by, lifted(by, from, shifts), shifts, false);
}

void convert_arithmetic(importer& by, const node& of) {
    const std::string& type = of.type();
    if (of.inputs() < 1) throw refusal("has no inputs");
    const auto join = [&](const value& left, const value& right) -> value {
        if (type == "Add" || type == "Sum" || type == "Mean") {
            if (right.known) return shifted(by, left, *right.known);
            if (left.known) return shifted(by, right, *left.known);
            return merged(by, add_descriptor, left, right);
        }
        if (type == "Sub") {
            if (right.known)
                return shifted(by, left, mapped(*right.known, [](double x) { return -x; }));
            if (left.known) return shifted(by, line(by, right, -1, 0), *left.known);
            return merged(by, subtract_descriptor, left, right);
        }
        if (type == "Mul") {
            if (right.known) return scaled(by, left, *right.known);
            if (left.known) return scaled(by, right, *left.known);
            return merged(by, multiply_descriptor, left, right);
        }
        if (type == "Div") {
            if (right.known && right.known->count() == 1)
                return line(by, lifted(by, left, *right.known),
                            1 / written(static_cast<float>(right.known->number(0))), 0);
            if (right.known)
                return scaled(by, left, mapped(*right.known, [](double x) { return 1 / x; }));
            if (left.known) return scaled(by, powered(by, right, -1), *left.known);
            return merged(by, multiply_descriptor, left, powered(by, right, -1));
        }
        const bool greatest = type == "Max";
        if (left.known || right.known) {
            const tensor& bound = left.known ? *left.known : *right.known;
            const value& moving = left.known ? right : left;
            if (bound.count() != 1)
                throw refusal("compares with a constant of shape " + spell(bound.dims) +
                              "; only a single number is supported");
            descriptor what = greatest && bound.number(0) == 0 ? relu::info : clip<0, 1>::info;
            constexpr double most = std::numeric_limits<float>::max();
            const double number = written(static_cast<float>(bound.number(0)));
            if (!(greatest && number == 0)) {
                what.options.alpha = greatest ? number : -most;
                what.options.beta = greatest ? most : number;
            }
            return by.follow(lifted(by, moving, bound), what);
        }
        return merged(by, greatest ? maximum_descriptor : minimum_descriptor, left, right);
    };
    const int count = of.inputs();
    if (count != 2 && type != "Sum" && type != "Mean" && type != "Max" && type != "Min")
        throw refusal("has " + std::to_string(count) + " inputs");
    // Many inputs of one shape are one layer.
    bool plain = count > 1;
    for (int i = 0; i < count; ++i)
        plain = plain && !by.is_known(of, i) && by.input(of, i).dims() == by.input(of, 0).dims();
    if (plain && (count > 2 || type == "Mean")) {
        const descriptor& what = type == "Sum"    ? add_descriptor
                                 : type == "Mean" ? average_descriptor
                                 : type == "Max"  ? maximum_descriptor
                                                  : minimum_descriptor;
        value result = by.input(of, 0);
        std::vector<int> inputs{result.layer};
        for (int i = 1; i < count; ++i) inputs.push_back(by.aligned(by.input(of, i), result));
        result.layer = by.add(what, std::move(inputs));
        return by.set(of, 0, std::move(result));
    }
    // What is known comes last where the order does not matter: sums are joined two by two.
    std::vector<int> order;
    for (int i = 0; i < count; ++i)
        if (!by.is_known(of, i)) order.push_back(i);
    if (order.empty()) throw refusal("joins constants in a way that is not supported");
    if (type == "Sub" || type == "Div") order.clear();
    for (int i = 0; i < count; ++i)
        if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
    value result = by.input(of, order[0]);
    for (int i = 1; i < count; ++i) result = join(result, by.input(of, order[at(i)]));
    if (type == "Mean") result = line(by, result, 1.0 / count, 0);
    by.set(of, 0, std::move(result));
}

void convert_power(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (of.type() == "Abs")
        return by.set(of, 0, merged(by, maximum_descriptor, from, line(by, from, -1, 0)));
    if (of.type() == "Sqrt") return by.set(of, 0, powered(by, from, 0.5));
    if (of.type() == "Reciprocal") return by.set(of, 0, powered(by, from, -1));
    if (of.type() == "Neg") return by.set(of, 0, line(by, from, -1, 0));
    const tensor& exponent = by.known(of, 1, "exponents");
    if (exponent.count() != 1)
        throw refusal("raises to several powers; only a single constant one is supported");
    by.set(of, 0,
           powered(by, lifted(by, from, exponent),
                   exponent.real ? written(exponent.reals[0]) : exponent.number(0)));
}

} // namespace ctnn::tool::from_onnx
