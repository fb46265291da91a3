// SPDX-License-Identifier: BSL-1.0
#include "builder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace ctnn::tool {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// The product, or more than `most`.
long long product(const shape& extent, long long most) {
    long long result = 1;
    for (int axis = 0; axis < extent.rank; ++axis) {
        if (extent[axis] < 1 || extent[axis] > most / result) return most + 1;
        result *= extent[axis];
    }
    return result;
}

void bound(long long number, long long most, const char* what) {
    if (number < -most || number > most)
        throw refusal(std::string(what) + " of " + std::to_string(number) +
                      " is more than is supported (" + std::to_string(most) + ")");
}

void bound_cells(const shape& extent, const char* what) {
    if (product(extent, most_cells) > most_cells)
        throw refusal(std::string(what) + " of shape " + spell(extent) + " has more than " +
                      std::to_string(most_cells) + " numbers");
}

} // namespace

std::string spell(const std::vector<long long>& dims) {
    std::string list = "(";
    for (std::size_t i = 0; i < dims.size(); ++i)
        list += (i > 0 ? ", " : "") + (dims[i] < 0 ? "None" : std::to_string(dims[i]));
    return list + ")";
}

std::string spell(const shape& extent) {
    return spell(std::vector<long long>(extent.extents, extent.extents + extent.rank));
}

std::string printable(std::string_view name) {
    std::string result(name.substr(0, 100));
    for (char& character : result)
        if (character < ' ' || character > '~' || character == '\'') character = '?';
    if (name.size() > result.size()) result += "...";
    return result;
}

shape shape_of(const std::vector<long long>& dims) {
    if (dims.size() > static_cast<std::size_t>(max_rank))
        throw refusal("a tensor of shape " + spell(dims) + " has more than " +
                      std::to_string(max_rank) + " axes");
    shape result;
    for (const long long extent : dims) {
        if (extent < 1 || extent > most_cells)
            throw refusal("a tensor has the shape " + spell(dims) +
                          ", and every extent must be at least 1 and at most " +
                          std::to_string(most_cells));
        result.append(static_cast<int>(extent));
    }
    bound_cells(result, "a tensor");
    return result;
}

int whole_number(long long number, std::string_view what) {
    if (number < -(1LL << 30) || number > 1LL << 30)
        throw refusal(std::string(what) + " is " + std::to_string(number) +
                      ", which is more than is supported");
    return static_cast<int>(number);
}

double as_written(float number) {
    char digits[32];
    for (int precision = 6; precision < 9; ++precision) {
        std::snprintf(digits, sizeof digits, "%.*g", precision, static_cast<double>(number));
        const double read = std::strtod(digits, nullptr);
        if (static_cast<float>(read) == number) return read;
    }
    return static_cast<double>(number);
}

void builder::check(const layer& next) const {
    const attributes& options = next.what.options;
    const window& over = options.spatial;
    if (next.inputs.size() > 4096) throw refusal("joins more than 4096 tensors");
    if (to_.layers.size() > 20000) throw refusal("there are more than 20000 layers");
    const shape& map = to_.extent(next.inputs.at(0));
    long long joined = 0;
    for (const int read : next.inputs)
        for (int axis = 0; axis < to_.extent(read).rank; ++axis) joined += to_.extent(read)[axis];
    if (next.inputs.size() > 1) bound(joined, most_cells, "a joined axis");
    long long cells = 1;
    for (int axis = 0; axis < over.axes; ++axis) {
        bound(over.extent[axis], most_extent, "a window");
        bound(over.stride[axis], most_extent, "a stride");
        bound(over.dilation[axis], most_extent, "a dilation");
        bound(over.before[axis], most_extent, "padding");
        bound(over.after[axis], most_extent, "padding");
        bound(over.extra[axis], most_extent, "padding");
        const long long span = 1LL * over.extent[axis] * over.dilation[axis];
        bound(span, most_extent, "a window");
        const long long extent = axis < map.rank ? map[axis] : 1;
        bound(extent, most_cells, "an extent");
        long long made = extent + span + over.before[axis] + over.after[axis];
        if (next.what.family == family::transposed) made = extent * over.stride[axis] + made;
        if (made > 0) bound(cells, most_cells, "a map"), cells *= made;
    }
    const bool weighted =
        next.what.family == family::conv || next.what.family == family::depthwise ||
        next.what.family == family::transposed || next.what.family == family::dense ||
        next.what.operation == operation::separable;
    bound(options.filters.count, most_extent, "a number of filters");
    bound(options.groups, most_extent, "a number of groups");
    bound(options.depth_multiplier, most_extent, "a depth multiplier");
    if (weighted) {
        if (next.what.family != family::dense && over.axes + 1 != map.rank)
            throw refusal("reads a tensor of shape " + spell(map) + ", and expects one with " +
                          std::to_string(over.axes + 1) + " axes, batch left out");
        if (options.groups < 1 || options.depth_multiplier < 1)
            throw refusal("has a number of groups or a depth multiplier below 1");
        bound(1LL * map.channels() * options.depth_multiplier, most_extent, "channels");
        shape kernel = over.each(over.extent);
        kernel.append(map.channels());
        if (next.what.family != family::depthwise) kernel.append(options.filters.count);
        for (int axis = 0; axis < kernel.rank; ++axis)
            if (kernel[axis] < 1) throw refusal("has a kernel of shape " + spell(kernel));
        bound_cells(kernel, "a kernel");
        bound(1LL * cells / 16, most_cells, "a map");
    }
    for (int i = 0; i < options.target.rank; ++i)
        if (next.what.kind != text{"slice"}) bound(options.target[i], most_cells, "an extent");
    if (next.what.kind == text{"space_to_depth"} || next.what.kind == text{"depth_to_space"}) {
        bound(options.target[0], 4096, "a block");
        bound(1LL * options.target[0] * options.target[0] * map.channels(), most_cells, "channels");
    }
    if (next.what.family == family::alias && options.target.rank > 0) {
        shape wanted = options.target;
        for (int i = 0; i < wanted.rank; ++i) wanted.extents[i] = std::max(wanted[i], 1);
        bound_cells(wanted, "a tensor");
    }
}

