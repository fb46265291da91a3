// SPDX-License-Identifier: BSL-1.0
// Operators that move cells, or see them in another shape.
#include "importer.hpp"

#include <algorithm>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// What RESHAPE, SQUEEZE and EXPAND_DIMS make of extents.
extents reshaped_dims(importer& by, const node& of, const value& from) {
    const long long count = count_of(from.dims);
    if (of.type() == "EXPAND_DIMS") {
        const std::vector<long long> axis = by.wholes(of, 1, "axes");
        const auto rank = static_cast<long long>(from.dims.size());
        if (axis.size() != 1 || axis[0] < -rank - 1 || axis[0] > rank)
            throw refusal("adds an axis that cannot be");
        extents dims = from.dims;
        dims.insert(dims.begin() + (axis[0] < 0 ? axis[0] + rank + 1 : axis[0]), 1);
        return dims;
    }
    if (of.type() == "SQUEEZE") {
        std::vector<bool> gone(from.dims.size());
        const auto* options = of.find<format::Squeeze>();
        const auto* list = options == nullptr ? nullptr : options->squeeze_dims();
        if (list != nullptr)
            for (const int axis : *list) {
                const int own = by.axis_of(from, axis);
                if (from.dims[at(own)] != 1)
                    throw refusal("leaves out an axis that is longer than 1");
                gone[at(own)] = true;
            }
        extents dims;
        for (std::size_t axis = 0; axis < gone.size(); ++axis)
            if (list == nullptr || list->size() == 0 ? from.dims[axis] != 1 : !gone[axis])
                dims.push_back(from.dims[axis]);
        return dims;
    }
    extents dims;
    if (by.has_input(of, 1)) {
        dims = by.wholes(of, 1, "extents");
    } else {
        const auto& options = of.options<format::Reshape>();
        if (options.new_shape() != nullptr)
            for (const int extent : *options.new_shape()) dims.push_back(extent);
    }
    if (dims.size() > 8) throw refusal("gives more than 8 axes");
    const auto settle = [&](extents wanted) {
        long long known = 1;
        int open = -1;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i] == -1 && open < 0) {
                open = static_cast<int>(i);
            } else if (wanted[i] < 1 || wanted[i] > most_cells / known) {
                return extents{};
            } else {
                known *= wanted[i];
            }
        }
        if (open >= 0 && count % known == 0)
            wanted[at(open)] = count / known;
        else if (open >= 0 || known != count)
            return extents{};
        return wanted;
    };
    extents found = settle(dims);
    if (found.empty() && !dims.empty() && by.batch() > 1 && dims[0] == by.batch()) {
        dims[0] = 1; // the batch that became 1
        found = settle(dims);
    }
    if (found.empty() && !(dims.empty() && count == 1))
        throw refusal("turns a tensor of shape " + spell(from.dims) + " into " + spell(dims) +
                      ", which has other cells");
    return found;
}

} // namespace

void convert_reshape(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    by.give(of, from.layer, reshaped_dims(by, of, from));
}

void convert_identity(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    by.give(of, from.layer, from.dims);
}

void convert_transpose(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const std::vector<long long> order = by.wholes(of, 1, "axes");
    if (order.size() != from.dims.size()) throw refusal("names not each axis");
    std::vector<bool> seen(order.size());
    extents dims;
    std::vector<int> squeezed(order.size(), -1); // places among the axes longer than 1
    shape long_axes;
    for (std::size_t axis = 0; axis < from.dims.size(); ++axis)
        if (from.dims[axis] != 1) {
            if (long_axes.rank == max_rank) throw refusal("turns too many axes");
            squeezed[axis] = long_axes.rank;
            long_axes.append(whole_number(from.dims[axis], "an extent"));
        }
    std::vector<int> turned;
    for (const long long axis : order) {
        const int own = by.axis_of(from, axis);
        if (seen[at(own)]) throw refusal("names an axis twice");
        seen[at(own)] = true;
        dims.push_back(from.dims[at(own)]);
        if (squeezed[at(own)] >= 0) turned.push_back(squeezed[at(own)]);
    }
    const bool plain = order[0] == 0 && has_batch(from.dims);
    builder& build = by.build();
    if (std::is_sorted(turned.begin(), turned.end())) return by.give(of, from.layer, dims);
    if (plain) {
        descriptor what = permute<0>::info;
        what.options.target = shape{};
        for (std::size_t i = 1; i < order.size(); ++i)
            what.options.target.append(by.held_axis(from, order[i]));
        return by.give(of, by.add(of, what, {from.layer}), dims);
    }
    by.give(of, build.permuted(build.reshaped(from.layer, long_axes), turned), dims);
}

