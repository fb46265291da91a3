// SPDX-License-Identifier: BSL-1.0
// What moves cells, or only says where they are.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ctnn::tool::from_onnx {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// The attribute, or from some opset on the input.
extents numbers_of(importer& by, const node& of, std::string_view name, int i) {
    if (of.has_input(i)) return by.known(of, i, name).list();
    return of.integers(name);
}

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

value cut(importer& by, const value& from, int axis, long long begin, long long end,
          long long step) {
    const long long extent = from.where.extent(axis);
    if (begin == 0 && end == extent && step == 1) return from;
    if (begin >= end) throw refusal("makes an empty tensor, which is not supported");
    axis_view view = by.along(from, {axis}, true);
    const int rank = by.target().extent(view.of.layer).rank;
    descriptor what = slice<0, 1>::info;
    what.options.target = {static_cast<int>(begin), end == extent ? to_end : static_cast<int>(end)};
    what.options.along = view.axis == rank - 1 ? -1 : view.axis;
    what.options.spatial.stride[0] = whole_int(step, "the step");
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

void convert_same(importer& by, const node& of) {
    if (of.type() == "Dropout" && of.has_output(1) && by.readers(of.output(1)) > 0)
        throw refusal("gives its mask too, which is not supported");
    if (of.type() == "Dropout" && of.has_input(2) && by.is_known(of, 2) &&
        by.known(of, 2, "mode").whole(0) != 0)
        throw refusal("is exported for training. Export the model for evaluation: model.eval()");
    if (of.type() == "Cast" && !is_real_type(type_of_cast(of)))
        throw refusal("turns a tensor into other numbers than floats, which is not supported");
    if (of.type() == "Dropout" || of.type() == "Cast") by.note("dropped " + of.place());
    by.set(of, 0, by.input(of, 0));
}

void convert_reshape(importer& by, const node& of) {
    const value& from = by.input(of, 0);
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
    value from = by.input(of, 0);
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

void convert_split(importer& by, const node& of) {
    const value& from = by.input(of, 0);
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
    value from = by.input(of, 0);
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
    const value& from = by.input(of, 0);
    const tensor& indices = by.known(of, 1, "indices");
    if (from.known) throw refusal("reads a constant at indices that are computed");
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

void convert_expand(importer& by, const node& of) {
    const value& from = by.input(of, 0);
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

void convert_pad(importer& by, const node& of) {
    value from = by.input(of, 0);
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
    const value& from = by.input(of, 0);
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
    const value& from = by.input(of, 0);
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

void refuse_quantised(importer&, const node&) {
    throw refusal(
        "the model is quantised to 8-bit integers, and only float models are imported. Export the "
        "model before quantisation");
}

} // namespace ctnn::tool::from_onnx
