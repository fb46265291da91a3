// SPDX-License-Identifier: BSL-1.0
// Arithmetic with constants and between tensors, matrix products, reductions.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ctnn::tool::from_onnx {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

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

value lifted(importer& by, const value& from, const tensor& constant) {
    const extents dims = broadcast(from.dims(), constant.dims);
    value result = aligned_rank(from, dims.size());
    return result.dims() == dims ? result : by.expanded(result, dims);
}

} // namespace

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
    value result = by.input(of, 0);
    for (int i = 1; i < count; ++i) result = join(result, by.input(of, i));
    if (result.known) throw refusal("joins constants in a way that is not supported");
    if (type == "Mean") result = line(by, result, 1.0 / count, 0);
    by.set(of, 0, std::move(result));
}

void convert_power(importer& by, const node& of) {
    const value& from = by.input(of, 0);
    if (of.type() == "Sqrt") return by.set(of, 0, powered(by, from, 0.5));
    if (of.type() == "Reciprocal") return by.set(of, 0, powered(by, from, -1));
    if (of.type() == "Neg") return by.set(of, 0, line(by, from, -1, 0));
    const tensor& exponent = by.known(of, 1, "exponents");
    if (exponent.count() != 1 || from.known)
        throw refusal("raises to several powers; only a single constant one is supported");
    by.set(of, 0,
           powered(by, lifted(by, from, exponent),
                   exponent.real ? written(exponent.reals[0]) : exponent.number(0)));
}

namespace {

/// x times a matrix along the source's last axis: rows (K) of `matrix(k, n)`.
template <class Matrix>
value product(importer& by, const value& from, long long inputs, long long units, Matrix matrix,
              std::vector<float> bias) {
    const int last = from.rank() - 1;
    if (from.where.extent(last) != inputs)
        throw refusal("reads rows of " + std::to_string(from.where.extent(last)) +
                      " cells, and its matrix has " + std::to_string(inputs) + " rows");
    count_of({inputs, units});
    value rows = from;
    // The row has to be the last pieces in any order: the matrix' rows follow.
    std::vector<int> own = rows.where.axes[at(last)];
    std::sort(own.begin(), own.end());
    const int first = static_cast<int>(rows.where.memory.size() - own.size());
    if (!own.empty() && own.front() != first) {
        std::vector<int> order;
        for (const int axis : rows.where.order())
            if (axis != last) order.push_back(axis);
        order.push_back(last);
        rows = by.arranged(rows, order);
    }
    own = rows.where.axes[at(last)];
    const long long count = by.target().extent(rows.layer).elements() / inputs;
    extents wanted{inputs};
    const shape& held = by.target().extent(rows.layer);
    if (held.channels() == inputs && count > 1)
        wanted.assign(held.extents, held.extents + held.rank);
    else if (count > 1)
        wanted.insert(wanted.begin(), count);
    rows.layer = by.reshaped(rows.layer, wanted);
    const std::vector<long long> sources = rows.where.sources(last);
    std::vector<float> kernel;
    kernel.reserve(at(inputs * units));
    for (long long k = 0; k < inputs; ++k)
        for (long long n = 0; n < units; ++n) kernel.push_back(matrix(sources[at(k)], n));
    descriptor what = dense<1>::info;
    what.options.filters = {static_cast<int>(units)};
    what.options.bias = !bias.empty();
    std::vector<std::vector<float>> weights{std::move(kernel)};
    if (!bias.empty()) weights.push_back(std::move(bias));
    value result = rows;
    result.layer = by.add(what, {rows.layer}, std::move(weights));
    const int begin = static_cast<int>(rows.where.memory.size() - own.size());
    if (units > 1) {
        result.where.replace(begin, static_cast<int>(own.size()), {units});
        result.where.axes[at(last)] = {begin};
    } else {
        result.where.replace(begin, static_cast<int>(own.size()), {});
    }
    return result;
}

/// (M, K) times (K, N), both made at run time.
value product_of_values(importer& by, const value& left, const value& right) {
    const int rank = left.rank();
    const extents of_left = left.dims();
    const extents of_right = right.dims();
    for (std::size_t i = 0; i + 2 < of_left.size(); ++i)
        if (of_left[i] != 1) throw refusal("multiplies several matrices that are made at run time");
    for (std::size_t i = 0; i + 2 < of_right.size(); ++i)
        if (of_right[i] != 1)
            throw refusal("multiplies several matrices that are made at run time");
    if (rank < 2 || right.rank() < 2 || of_left.back() != of_right[of_right.size() - 2])
        throw refusal("multiplies tensors of shapes " + spell(of_left) + " and " + spell(of_right));
    const value rows = by.arranged(left, {rank - 2, rank - 1});
    const value columns = by.arranged(right, {right.rank() - 1, right.rank() - 2});
    value result;
    result.layer = by.add(dot_descriptor, {rows.layer, columns.layer});
    extents dims(at(std::max(rank, right.rank())), 1);
    dims[dims.size() - 2] = of_left[at(rank - 2)];
    dims.back() = of_right.back();
    result.where = layout(dims);
    return result;
}

} // namespace

