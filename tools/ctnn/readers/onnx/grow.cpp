// SPDX-License-Identifier: BSL-1.0
// What makes maps larger or smaller: padding, resizing, and channels that become a map.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ctnn::tool::from_onnx {

void convert_pad(importer& by, const node& of) {
    value from = by.moving(of, 0);
    const int rank = from.rank();
    const std::string mode = of.text("mode", "constant");
    const extents given = numbers_of(by, of, "pads", 1);
    double filling = of.real("value", 0);
    if (of.has_input(2)) {
        const tensor& number = by.known(of, 2, "value");
        if (number.count() != 1) throw refusal("its value is no single number");
        filling = number.real ? written(number.reals[0]) : number.number(0);
    }
    std::vector<int> axes(at(rank));
    std::iota(axes.begin(), axes.end(), 0);
    if (of.has_input(3)) {
        axes.clear();
        for (const long long axis : by.known(of, 3, "axes").list())
            axes.push_back(normal_axis(axis, rank));
    }
    if (given.size() != 2 * axes.size())
        throw refusal("has " + std::to_string(given.size()) + " pads for " +
                      std::to_string(axes.size()) + " axes");
    extents before(at(rank));
    extents after(at(rank));
    bool more = false;
    bool less = false;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        before[at(axes[i])] = whole_int(given[i], "the padding");
        after[at(axes[i])] = whole_int(given[axes.size() + i], "the padding");
        more = more || given[i] > 0 || given[axes.size() + i] > 0;
        less = less || given[i] < 0 || given[axes.size() + i] < 0;
    }
    if (!more && !less) return by.set(of, 0, from);
    if (more && less) throw refusal("adds and takes away cells at once, which is not supported");
    // All axes but the last of a layer's tensor can be padded.
    std::vector<int> order = by.full_order(from);
    for (int axis = 0; axis < rank; ++axis)
        if ((before[at(axis)] != 0 || after[at(axis)] != 0) &&
            std::find(order.begin(), order.end(), axis) == order.end())
            order.insert(order.begin(), axis);
    from = by.arranged(from, order);
    std::vector<int> padded = order;
    extents dims = from.dims();
    extents read;
    for (const int axis : order) read.push_back(dims[at(axis)]);
    if (before[at(order.back())] != 0 || after[at(order.back())] != 0) {
        read.push_back(1);
        padded.push_back(-1);
    }
    const auto moved = [&](int axis) {
        return axis >= 0 && (before[at(axis)] != 0 || after[at(axis)] != 0);
    };
    for (std::size_t i = 0; read.size() > max_spatial + 1 && i + 1 < read.size();) {
        if (moved(padded[i]) || moved(padded[i + 1])) {
            ++i;
            continue;
        }
        read[i] *= read[i + 1];
        read.erase(read.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        padded.erase(padded.begin() + static_cast<std::ptrdiff_t>(i));
        if (i + 1 < padded.size()) padded[i] = padded[i] >= 0 && moved(padded[i]) ? padded[i] : -1;
    }
    if (read.size() > max_spatial + 1) throw refusal("pads more than three axes");
    if (read.size() == 1) read.push_back(1), padded.push_back(-1);
    const int count = static_cast<int>(read.size()) - 1;
    const auto pick = [&](const descriptor& one, const descriptor& two, const descriptor& three) {
        return count == 1 ? one : count == 2 ? two : three;
    };
    descriptor what;
    if (less)
        what = pick(cropping1d<0>::info, cropping2d<0>::info, cropping3d<0>::info);
    else if (mode == "constant" && filling == 0)
        what = pick(zero_padding1d<0>::info, zero_padding2d<0>::info, zero_padding3d<0>::info);
    else if (mode == "constant")
        what = pick(constant_pad1d<1, 0>::info, constant_pad2d<1, 0>::info,
                    constant_pad3d<1, 0>::info);
    else if (mode == "reflect")
        what =
            pick(reflection_pad1d<0>::info, reflection_pad2d<0>::info, reflection_pad3d<0>::info);
    else if (mode == "edge")
        what = pick(replication_pad1d<0>::info, replication_pad2d<0>::info,
                    replication_pad3d<0>::info);
    else if (mode == "wrap")
        what = pick(circular_pad1d<0>::info, circular_pad2d<0>::info, circular_pad3d<0>::info);
    else
        throw refusal("attribute mode is " + in_quotes(mode) +
                      "; constant, reflect, edge and wrap are supported");
    if (!less && mode == "constant") what.options.alpha = filling;
    double cells = static_cast<double>(read.back());
    for (int i = 0; i < count; ++i) {
        if (!moved(padded[at(i)])) {
            cells *= static_cast<double>(read[at(i)]);
            continue;
        }
        what.options.spatial.before[i] = static_cast<int>(before[at(padded[at(i)])]);
        what.options.spatial.after[i] = static_cast<int>(after[at(padded[at(i)])]);
        const long long grown =
            read[at(i)] + what.options.spatial.before[i] + what.options.spatial.after[i];
        if (grown < 1) throw refusal("takes away all cells");
        cells *= static_cast<double>(grown);
    }
    if (cells > static_cast<double>(most_elements))
        throw refusal("makes a tensor that is too large");
    value result = from;
    result.layer = by.add(what, {by.reshaped(from.layer, read)});
    extents extent;
    for (int axis = 0; axis < rank; ++axis) dims[at(axis)] += before[at(axis)] + after[at(axis)];
    for (const int axis : order) extent.push_back(dims[at(axis)]);
    result.where = layout(dims, order);
    result.layer = by.reshaped(result.layer, extent);
    by.set(of, 0, std::move(result));
}