int builder::add_input(const std::string& name, const shape& extent) {
    bound_cells(extent, "an input");
    if (extent.rank < 1) throw refusal("input '" + printable(name) + "' has no axes");
    return to_.add_input(name, extent);
}

outcome builder::expected(const descriptor& what, const std::vector<int>& inputs) const {
    layer next;
    next.what = what;
    next.inputs = inputs;
    check(next);
    return to_.outcome_of(next);
}

int builder::add(const descriptor& what, std::vector<int> inputs,
                 std::vector<std::vector<float>> weights, const std::string& name, int owner) {
    layer next;
    next.what = what;
    next.name = name;
    next.inputs = std::move(inputs);
    next.weights = std::move(weights);
    next.owner = owner;
    next.place = place;
    check(next);
    const int made = to_.add(std::move(next));
    bound_cells(to_.extent(made), "a tensor");
    return made;
}

int builder::reshaped(int layer, const shape& wanted) {
    if (extent(layer) == wanted) return layer;
    if (wanted.rank == 1) return add(flatten::info, {layer});
    descriptor what = reshape<1>::info;
    what.options.target = wanted;
    return add(what, {layer});
}

int builder::permuted(int layer, const std::vector<int>& order) {
    bool moves = false;
    descriptor what = permute<0>::info;
    what.options.target = shape{};
    int last = -1; // of the axes that are longer than 1
    for (const int axis : order) {
        what.options.target.append(axis);
        if (extent(layer)[axis] == 1) continue;
        moves = moves || axis < last;
        last = axis;
    }
    if (moves) return add(what, {layer});
    shape wanted;
    for (const int axis : order) wanted.append(extent(layer)[axis]);
    return reshaped(layer, wanted);
}

int builder::expanded(int layer, const shape& wanted) {
    for (int axis = 0; axis < wanted.rank; ++axis) {
        shape held = extent(layer);
        if (held[axis] == wanted[axis]) continue;
        if (held.rank != wanted.rank || held[axis] != 1)
            throw refusal("a tensor of shape " + spell(held) + " cannot be repeated to " +
                          spell(wanted));
        long long rows = 1;
        long long row = 1;
        for (int i = 0; i < axis; ++i) rows *= held[i];
        for (int i = axis; i < held.rank; ++i) row *= held[i];
        bound(rows * row * wanted[axis], most_cells, "a tensor");
        descriptor what = up_sampling1d<1>::info;
        what.options.spatial.extent[0] = wanted[axis];
        layer = add(what, {reshaped(layer, shape{rows, row})});
        held.extents[axis] = wanted[axis];
        layer = reshaped(layer, held);
    }
    return layer;
}

int builder::line(int layer, double scale, double offset) {
    if (scale == 1 && offset == 0) return layer;
    descriptor what = rescaling<1>::info;
    what.options.alpha = scale;
    what.options.beta = offset;
    return add(what, {layer});
}