void convert_concatenation(importer& by, const node& of) {
    const auto& options = of.options<format::Concatenation>();
    if (of.inputs() < 1) throw refusal("joins no tensors");
    const value& first = by.moving(of, 0);
    const int axis = by.held_axis(first, options.axis());
    const int own = by.axis_of(first, options.axis());
    std::vector<int> inputs;
    extents dims = first.dims;
    dims[at(own)] = 0;
    for (int i = 0; i < of.inputs(); ++i) {
        const value& next = by.moving(of, i);
        if (next.dims.size() != first.dims.size()) throw refusal("joins tensors of other ranks");
        inputs.push_back(next.layer);
        dims[at(own)] += next.dims[at(own)];
    }
    int made = inputs[0];
    if (inputs.size() > 1) {
        descriptor what = concat_descriptor;
        what.options.along = axis == by.build().rank(made) - 1 ? -1 : axis;
        made = by.add(of, what, inputs);
    }
    by.give(of, by.activated(made, options.activation()), dims);
}

void convert_pack(importer& by, const node& of) {
    const auto& options = of.options<format::Stack>();
    if (of.inputs() < 1) throw refusal("joins no tensors");
    const value& first = by.moving(of, 0);
    const auto rank = static_cast<long long>(first.dims.size());
    const long long axis = options.axis() < 0 ? options.axis() + rank + 1 : options.axis();
    if (axis < 0 || axis > rank) throw refusal("joins along an axis that cannot be");
    extents single = first.dims;
    single.insert(single.begin() + axis, 1);
    if (axis == 0 && has_batch(single) && of.inputs() > 1)
        throw refusal("joins along the batch, which is not supported");
    std::vector<int> inputs;
    for (int i = 0; i < of.inputs(); ++i) {
        const value& next = by.moving(of, i);
        if (next.dims != first.dims) throw refusal("joins tensors of other shapes");
        inputs.push_back(by.build().reshaped(next.layer, held(single)));
    }
    int made = inputs[0];
    if (inputs.size() > 1) {
        descriptor what = concat_descriptor;
        what.options.along = static_cast<int>(axis) - (has_batch(single) ? 1 : 0);
        made = by.add(of, what, inputs);
    }
    single[at(axis)] = of.inputs();
    by.give(of, made, single);
}

void convert_pad(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const constant& given = by.known(of, 1, "paddings");
    const std::size_t rank = from.dims.size();
    if (given.real || given.dims != extents{static_cast<long long>(rank), 2})
        throw refusal("has paddings of shape " + spell(given.dims));
    double number = 0;
    if (of.type() == "PADV2") {
        const constant& filling = by.known(of, 2, "numbers to fill with");
        if (filling.count() != 1 || !filling.real) throw refusal("fills with no single number");
        number = as_written(filling.reals[0]);
    }
    border beyond = border::zeros;
    bool any = false;
    for (const long long cells : given.wholes) {
        if (cells < 0) throw refusal("has padding that is negative");
        any = any || cells != 0;
    }
    if (of.type() == "MIRROR_PAD") {
        if (of.options<format::MirrorPad>().mode() != 0 && any)
            throw refusal("mirrors a map with its edge (SYMMETRIC); only REFLECT is supported");
        beyond = border::reflect;
    }
    extents dims = from.dims;
    std::vector<int> before;
    std::vector<int> after;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        const long long front = given.wholes[2 * axis];
        const long long back = given.wholes[2 * axis + 1];
        dims[axis] += whole_number(front, "padding");
        dims[axis] += whole_number(back, "padding");
        if (axis == 0 && has_batch(from.dims)) {
            if (front != 0 || back != 0) throw refusal("pads the batch, which is not supported");
            continue;
        }
        before.push_back(static_cast<int>(front));
        after.push_back(static_cast<int>(back));
    }
    if (from.dims.empty()) throw refusal("pads a single number");
    count_of(dims);
    by.give(of, by.build().padded(from.layer, before, after, number, beyond, by.name_of(of)), dims);
}

