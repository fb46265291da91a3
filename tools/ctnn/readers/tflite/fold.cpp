// SPDX-License-Identifier: BSL-1.0
// Operators on numbers that are known: what exporters write to compute extents, and weights that
// are stored in half precision.
#include "importer.hpp"

#include <algorithm>
#include <functional>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

constexpr long long most_folded = 4096; ///< numbers of an extent's computation

constant wholes_of(std::vector<long long> numbers, extents dims) {
    constant result;
    result.dims = std::move(dims);
    result.real = false;
    result.wholes = std::move(numbers);
    return result;
}

bool fold_arithmetic(importer& by, const node& of) {
    const constant& left = by.known(of, 0, "numbers");
    const constant& right = by.known(of, 1, "numbers");
    if (left.real || right.real) return false;
    const long long count = std::max(left.count(), right.count());
    if (count > most_folded || (left.count() != count && left.count() != 1) ||
        (right.count() != count && right.count() != 1))
        return false;
    constant result = wholes_of({}, left.count() == count ? left.dims : right.dims);
    for (long long i = 0; i < count; ++i) {
        const long long a = left.wholes[left.count() == 1 ? 0 : at(i)];
        const long long b = right.wholes[right.count() == 1 ? 0 : at(i)];
        if (std::max(std::abs(a), std::abs(b)) > 1LL << 30 || std::min(a, b) < -(1LL << 30))
            return false;
        result.wholes.push_back(of.type() == "ADD"       ? a + b
                                : of.type() == "SUB"     ? a - b
                                : of.type() == "MUL"     ? a * b
                                : of.type() == "MAXIMUM" ? std::max(a, b)
                                                         : std::min(a, b));
    }
    by.give(of, std::move(result));
    return true;
}

/// Numbers of one axis.
bool fold_slice(importer& by, const node& of) {
    const constant& from = by.known(of, 0, "numbers");
    if (from.real || from.dims.size() != 1) return false;
    const std::vector<long long> begins = by.wholes(of, 1, "beginnings");
    const std::vector<long long> ends = by.wholes(of, 2, "ends");
    if (begins.size() != 1 || ends.size() != 1) return false;
    const long long extent = from.dims[0];
    long long begin = begins[0] < 0 ? begins[0] + extent : begins[0];
    long long end = ends[0];
    long long step = 1;
    bool shrinks = false;
    if (of.type() == "STRIDED_SLICE") {
        const std::vector<long long> steps = by.wholes(of, 3, "strides");
        const auto& options = of.options<format::StridedSlice>();
        if (steps.size() != 1 || steps[0] < 1 || options.ellipsis_mask() != 0 ||
            options.new_axis_mask() != 0 || options.offset())
            return false;
        step = std::min(steps[0], extent);
        shrinks = (options.shrink_axis_mask() & 1) != 0;
        if ((options.begin_mask() & 1) != 0 && !shrinks) begin = 0;
        if (end < 0) end += extent;
        if ((options.end_mask() & 1) != 0) end = extent;
        if (shrinks) end = begin + 1;
    } else {
        end = end == -1 ? extent : begin + std::min(end, extent);
    }
    end = std::min(end, extent);
    if (begin < 0 || begin >= end) return false;
    constant result = wholes_of({}, {});
    for (long long i = begin; i < end; i += step) result.wholes.push_back(from.wholes[at(i)]);
    if (!shrinks) result.dims = {static_cast<long long>(result.wholes.size())};
    by.give(of, std::move(result));
    return true;
}

bool fold_gather(importer& by, const node& of) {
    const constant& from = by.known(of, 0, "numbers");
    const constant& indices = by.known(of, 1, "indices");
    if (from.real || from.dims.size() != 1 || indices.real || indices.count() > most_folded)
        return false;
    constant result = wholes_of({}, indices.dims);
    for (const long long index : indices.wholes) {
        if (index < 0 || index >= from.dims[0]) throw refusal("takes a number that is not there");
        result.wholes.push_back(from.wholes[at(index)]);
    }
    by.give(of, std::move(result));
    return true;
}

/// Numbers one after the other.
bool fold_join(importer& by, const node& of) {
    constant result = wholes_of({}, {});
    for (int i = 0; i < of.inputs(); ++i) {
        const constant& next = by.known(of, i, "numbers");
        if (next.real || next.dims.size() > (of.type() == "PACK" ? 0U : 1U)) return false;
        if (static_cast<long long>(result.wholes.size()) + next.count() > most_folded) return false;
        result.wholes.insert(result.wholes.end(), next.wholes.begin(), next.wholes.end());
    }
    result.dims = {static_cast<long long>(result.wholes.size())};
    by.give(of, std::move(result));
    return true;
}

} // namespace

bool fold(importer& by, const node& of) {
    const std::string& type = of.type();
    if (type == "SHAPE") {
        const extents dims = by.input(of, 0).dims;
        by.give(of, wholes_of(dims, {static_cast<long long>(dims.size())}));
        return true;
    }
    if (of.inputs() == 0) return false;
    for (int i = 0; i < of.inputs(); ++i)
        if (by.has_input(of, i) && !by.is_known(of, i)) return false;
    if (type == "DEQUANTIZE" || type == "CAST") {
        constant same = by.known(of, 0, "numbers");
        by.give(of, std::move(same));
        return true;
    }
    if (type == "ADD" || type == "SUB" || type == "MUL" || type == "MAXIMUM" || type == "MINIMUM")
        return fold_arithmetic(by, of);
    if (type == "SLICE" || type == "STRIDED_SLICE") return fold_slice(by, of);
    if (type == "GATHER") return fold_gather(by, of);
    if (type == "PACK" || type == "CONCATENATION") return fold_join(by, of);
    if (type == "REDUCE_PROD") {
        const constant& from = by.known(of, 0, "numbers");
        if (from.real || from.dims.size() > 1 || from.count() > 16) return false;
        long long product = 1;
        for (const long long number : from.wholes) {
            if (number < 0 || number > most_cells || product > most_cells) return false;
            product *= number;
        }
        by.give(of, wholes_of({product}, {}));
        return true;
    }
    if (type == "RESHAPE" || type == "SQUEEZE" || type == "EXPAND_DIMS") {
        constant same = by.known(of, 0, "numbers");
        if (same.dims.size() > 1 || same.count() > most_folded) return false;
        const long long count = same.count();
        same.dims =
            type == "SQUEEZE" || (type == "RESHAPE" && count == 1) ? extents{} : extents{count};
        by.give(of, std::move(same));
        return true;
    }
    return false;
}

} // namespace ctnn::tool::from_tflite