void convert_resize(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const int rank = from.rank();
    const int axes = rank - 2;
    if (axes < 1 || axes > max_spatial)
        throw refusal("reads a tensor of shape " + spell(from.dims()));
    const bool old = of.type() == "Upsample" || by.opset() < 11;
    const extents dims = from.dims();
    std::vector<double> scales;
    extents sizes;
    const auto read_scales = [&](int i) {
        const tensor& given = by.known(of, i, "scales");
        for (long long k = 0; k < given.count(); ++k)
            scales.push_back(written(static_cast<float>(given.number(k))));
    };
    if (old) {
        scales = of.reals("scales");
        if (of.has_input(1)) read_scales(1);
    } else {
        if (of.has_input(2)) read_scales(2);
        if (of.has_input(3)) sizes = by.known(of, 3, "sizes").list();
        if (of.integer("antialias", 0) != 0) throw refusal("attribute antialias is not supported");
        if (of.text("keep_aspect_ratio_policy", "stretch") != "stretch")
            throw refusal("attribute keep_aspect_ratio_policy is not supported");
        const extents named = of.integers("axes");
        if (!named.empty()) {
            std::vector<double> all(at(rank), 1.0);
            extents ends = dims;
            for (std::size_t i = 0; i < named.size(); ++i) {
                const int axis = normal_axis(named[i], rank);
                if (i < scales.size()) all[at(axis)] = scales[i];
                if (i < sizes.size()) ends[at(axis)] = sizes[i];
            }
            if (!scales.empty()) scales = all;
            if (!sizes.empty()) sizes = ends;
        }
    }
    if (sizes.empty() && static_cast<int>(scales.size()) != rank)
        throw refusal("has " + std::to_string(scales.size()) + " scales for " +
                      std::to_string(rank) + " axes");
    if (!sizes.empty() && static_cast<int>(sizes.size()) != rank)
        throw refusal("has " + std::to_string(sizes.size()) + " sizes for " + std::to_string(rank) +
                      " axes");
    for (int axis = 0; axis < rank; ++axis) {
        const double scale = sizes.empty() ? scales[at(axis)]
                                           : static_cast<double>(sizes[at(axis)]) /
                                                 static_cast<double>(dims[at(axis)]);
        if (!(scale > 0) ||
            scale * static_cast<double>(dims[at(axis)]) > static_cast<double>(1 << 24))
            throw refusal("has the scale " + std::to_string(scale));
        const double cells = scale * static_cast<double>(dims[at(axis)]);
        if (of.text("coordinate_transformation_mode", "") == "align_corners" &&
            std::abs(cells - std::round(cells)) > 1e-4)
            throw refusal("aligns corners and makes " + std::to_string(cells) +
                          " cells, which engines understand in several ways. Export it with sizes");
        if (axis < 2 && scale != 1)
            throw refusal("resizes the batch or the channels, which is not supported");
    }
    const std::string mode = of.text("mode", "nearest");
    const std::string place =
        old ? "asymmetric" : of.text("coordinate_transformation_mode", "half_pixel");
    const std::string rounding = old ? "floor" : of.text("nearest_mode", "round_prefer_floor");
    interpolation method{};
    if (mode == "nearest")
        method = rounding == "round_prefer_floor"  ? interpolation::nearest_prefer_floor
                 : rounding == "round_prefer_ceil" ? interpolation::nearest
                 : rounding == "floor"             ? interpolation::nearest_floor
                                                   : interpolation::nearest_ceil;
    else if (mode == "linear" || mode == "bilinear")
        method = interpolation::linear;
    else if (mode == "cubic")
        method = interpolation::cubic;
    else
        throw refusal("attribute mode is " + in_quotes(mode));
    static constexpr std::string_view names[] = {"half_pixel",         "half_pixel_symmetric",
                                                 "pytorch_half_pixel", "align_corners",
                                                 "asymmetric",         "tf_half_pixel_for_nn"};
    const auto named = std::find(std::begin(names), std::end(names), place);
    if (named == std::end(names))
        throw refusal("attribute coordinate_transformation_mode is " + in_quotes(place) +
                      ", which is not supported");
    const auto places = static_cast<coordinates>(named - std::begin(names));
    bool whole = sizes.empty();
    for (const double scale : scales) whole = whole && scale >= 1 && scale == std::floor(scale);
    // Sizes that are whole factors say the same.
    bool factors = !sizes.empty();
    for (int axis = 0; axis < rank && factors; ++axis)
        factors = sizes[at(axis)] % dims[at(axis)] == 0;
    const auto pick = [&](const descriptor& one, const descriptor& two, const descriptor& three) {
        return axes == 1 ? one : axes == 2 ? two : three;
    };
    descriptor what =
        sizes.empty() || factors
            ? pick(up_sampling1d<1>::info, up_sampling2d<1>::info, up_sampling3d<1>::info)
            : pick(resizing1d<1>::info, resizing2d<1>::info, resizing3d<1>::info);
    what.options.method = method;
    what.options.places = places;
    what.operation = operation::other;
    if (mode == "cubic") what.options.coefficient = of.real("cubic_coeff_a", -0.75);
    what.options.exclude_outside = of.integer("exclude_outside", 0) != 0 && mode != "nearest";
    double* const scale_of[] = {&what.options.alpha, &what.options.beta, &what.options.limit};
    if (!sizes.empty() && !factors) what.options.target = shape{};
    for (int axis = 0; axis < axes; ++axis) {
        if (factors)
            what.options.spatial.extent[axis] =
                static_cast<int>(sizes[at(axis + 2)] / dims[at(axis + 2)]);
        else if (!sizes.empty())
            what.options.target.append(static_cast<int>(sizes[at(axis + 2)]));
        else if (whole)
            what.options.spatial.extent[axis] = static_cast<int>(scales[at(axis + 2)]);
        else
            *scale_of[axis] = scales[at(axis + 2)];
    }
    // By whole factors these only repeat cells.
    const bool repeats =
        (whole || factors) && mode == "nearest" &&
        ((places == coordinates::asymmetric && method == interpolation::nearest_floor) ||
         (places == coordinates::half_pixel && method != interpolation::nearest_floor &&
          method != interpolation::nearest_ceil));
    if (repeats) {
        what.options.method = interpolation::nearest;
        what.options.places = coordinates::half_pixel;
        what.operation = operation::repeat;
    }
    double cells = static_cast<double>(dims[1]);
    for (int axis = 2; axis < rank; ++axis)
        cells *=
            std::max(1.0, sizes.empty() ? scales[at(axis)] * static_cast<double>(dims[at(axis)])
                                        : static_cast<double>(sizes[at(axis)]));
    if (cells > static_cast<double>(most_elements))
        throw refusal("makes a tensor that is too large");
    value result;
    result.layer = by.add(what, {by.channels_last(from).layer});
    const shape made = by.target().extent(result.layer);
    extents extent{1, dims[1]};
    std::vector<int> order;
    for (int axis = 0; axis < axes; ++axis) {
        extent.push_back(made[axis]);
        order.push_back(axis + 2);
    }
    order.push_back(1);
    result.where = layout(extent, order);
    by.set(of, 0, std::move(result));
}