void convert_split(importer& by, const node& of) {
    const bool sized = of.type() == "SPLIT_V";
    const value& from = by.moving(of, sized ? 0 : 1);
    const std::vector<long long> axes = by.wholes(of, sized ? 2 : 0, "axes");
    if (axes.size() != 1) throw refusal("cuts along no single axis");
    const int own = by.axis_of(from, axes[0]);
    const int axis = by.held_axis(from, axes[0]);
    const long long extent = from.dims[at(own)];
    const int parts = of.outputs();
    std::vector<long long> sizes;
    if (sized) {
        sizes = by.wholes(of, 1, "sizes");
        long long known = 0;
        for (const long long size : sizes)
            if (size > 0 && size <= extent) known += size;
        for (long long& size : sizes)
            if (size == -1) size = extent - known;
    } else if (parts > 0) {
        sizes.assign(at(parts), extent / parts);
    }
    long long all = 0;
    for (const long long size : sizes) {
        if (size < 1 || size > extent) throw refusal("cuts out no cells");
        all += size;
    }
    if (all != extent || sizes.size() != at(parts))
        throw refusal("cuts an axis of " + std::to_string(extent) + " cells into " +
                      std::to_string(parts) + " parts that are not all of it");
    const extents whole = from.dims;
    const int layer = from.layer;
    long long begin = 0;
    for (int part = 0; part < parts; ++part) {
        int made = layer;
        if (!sized && parts > 1) {
            descriptor what = split<1, 0>::info;
            what.options.target = {parts, part};
            what.options.along = axis == by.build().rank(layer) - 1 ? -1 : axis;
            made = by.build().add(what, {layer});
        } else {
            made = by.build().sliced(layer, axis, static_cast<int>(begin),
                                     static_cast<int>(begin + sizes[at(part)]));
        }
        begin += sizes[at(part)];
        extents dims = whole;
        dims[at(own)] = sizes[at(part)];
        by.give(of, made, dims, part);
    }
}

void convert_slice(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const std::size_t rank = from.dims.size();
    const std::vector<long long> begins = by.wholes(of, 1, "beginnings");
    const std::vector<long long> ends = by.wholes(of, 2, "ends");
    std::vector<long long> steps(rank, 1);
    const bool strided = of.type() == "STRIDED_SLICE";
    int masks[3]{};
    if (strided) {
        steps = by.wholes(of, 3, "strides");
        const auto& options = of.options<format::StridedSlice>();
        if (options.ellipsis_mask() != 0 || options.new_axis_mask() != 0 || options.offset())
            throw refusal("has masks that are not supported");
        masks[0] = options.begin_mask();
        masks[1] = options.end_mask();
        masks[2] = options.shrink_axis_mask();
    }
    if (begins.size() != rank || ends.size() != rank || steps.size() != rank)
        throw refusal("names not each axis");
    int layer = from.layer;
    extents dims;
    const int batch = has_batch(from.dims) ? 1 : 0;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        const long long extent = from.dims[axis];
        const bool shrinks = (masks[2] >> axis & 1) != 0;
        if (steps[axis] < 1) throw refusal("goes backwards, which is not supported");
        long long begin = begins[axis];
        if (begin < 0) begin += extent;
        long long end = strided ? ends[axis] : ends[axis] == -1 ? extent : begin + ends[axis];
        if (strided && end < 0) end += extent;
        if ((masks[0] >> axis & 1) != 0 && !shrinks) begin = 0;
        if ((masks[1] >> axis & 1) != 0) end = extent;
        if (shrinks) end = begin + 1;
        end = std::min(end, extent);
        if (begin < 0 || begin >= extent || end <= begin)
            throw refusal("cuts out no cells of an axis of " + std::to_string(extent));
        const long long step = std::min(steps[axis], extent);
        const long long cells = (end - begin + step - 1) / step;
        if (static_cast<int>(axis) >= batch)
            layer =
                by.build().sliced(layer, static_cast<int>(axis) - batch, static_cast<int>(begin),
                                  static_cast<int>(end), static_cast<int>(step));
        if (!shrinks) dims.push_back(cells);
    }
    by.give(of, layer, dims);
}

void convert_block(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (from.dims.size() != 4 || from.dims[0] != 1)
        throw refusal("reads a tensor of shape " + spell(from.dims) + ", expected a map");
    const bool to_space = of.type() == "DEPTH_TO_SPACE";
    descriptor what = to_space ? depth_to_space<1>::info : space_to_depth<1>::info;
    what.options.target = {to_space ? of.options<format::DepthBlock>().block_size()
                                    : of.options<format::Block>().block_size()};
    if (what.options.target[0] < 1) throw refusal("has blocks of no cells");
    const int made = by.add(of, what, {from.layer});
    const shape& extent = by.build().extent(made);
    by.give(of, made, {1, extent[0], extent[1], extent[2]});
}

} // namespace ctnn::tool::from_tflite
