// SPDX-License-Identifier: BSL-1.0
// Convolutions and pools: windows over the map of a tensor (1, channels, spatial...).
#include "operators.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn::tool::from_onnx {

namespace {

const descriptor& by_axes(int axes, const descriptor& one, const descriptor& two,
                          const descriptor& three) {
    return axes == 1 ? one : axes == 2 ? two : three;
}

int spatial_axes(const extents& dims, std::string_view what) {
    const int axes = static_cast<int>(dims.size()) - 2;
    if (axes < 1 || axes > max_spatial)
        throw refusal(std::string(what) + " of shape " + spell(dims) +
                      "; windows have one to three spatial axes");
    return axes;
}

extents numbers(const node& of, std::string_view name, int count, long long usual,
                long long least) {
    extents found = of.integers(name);
    if (found.empty()) found.assign(at(count), usual);
    constexpr long long most = 1 << 20;
    if (found.size() != at(count))
        throw refusal("attribute " + std::string(name) + " has " + std::to_string(found.size()) +
                      " numbers, expected " + std::to_string(count));
    for (const long long number : found)
        if (number < least || number > most)
            throw refusal("attribute " + std::string(name) + " has the number " +
                          std::to_string(number));
    return found;
}

/// Before any int can overflow in a rule.
void check_size(const window& over, const extents& spatial, long long channels, bool transposed) {
    double cells = static_cast<double>(channels);
    for (int axis = 0; axis < over.axes; ++axis) {
        const double span = (over.extent[axis] - 1.0) * over.dilation[axis] + 1;
        const double padded =
            static_cast<double>(spatial[at(axis)]) + over.before[axis] + over.after[axis];
        const double stride = over.stride[axis];
        const double most =
            transposed ? static_cast<double>(spatial[at(axis)]) * stride + span + over.extra[axis]
                       : padded / stride + 1;
        constexpr double limit = 1 << 30;
        if (span > limit || most * stride > limit || padded > limit)
            throw refusal("its window is too large");
        cells *= std::max(most, 1.0);
    }
    if (cells > static_cast<double>(most_elements))
        throw refusal("makes a tensor that is too large");
}

/// Kernel, strides, dilations and padding of a node.
void read_window(window& to, const node& of, const extents& kernel, const extents& spatial,
                 bool transposed) {
    const int axes = to.axes;
    const extents strides = numbers(of, "strides", axes, 1, 1);
    const extents dilations = numbers(of, "dilations", axes, 1, 1);
    const extents pads = numbers(of, "pads", 2 * axes, 0, 0);
    const std::string rule = of.text("auto_pad", "NOTSET");
    constexpr long long most = 1 << 20;
    for (int axis = 0; axis < axes; ++axis) {
        if (kernel[at(axis)] < 1 || kernel[at(axis)] > most)
            throw refusal("its kernel has the extent " + std::to_string(kernel[at(axis)]));
        to.extent[axis] = static_cast<int>(kernel[at(axis)]);
        to.stride[axis] = static_cast<int>(strides[at(axis)]);
        to.dilation[axis] = static_cast<int>(dilations[at(axis)]);
        to.before[axis] = rule == "NOTSET" ? static_cast<int>(pads[at(axis)]) : 0;
        to.after[axis] = rule == "NOTSET" ? static_cast<int>(pads[at(axes + axis)]) : 0;
    }
    check_size(to, spatial, 1, transposed);
    if (rule == "SAME_UPPER") {
        to.padding = padding_rule::same;
        return;
    }
    if (rule == "SAME_LOWER") { // the odd cell before the map
        window same = to;
        same.padding = padding_rule::same;
        for (int axis = 0; axis < axes; ++axis) {
            const int extent = static_cast<int>(spatial[at(axis)]);
            const axis_fit found =
                transposed ? fit_transposed(same, axis, extent) : fit(same, axis, extent);
            to.before[axis] = found.after;
            to.after[axis] = found.before;
        }
    } else if (rule != "NOTSET" && rule != "VALID") {
        throw refusal("attribute auto_pad is " + in_quotes(rule));
    }
    bool any = false;
    bool uneven = false;
    for (int axis = 0; axis < axes; ++axis) {
        any = any || to.before[axis] != 0 || to.after[axis] != 0;
        uneven = uneven || to.before[axis] != to.after[axis];
        any = any || (transposed && to.stride[axis] > to.span(axis)); // Keras' valid adds cells
    }
    to.padding = any ? padding_rule::explicit_ : padding_rule::valid;
    if (!uneven || transposed || to.ceil) return;
    window same = to; // uneven padding comes from "same" of the framework before
    same.padding = padding_rule::same;
    for (int axis = 0; axis < axes; ++axis) {
        const axis_fit found = fit(same, axis, static_cast<int>(spatial[at(axis)]));
        if (found.before != to.before[axis] || found.after != to.after[axis]) return;
    }
    to = same;
    for (int axis = 0; axis < axes; ++axis) to.before[axis] = to.after[axis] = 0;
}

value made_map(importer& by, int layer, long long channels) {
    const shape& extent = by.target().extent(layer);
    extents dims{1, channels};
    std::vector<int> order;
    for (int axis = 0; axis + 1 < extent.rank; ++axis) {
        dims.push_back(extent[axis]);
        order.push_back(axis + 2);
    }
    order.push_back(1);
    value made;
    made.layer = layer;
    made.where = layout(dims, order);
    return made;
}

/// A kernel (outer, inner, spatial...) as (spatial..., by `place`).
template <class Place> std::vector<float> turned_kernel(const tensor& from, Place place) {
    const long long outer = from.dims[0];
    const long long inner = from.dims[1];
    const long long taps = outer * inner == 0 ? 0 : from.count() / (outer * inner);
    std::vector<float> result(from.reals.size());
    for (long long o = 0; o < outer; ++o)
        for (long long i = 0; i < inner; ++i)
            for (long long tap = 0; tap < taps; ++tap)
                result[at(tap * outer * inner + place(o, i))] =
                    from.reals[at((o * inner + i) * taps + tap)];
    return result;
}

void add_bias(importer& by, const node& of, std::vector<std::vector<float>>& weights,
              attributes& options) {
    options.bias = of.has_input(2);
    if (options.bias) weights.push_back(by.known(of, 2, "bias").reals);
}

extents kernel_extents_of(const node& of, const tensor& kernel, int axes) {
    const extents found(kernel.dims.begin() + 2, kernel.dims.end());
    const extents told = of.integers("kernel_shape");
    if (!told.empty() && told != found)
        throw refusal("attribute kernel_shape is " + spell(told) + ", and its weights have " +
                      spell(found));
    if (static_cast<int>(found.size()) != axes)
        throw refusal("its weights have the shape " + spell(kernel.dims));
    return found;
}

const tensor& kernel_of(importer& by, const node& of) {
    const tensor& kernel = by.known(of, 1, "weights");
    if (!kernel.real || kernel.dims.size() < 3 || kernel.count() == 0)
        throw refusal("its weights have the shape " + spell(kernel.dims));
    return kernel;
}

} // namespace

