// SPDX-License-Identifier: BSL-1.0
// Products with matrices.
#include "operators.hpp"

#include <algorithm>

namespace ctnn::tool::from_onnx {

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

/// (..., M, K) times constants (..., K, N).
value product_of_constant(importer& by, const value& given, const tensor& matrix) {
    const extents& of_matrix = matrix.dims;
    const std::size_t rank = std::max(at(given.rank()), of_matrix.size());
    const long long inputs = of_matrix[of_matrix.size() - 2];
    const long long units = of_matrix.back();
    value from = aligned_rank(given, rank);
    if (matrix.count() == inputs * units) // one matrix for all
        return product(by, from, inputs, units,
                       [&](long long k, long long n) { return matrix.reals[at(k * units + n)]; },
                       {});
    extents dims = from.dims();
    if (dims.back() != inputs)
        throw refusal("multiplies tensors of shapes " + spell(dims) + " and " + spell(of_matrix));
    // A matrix each: groups of a convolution whose window is one cell.
    std::vector<int> order;
    std::vector<int> groups;
    for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
        const std::size_t from_end = rank - axis;
        const bool varies =
            from_end <= of_matrix.size() && of_matrix[of_matrix.size() - from_end] != 1;
        (varies ? groups : order).push_back(static_cast<int>(axis));
        if (varies) dims[axis] = of_matrix[of_matrix.size() - from_end];
    }
    if (broadcast(from.dims(), dims) != dims)
        throw refusal("multiplies tensors of shapes " + spell(from.dims()) + " and " +
                      spell(of_matrix));
    if (from.dims() != dims) from = by.expanded(from, dims);
    order.push_back(static_cast<int>(rank) - 2);
    long long rows = 1;
    for (const int axis : order) rows *= dims[at(axis)];
    order.insert(order.end(), groups.begin(), groups.end());
    const long long count = matrix.count() / (inputs * units);
    order.push_back(static_cast<int>(rank) - 1);
    count_of({rows, count, units});
    from = by.arranged(from, order);
    descriptor what = conv1d<1, 1, no_bias>::info;
    what.options.filters = {static_cast<int>(count * units)};
    what.options.groups = static_cast<int>(count);
    std::vector<float> kernel(at(matrix.count()));
    for (long long g = 0; g < count; ++g)
        for (long long k = 0; k < inputs; ++k)
            for (long long n = 0; n < units; ++n)
                kernel[at((k * count + g) * units + n)] =
                    matrix.reals[at((g * inputs + k) * units + n)];
    value result;
    result.layer =
        by.add(what, {by.reshaped(from.layer, {rows, count * inputs})}, {std::move(kernel)});
    dims.back() = units;
    result.where = layout(dims, order);
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
            tensor grown;
            grown.dims = shift.known->dims;
            for (long long i = 0; i < shift.known->count(); ++i)
                grown.reals.push_back(static_cast<float>(beta * shift.known->number(i)));
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
    if (left.known && right.known) throw refusal("multiplies constants");
    const tensor& matrix = left.known ? *left.known : *right.known;
    if (!matrix.real || matrix.dims.size() < 2 || matrix.count() == 0)
        throw refusal("its constant matrix has the shape " + spell(matrix.dims));
    if ((left.known ? right : left).rank() < 2) throw refusal("multiplies a vector");
    if (right.known) return by.set(of, 0, product_of_constant(by, left, matrix));
    const auto last_two_swapped = [](std::size_t rank) { // A X is the transpose of X' A'
        std::vector<int> order;
        for (std::size_t axis = 0; axis < rank; ++axis) order.push_back(static_cast<int>(axis));
        std::swap(order[rank - 1], order[rank - 2]);
        return order;
    };
    value turned = right;
    turned.where.transpose(last_two_swapped(at(right.rank())));
    tensor flipped = matrix;
    const long long rows = matrix.dims[matrix.dims.size() - 2];
    const long long columns = matrix.dims.back();
    std::swap(flipped.dims.back(), flipped.dims[flipped.dims.size() - 2]);
    for (long long i = 0; i < matrix.count(); ++i) {
        const long long row = i / columns % rows;
        const long long column = i % columns;
        flipped.reals[at(i - row * columns - column + column * rows + row)] = matrix.reals[at(i)];
    }
    value result = product_of_constant(by, turned, flipped);
    result.where.transpose(last_two_swapped(at(result.rank())));
    by.set(of, 0, std::move(result));
}

} // namespace ctnn::tool::from_onnx