void convert_gemm(importer& by, const node& of) {
    value left = by.input(of, 0);
    const double alpha = of.real("alpha", 1);
    const double beta = of.real("beta", 1);
    const bool turned = of.integer("transB", 0) != 0;
    if (left.known) throw refusal("its first matrix is constant; only the second one may be");
    if (left.rank() != 2) throw refusal("reads a tensor of shape " + spell(left.dims()));
    if (of.integer("transA", 0) != 0) left.where.transpose({1, 0});
    value result;
    std::vector<float> bias;
    bool added = !of.has_input(2) || beta == 0;
    if (by.is_known(of, 1)) {
        const tensor& matrix = by.known(of, 1, "weights");
        if (matrix.dims.size() != 2 || !matrix.real || matrix.count() == 0)
            throw refusal("its weights have the shape " + spell(matrix.dims));
        const long long inputs = matrix.dims[turned ? 1 : 0];
        const long long units = matrix.dims[turned ? 0 : 1];
        if (!added && by.is_known(of, 2)) {
            const tensor& shift = by.known(of, 2, "bias");
            const bool one = shift.count() == 1;
            if (one || (shift.count() == units && shift.dims.back() == units)) {
                for (long long n = 0; n < units; ++n)
                    bias.push_back(static_cast<float>(beta * shift.number(one ? 0 : n)));
                added = true;
            }
        }
        result = product(
            by, left, inputs, units,
            [&](long long k, long long n) {
                return static_cast<float>(
                    alpha *
                    static_cast<double>(matrix.reals[at(turned ? n * inputs + k : k * units + n)]));
            },
            std::move(bias));
    } else {
        value right = by.input(of, 1);
        if (turned && right.rank() == 2) right.where.transpose({1, 0});
        result = line(by, product_of_values(by, left, right), alpha, 0);
    }
    if (!added) {
        const value& shift = by.input(of, 2);
        if (shift.known) {
            tensor grown = mapped(*shift.known, [](double x) { return x; });
            for (float& number : grown.reals)
                number = static_cast<float>(beta * static_cast<double>(number));
            result = shifted(by, result, grown);
        } else {
            result = merged(by, add_descriptor, result, line(by, shift, beta, 0));
        }
    }
    by.set(of, 0, std::move(result));
}

void convert_matmul(importer& by, const node& of) {
    const value& left = by.input(of, 0);
    const value& right = by.input(of, 1);
    if (!left.known && !right.known) return by.set(of, 0, product_of_values(by, left, right));
    const tensor& matrix = left.known ? *left.known : *right.known;
    extents dims = matrix.dims;
    while (dims.size() > 2 && dims[0] == 1) dims.erase(dims.begin());
    if (dims.size() != 2 || !matrix.real || matrix.count() == 0)
        throw refusal("its constant matrix has the shape " + spell(matrix.dims) +
                      "; one matrix for all is supported");
    if (right.known) {
        if (left.rank() < 2) throw refusal("reads a vector");
        value result = product(
            by, left, dims[0], dims[1],
            [&](long long k, long long n) { return matrix.reals[at(k * dims[1] + n)]; }, {});
        while (result.rank() < static_cast<int>(matrix.dims.size()))
            result.where.axes.insert(result.where.axes.begin(), std::vector<int>{});
        return by.set(of, 0, std::move(result));
    }
    value turned = right; // A X is the transpose of X' A'
    if (right.rank() < 2) throw refusal("reads a vector");
    std::vector<int> order;
    for (int axis = 0; axis < right.rank(); ++axis) order.push_back(axis);
    std::swap(order[order.size() - 1], order[order.size() - 2]);
    turned.where.transpose(order);
    value result =
        product(by, turned, dims[1], dims[0],
                [&](long long k, long long n) { return matrix.reals[at(n * dims[1] + k)]; }, {});
    result.where.transpose(order);
    by.set(of, 0, std::move(result));
}