int builder::with_constant(int layer, const std::vector<float>& numbers, const shape& constant,
                           bool multiplies, const std::string& name) {
    const shape held = extent(layer);
    if (numbers.size() == 1)
        return multiplies ? line(layer, as_written(numbers[0]), 0)
                          : line(layer, 1, as_written(numbers[0]));
    int first = held.rank;
    int last = -1;
    for (int axis = 0; axis < held.rank; ++axis)
        if (constant[axis] != 1) {
            first = std::min(first, axis);
            last = axis;
        }
    long long before = 1;
    long long length = 1;
    long long after = 1;
    for (int axis = 0; axis < held.rank; ++axis)
        (axis < first ? before : axis > last ? after : length) *= held[axis];
    // A few numbers of a file can stand for as many as the tensor has.
    if (length > (1 << 20) && length / 64 > static_cast<long long>(numbers.size()))
        throw refusal("repeats " + std::to_string(numbers.size()) + " numbers to " +
                      std::to_string(length) + ", which is more than is supported");
    std::vector<float> cells(at(length));
    for (long long cell = 0; cell < length; ++cell) {
        long long rest = cell;
        long long index = 0;
        long long step = 1;
        for (int axis = last; axis >= first; --axis) {
            if (constant[axis] != 1) index += rest % held[axis] * step;
            step *= constant[axis];
            rest /= held[axis];
        }
        cells[at(cell)] = numbers.at(at(index));
    }
    shape seen = held;
    int along = first;
    if (first != last) {
        seen = shape{};
        if (before > 1) seen.append(static_cast<int>(before));
        along = seen.rank;
        seen.append(static_cast<int>(length));
        if (after > 1) seen.append(static_cast<int>(after));
    }
    descriptor what = scale_shift<>::info;
    (multiplies ? what.options.center : what.options.scale) = false;
    what.options.along = along == seen.rank - 1 ? -1 : along;
    return reshaped(add(what, {reshaped(layer, seen)}, {std::move(cells)}, name), held);
}

int builder::sliced(int layer, int axis, int begin, int end, int step, const std::string& name) {
    const shape held = extent(layer);
    if (begin == 0 && end == held[axis] && step == 1) return layer;
    descriptor what = slice<0, 1>::info;
    what.options.target = shape{begin, end == held[axis] ? to_end : end};
    what.options.spatial.stride[0] = step;
    what.options.along = axis == held.rank - 1 ? -1 : axis;
    return add(what, {layer}, {}, name);
}

int builder::padded(int layer, const std::vector<int>& before, const std::vector<int>& after,
                    double number, border beyond, const std::string& name) {
    const shape held = extent(layer);
    // The axes as spatial ones, those that stay joined; the last axis as channels if it stays.
    shape seen;
    std::vector<int> fronts;
    std::vector<int> backs;
    bool any = false;
    for (int axis = 0; axis < held.rank; ++axis) {
        const int front = before[at(axis)];
        const int back = after[at(axis)];
        any = any || front != 0 || back != 0;
        const bool channels = axis == held.rank - 1;
        const bool stays = front == 0 && back == 0;
        if (stays && !channels && !fronts.empty() && fronts.back() == 0 && backs.back() == 0 &&
            held.rank > max_spatial + 1) {
            seen.extents[seen.rank - 1] *= held[axis];
            continue;
        }
        seen.append(held[axis]);
        if (stays && channels) break;
        fronts.push_back(front);
        backs.push_back(back);
        if (channels) seen.append(1);
    }
    if (!any) return layer;
    if (fronts.empty() || fronts.size() > static_cast<std::size_t>(max_spatial))
        throw refusal("pads a tensor of shape " + spell(held) +
                      " along more axes than are supported (3)");
    descriptor what = by_axes(static_cast<int>(fronts.size()), zero_padding1d<0>::info,
                              zero_padding2d<0>::info, zero_padding3d<0>::info);
    if (number != 0)
        what = by_axes(static_cast<int>(fronts.size()), constant_pad1d<1, 0>::info,
                       constant_pad2d<1, 0>::info, constant_pad3d<1, 0>::info);
    if (beyond == border::reflect)
        what = by_axes(static_cast<int>(fronts.size()), reflection_pad1d<0>::info,
                       reflection_pad2d<0>::info, reflection_pad3d<0>::info);
    what.options.alpha = number;
    for (std::size_t i = 0; i < fronts.size(); ++i) {
        what.options.spatial.before[i] = fronts[i];
        what.options.spatial.after[i] = backs[i];
    }
    const int made = add(what, {reshaped(layer, seen)}, {}, name);
    shape wanted;
    for (int axis = 0; axis < held.rank; ++axis)
        wanted.append(held[axis] + before[at(axis)] + after[at(axis)]);
    return reshaped(made, wanted);
}

} // namespace ctnn::tool