void convert_conv(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const extents dims = from.dims();
    const int axes = spatial_axes(dims, "reads a tensor");
    const tensor& kernel = kernel_of(by, of);
    const long long groups = of.integer("group", 1);
    const long long channels = dims[1];
    const long long filters = kernel.dims[0];
    if (groups < 1 || channels % groups != 0 || filters % groups != 0 ||
        kernel.dims[1] != channels / groups)
        throw refusal("reads " + std::to_string(channels) + " channels in " +
                      std::to_string(groups) + " groups, and its weights have the shape " +
                      spell(kernel.dims));
    const bool depthwise = groups == channels && channels > 1 && axes < 3;
    descriptor what =
        depthwise ? by_axes(axes, depthwise_conv1d<1>::info, depthwise_conv2d<1>::info,
                            depthwise_conv2d<1>::info)
                  : by_axes(axes, conv1d<1, 1>::info, conv2d<1, 1>::info, conv3d<1, 1>::info);
    const extents spatial(dims.begin() + 2, dims.end());
    read_window(what.options.spatial, of, kernel_extents_of(of, kernel, axes), spatial, false);
    check_size(what.options.spatial, spatial, filters, false);
    std::vector<std::vector<float>> weights;
    if (depthwise) {
        what.options.depth_multiplier = static_cast<int>(filters / channels);
        weights.push_back(turned_kernel(kernel, [](long long o, long long) { return o; }));
    } else {
        what.options.filters = {static_cast<int>(filters)};
        what.options.groups = static_cast<int>(groups);
        weights.push_back(
            turned_kernel(kernel, [&](long long o, long long i) { return i * filters + o; }));
    }
    add_bias(by, of, weights, what.options);
    const int layer = by.add(what, {by.channels_last(from).layer}, std::move(weights));
    by.set(of, 0, made_map(by, layer, filters));
}

