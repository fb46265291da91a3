// SPDX-License-Identifier: BSL-1.0
// Reductions: windows as long as what they reduce.
#include "operators.hpp"

#include <algorithm>

namespace ctnn::tool::from_onnx {

void convert_reduce(importer& by, const node& of) {
    const std::string& type = of.type();
    const value& from = by.moving(of, 0);
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