void convert_reduce(importer& by, const node& of) {
    const std::string& type = of.type();
    const value& from = by.input(of, 0);
    const int rank = from.rank();
    extents axes = of.integers("axes");
    if (of.has_input(1)) axes = by.known(of, 1, "axes").list();
    std::vector<int> reduced = normal_axes(axes, rank);
    if (axes.empty()) {
        if (of.integer("noop_with_empty_axes", 0) != 0) return by.set(of, 0, from);
        for (int axis = 0; axis < rank; ++axis) reduced.push_back(axis);
    }
    const bool keeps = of.integer("keepdims", 1) != 0;
    value result = from;
    if (type == "ReduceMin") result = line(by, result, -1, 0);
    if (type == "ReduceSumSquare") {
        descriptor square = power<2>::info;
        result = by.follow(result, square);
    }
    // The map of an image is a global pool.
    std::vector<int> map;
    for (int axis = 2; axis < rank; ++axis) map.push_back(axis);
    long long length = 1;
    for (const int axis : reduced) length *= result.where.extent(axis);
    if (length == 1 && (type == "ReduceL1" || type == "ReduceL2"))
        throw refusal("takes the norm of single cells, which is not supported");
    const bool image = rank == 4 && reduced == map && result.where.extent(0) == 1 &&
                       (type == "ReduceMean" || type == "ReduceMax");
    if (image) {
        value read = by.channels_last(result);
        result.layer =
            by.add(type == "ReduceMean" ? global_avg_pool2d<>::info : global_max_pool2d<>::info,
                   {read.layer});
        result.where = layout({1, from.dims()[1], 1, 1});
    } else if (length > 1) {
        // A window over one axis of three.
        const axis_view view = by.along(result, reduced, false);
        const shape held = by.target().extent(view.of.layer);
        long long before = 1;
        for (int axis = 0; axis < view.axis; ++axis) before *= held[axis];
        const long long after = held.elements() / (before * length);
        const bool norm = type == "ReduceL1" || type == "ReduceL2";
        const bool greatest = type == "ReduceMax" || type == "ReduceMin";
        descriptor what = norm       ? lp_pool2d<2, 1>::info
                          : greatest ? max_pool2d<1>::info
                                     : avg_pool2d<1>::info;
        what.options.spatial.extent[1] = static_cast<int>(length);
        what.options.spatial.stride[1] = static_cast<int>(length);
        if (norm) what.options.alpha = type == "ReduceL1" ? 1 : 2;
        if (!norm && !greatest && type != "ReduceMean") what.options.divisor = 1;
        result = view.of;
        result.layer = by.add(what, {by.reshaped(view.of.layer, {before, length, after})});
        std::vector<int> pieces = result.where.pieces(reduced);
        std::sort(pieces.begin(), pieces.end());
        result.where.replace(pieces.front(), static_cast<int>(pieces.size()), {});
    }
    if (type == "ReduceMin") result = line(by, result, -1, 0);
    if (!keeps) {
        std::vector<std::vector<int>> kept;
        for (int axis = 0; axis < rank; ++axis)
            if (!std::binary_search(reduced.begin(), reduced.end(), axis))
                kept.push_back(result.where.axes[at(axis)]);
        result.where.axes = std::move(kept);
    }
    by.set(of, 0, std::move(result));
}

} // namespace ctnn::tool::from_onnx