void convert_conv_transpose(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const extents dims = from.dims();
    const int axes = spatial_axes(dims, "reads a tensor");
    const tensor& kernel = kernel_of(by, of);
    const long long groups = of.integer("group", 1);
    const long long channels = dims[1];
    if (groups < 1 || groups > channels || channels % groups != 0 || kernel.dims[0] != channels)
        throw refusal("reads " + std::to_string(channels) + " channels in " +
                      std::to_string(groups) + " groups, and its weights have the shape " +
                      spell(kernel.dims));
    const long long filters = count_of({kernel.dims[1], groups});
    descriptor what = by_axes(axes, conv1d_transpose<1, 1>::info, conv2d_transpose<1, 1>::info,
                              conv3d_transpose<1, 1>::info);
    const extents spatial(dims.begin() + 2, dims.end());
    window& over = what.options.spatial;
    const extents extra = numbers(of, "output_padding", axes, 0, 0);
    for (int axis = 0; axis < axes; ++axis) over.extra[axis] = static_cast<int>(extra[at(axis)]);
    read_window(over, of, kernel_extents_of(of, kernel, axes), spatial, true);
    check_size(over, spatial, filters, true);
    extents wanted = of.integers("output_shape");
    if (!wanted.empty()) {
        if (wanted.size() == at(axes) + 2) wanted.erase(wanted.begin(), wanted.begin() + 2);
        if (wanted.size() != at(axes)) throw refusal("attribute output_shape is " + spell(wanted));
        const bool upper = of.text("auto_pad", "NOTSET") == "SAME_UPPER";
        over.padding = padding_rule::explicit_;
        for (int axis = 0; axis < axes; ++axis) {
            const long long full =
                (spatial[at(axis)] - 1) * over.stride[axis] + over.span(axis) + over.extra[axis];
            if (wanted[at(axis)] < 1 || wanted[at(axis)] > 2 * full)
                throw refusal("attribute output_shape is " + spell(wanted));
            const int total = static_cast<int>(full - wanted[at(axis)]);
            if (total < 0) over.extra[axis] -= total;
            const int less = std::max(total, 0) / 2;
            over.before[axis] = upper ? less : std::max(total, 0) - less;
            over.after[axis] = std::max(total, 0) - over.before[axis];
        }
    }
    what.options.filters = {static_cast<int>(filters)};
    what.options.groups = static_cast<int>(groups);
    std::vector<std::vector<float>> weights;
    weights.push_back(
        turned_kernel(kernel, [&](long long c, long long f) { return f * channels + c; }));
    add_bias(by, of, weights, what.options);
    const int layer = by.add(what, {by.channels_last(from).layer}, std::move(weights));
    by.set(of, 0, made_map(by, layer, filters));
}

void convert_pool(importer& by, const node& of) {
    if (of.has_output(1))
        throw refusal("gives the indices of its cells too, which is not supported");
    const value& from = by.moving(of, 0);
    const extents dims = from.dims();
    const int axes = spatial_axes(dims, "reads a tensor");
    const extents spatial(dims.begin() + 2, dims.end());
    const std::string& type = of.type();
    descriptor what =
        type == "MaxPool"
            ? by_axes(axes, max_pool1d<1>::info, max_pool2d<1>::info, max_pool3d<1>::info)
        : type == "AveragePool"
            ? by_axes(axes, avg_pool1d<1>::info, avg_pool2d<1>::info, avg_pool3d<1>::info)
            : by_axes(axes, lp_pool1d<2, 1>::info, lp_pool2d<2, 1>::info, lp_pool3d<2, 1>::info);
    what.options.spatial.ceil = of.integer("ceil_mode", 0) != 0;
    read_window(what.options.spatial, of, numbers(of, "kernel_shape", axes, 0, 1), spatial, false);
    check_size(what.options.spatial, spatial, dims[1], false);
    if (type == "AveragePool") {
        bool dilated = false;
        for (const int step : what.options.spatial.dilation) dilated = dilated || step != 1;
        if (dilated) throw refusal("an average pool with dilations is not supported");
        what.options.count_padding = of.integer("count_include_pad", 0) != 0 &&
                                     what.options.spatial.padding != padding_rule::valid;
    }
    if (type == "LpPool") {
        what.options.alpha = static_cast<double>(whole_int(of.integer("p", 2), "the norm"));
        if (!(what.options.alpha >= 1)) throw refusal("attribute p is less than 1");
    }
    const int layer = by.add(what, {by.channels_last(from).layer});
    by.set(of, 0, made_map(by, layer, dims[1]));
}

void convert_global_pool(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const extents dims = from.dims();
    const int axes = spatial_axes(dims, "reads a tensor");
    const std::string& type = of.type();
    descriptor what = type == "GlobalMaxPool"
                          ? by_axes(axes, global_max_pool1d<>::info, global_max_pool2d<>::info,
                                    global_max_pool3d<>::info)
                      : type == "GlobalAveragePool"
                          ? by_axes(axes, global_avg_pool1d<>::info, global_avg_pool2d<>::info,
                                    global_avg_pool3d<>::info)
                          : by_axes(axes, global_lp_pool1d<2>::info, global_lp_pool2d<2>::info,
                                    global_lp_pool3d<2>::info);
    if (type == "GlobalLpPool") {
        what.options.alpha = static_cast<double>(whole_int(of.integer("p", 2), "the norm"));
        if (!(what.options.alpha >= 1)) throw refusal("attribute p is less than 1");
    }
    value made;
    made.layer = by.add(what, {by.channels_last(from).layer});
    extents pooled(dims.size(), 1);
    pooled[1] = dims[1];
    made.where = layout(pooled);
    by.set(of, 0, std::move(made));
}

} // namespace ctnn::tool::from_onnx