void convert_square(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (from.rank() != 4) throw refusal("reads a tensor of shape " + spell(from.dims()));
    const bool deep = of.type() == "SpaceToDepth";
    const std::string mode = of.text("mode", "DCR");
    if (mode != "DCR" && mode != "CRD") throw refusal("attribute mode is " + in_quotes(mode));
    descriptor what = deep            ? space_to_depth<1>::info
                      : mode == "CRD" ? pixel_shuffle<1>::info
                                      : depth_to_space<1>::info;
    const long long side = of.integer("blocksize", 0);
    if (side < 1 || side > 4096) throw refusal("attribute blocksize is " + std::to_string(side));
    what.options.target = {static_cast<int>(side)};
    const extents dims = from.dims();
    if (deep ? dims[2] % side != 0 || dims[3] % side != 0 : dims[1] % (side * side) != 0)
        throw refusal("attribute blocksize is " + std::to_string(side) +
                      ", and it reads a tensor of shape " + spell(dims));
    value result;
    result.layer = by.add(what, {by.channels_last(from).layer});
    const shape made = by.target().extent(result.layer);
    result.where = layout({1, made[2], made[0], made[1]}, {2, 3, 1});
    by.set(of, 0, std::move(result));
}

} // namespace ctnn::tool::from_onnx
