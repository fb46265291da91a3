// SPDX-License-Identifier: BSL-1.0
// Convolutions, pools and dense layers.
#include "importer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ctnn::tool::from_keras {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// The spatial axes that a class has in its name: Conv2D, Convolution1D, MaxPooling3D.
int axes_of(const std::string& type) {
    for (int axes = 1; axes <= max_spatial; ++axes)
        if (has(type, std::to_string(axes) + "D")) return axes;
    throw refusal("its class names no number of axes");
}

void set_padding(const call& of, window& over) {
    const std::string padding = of.options.text({"padding", "border_mode"}, "valid");
    if (padding == "same")
        over.padding = padding_rule::same;
    else if (padding == "causal" && over.axes == 1)
        over.padding = padding_rule::causal;
    else if (padding != "valid")
        throw refusal("its padding is '" + printable(padding) + "', expected valid or same");
}

void set_window(const call& of, window& over) {
    const int axes = over.axes;
    std::vector<int> size = of.options.list({"kernel_size", "filter_length"});
    if (size.empty() && of.options.find({"nb_row"}) != nullptr) { // Keras 1
        size = {of.options.whole({"nb_row"}, 1), of.options.whole({"nb_col"}, 1)};
        if (axes == 3) size.insert(size.begin(), of.options.whole({"nb_depth", "kernel_dim1"}, 1));
    }
    if (size.empty()) throw refusal("has no kernel_size");
    if (size.size() == 1) size.resize(at(axes), size[0]);
    if (size.size() != at(axes))
        throw refusal("its kernel_size has not " + std::to_string(axes) + " numbers");
    const std::vector<int> strides =
        of.options.each({"strides", "subsample", "subsample_length"}, axes, 1);
    const std::vector<int> dilations = of.options.each({"dilation_rate", "atrous_rate"}, axes, 1);
    for (int axis = 0; axis < axes; ++axis) {
        over.extent[axis] = size[at(axis)];
        over.stride[axis] = strides[at(axis)];
        over.dilation[axis] = dilations[at(axis)];
    }
    set_padding(of, over);
}

/// Explicit padding where an output_padding chooses the size of a transposed convolution's map.
void set_output_padding(const call& of, window& over, const shape& map) {
    if (of.options.find({"output_padding"}) == nullptr) return;
    const std::vector<int> extra = of.options.each({"output_padding"}, over.axes, 0);
    const bool same = over.padding == padding_rule::same;
    over.padding = padding_rule::explicit_;
    for (int axis = 0; axis < over.axes; ++axis) {
        if (extra[at(axis)] < 0 || extra[at(axis)] >= std::max(over.stride[axis], 1))
            throw refusal("its output_padding is not less than the stride");
        if (over.extent[axis] < 1 || over.extent[axis] > most_extent || axis >= map.rank ||
            over.stride[axis] > 4096 || over.dilation[axis] != 1)
            throw refusal("its window is not supported together with output_padding");
        const long long full = 1LL * (map[axis] - 1) * over.stride[axis] + over.extent[axis];
        const long long made = full - (same ? 2 * (over.extent[axis] / 2) : 0) + extra[at(axis)];
        const long long cut = full - made;
        over.before[axis] = cut > 0 ? whole_number(cut / 2, "padding") : 0;
        over.after[axis] = cut > 0 ? whole_number(cut - cut / 2, "padding") : 0;
        over.extra[axis] = cut < 0 ? whole_number(-cut, "padding") : 0;
    }
}

} // namespace

value convert_conv(importer& by, const call& of) {
    const std::string& type = of.type;
    const int axes = axes_of(type);
    const bool first = of.channels_first();
    if (by.version() == 1 && first)
        throw refusal("has its channels first as Theano has them, kernels included. Load the model "
                      "with Keras 2 and save it again");
    descriptor what;
    const bool depthwise = has(type, "Depthwise");
    const bool separable = has(type, "Separable");
    const bool transposed = has(type, "Transpose") || has(type, "Deconvolution");
    if (depthwise)
        what = axes == 1 ? depthwise_conv1d<1>::info : depthwise_conv2d<1>::info;
    else if (separable)
        what = axes == 1 ? separable_conv1d<1, 1>::info : separable_conv2d<1, 1>::info;
    else if (transposed)
        what = by_axes(axes, conv1d_transpose<1, 1>::info, conv2d_transpose<1, 1>::info,
                       conv3d_transpose<1, 1>::info);
    else
        what = by_axes(axes, conv1d<1, 1>::info, conv2d<1, 1>::info, conv3d<1, 1>::info);
    if (axes == 3 && (depthwise || separable)) throw refusal("is not supported along three axes");
    const value from = by.channels_last(of.input(), first);
    set_window(of, what.options.spatial);
    if (!depthwise) {
        const int filters = of.options.whole({"filters", "nb_filter"}, 0);
        if (filters < 1) throw refusal("has no filters");
        what.options.filters = {filters};
    }
    what.options.groups = of.options.whole({"groups"}, 1);
    what.options.depth_multiplier = of.options.whole({"depth_multiplier"}, 1);
    what.options.bias = of.options.flag({"use_bias", "bias"}, true);
    if (transposed) set_output_padding(of, what.options.spatial, by.extent(from));
    return by.activated(of, what, from, first,
                        depthwise ? std::vector<std::string>{"depthwise_kernel", "bias"}
                                  : std::vector<std::string>{});
}

value convert_dense(importer& by, const call& of) {
    descriptor what = dense<1>::info;
    const int units = of.options.whole({"units", "output_dim"}, 0);
    if (units < 1) throw refusal("has no units");
    what.options.filters = {units};
    what.options.bias = of.options.flag({"use_bias", "bias"}, true);
    value from = of.input();
    if (from.flattened.rank == 0) return by.activated(of, what, by.plain(from), false);
    // The map was flattened as it lies here: the kernel's rows follow.
    const shape map = from.flattened;
    from.flattened = shape{};
    value made = by.activated(of, what, from, false);
    model& to = by.build().target();
    layer* dense_layer = &to.layers[at(made.layer)];
    while (dense_layer->what.family != family::dense)
        dense_layer = &to.layers[at(dense_layer->inputs.at(0))];
    if (dense_layer->owner >= 0)
        throw refusal("is called more than once and reads a map whose channels came first");
    std::vector<float>& kernel = dense_layer->weights.at(0);
    const std::vector<float> given = kernel;
    const int channels = map.channels();
    const long long positions = map.elements() / channels;
    for (long long position = 0; position < positions; ++position)
        for (int c = 0; c < channels; ++c)
            std::copy_n(given.begin() + (c * positions + position) * units, units,
                        kernel.begin() + (position * channels + c) * units);
    return made;
}

value convert_pool(importer& by, const call& of) {
    const int axes = axes_of(of.type);
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    descriptor what =
        has(of.type, "Max")
            ? by_axes(axes, max_pool1d<1>::info, max_pool2d<1>::info, max_pool3d<1>::info)
            : by_axes(axes, avg_pool1d<1>::info, avg_pool2d<1>::info, avg_pool3d<1>::info);
    window& over = what.options.spatial;
    const std::vector<int> size = of.options.each({"pool_size", "pool_length"}, axes, 2);
    const bool strides = of.options.find({"strides", "stride"}) != nullptr;
    const std::vector<int> steps = strides ? of.options.each({"strides", "stride"}, axes, 1) : size;
    for (int axis = 0; axis < axes; ++axis) {
        over.extent[axis] = size[at(axis)];
        over.stride[axis] = steps[at(axis)];
    }
    set_padding(of, over);
    return {by.add(of, what, {from.layer}), first, {}};
}

value convert_global_pool(importer& by, const call& of) {
    const int axes = axes_of(of.type);
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    descriptor what = has(of.type, "Max")
                          ? by_axes(axes, global_max_pool1d<>::info, global_max_pool2d<>::info,
                                    global_max_pool3d<>::info)
                          : by_axes(axes, global_avg_pool1d<>::info, global_avg_pool2d<>::info,
                                    global_avg_pool3d<>::info);
    what.options.keep_dims = of.options.flag({"keepdims"}, false);
    return {by.add(of, what, {from.layer}), first && what.options.keep_dims, {}};
}

value convert_adaptive_pool(importer& by, const call& of) {
    const int axes = axes_of(of.type);
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    descriptor what = has(of.type, "Max")
                          ? by_axes(axes, adaptive_max_pool1d<1>::info,
                                    adaptive_max_pool2d<1>::info, adaptive_max_pool3d<1>::info)
                          : by_axes(axes, adaptive_avg_pool1d<1>::info,
                                    adaptive_avg_pool2d<1>::info, adaptive_avg_pool3d<1>::info);
    what.options.target = shape{};
    for (const int extent : of.options.each({"output_size"}, axes, 1))
        what.options.target.append(extent);
    return {by.add(of, what, {from.layer}), first, {}};
}

value convert_padding(importer& by, const call& of) {
    const int axes = axes_of(of.type);
    const bool crops = has(of.type, "Cropping");
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    descriptor what =
        crops ? by_axes(axes, cropping1d<0>::info, cropping2d<0>::info, cropping3d<0>::info)
              : by_axes(axes, zero_padding1d<0>::info, zero_padding2d<0>::info,
                        zero_padding3d<0>::info);
    window& over = what.options.spatial;
    const json* given = crops ? of.options.find({"cropping"}) : of.options.find({"padding"});
    const auto number = [&](const json& item) {
        if (!item.is_number_integer()) throw refusal("has padding that is no whole number");
        const long long cells = item.is_number_unsigned() && item.get<std::uint64_t>() > 1U << 30
                                    ? 1LL << 31
                                    : item.get<long long>();
        const int sides = whole_number(cells, "padding");
        if (sides < 0) throw refusal("has padding that is negative");
        return crops ? -sides : sides;
    };
    if (given == nullptr) throw refusal("has no padding");
    const bool flat =
        axes == 1 && given->is_array() && given->size() == 2 && (*given)[0].is_number();
    const bool old = axes == 2 && given->is_array() && given->size() == 4; // Keras 1
    for (int axis = 0; axis < axes; ++axis) {
        const json* own = given;
        if (flat || old) {
            over.before[axis] = number((*given)[at(2 * axis)]);
            over.after[axis] = number((*given)[at(2 * axis + 1)]);
            continue;
        }
        if (given->is_array()) {
            if (given->size() != at(axes)) throw refusal("has padding for other axes");
            own = &(*given)[at(axis)];
        }
        const bool pair = own->is_array() && own->size() == 2;
        over.before[axis] = number(pair ? (*own)[0] : *own);
        over.after[axis] = number(pair ? (*own)[1] : *own);
    }
    return {by.add(of, what, {from.layer}), first, {}};
}

namespace {

void set_interpolation(attributes& options, const std::string& name) {
    options.places = coordinates::half_pixel;
    if (name == "nearest") {
        options.method = interpolation::nearest;
    } else if (name == "bilinear") {
        options.method = interpolation::linear;
    } else if (name == "bicubic") {
        options.method = interpolation::cubic;
        options.coefficient = -0.5;
        options.exclude_outside = true;
    } else {
        throw refusal("its interpolation is '" + printable(name) +
                      "'; nearest, bilinear and bicubic are supported");
    }
}

} // namespace

value convert_up_sampling(importer& by, const call& of) {
    const int axes = axes_of(of.type);
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    const std::string method = of.options.text({"interpolation"}, "nearest");
    descriptor what =
        by_axes(axes, up_sampling1d<1>::info, up_sampling2d<1>::info, up_sampling3d<1>::info);
    set_interpolation(what.options, method);
    if (method != "nearest") what.operation = operation::other;
    const std::vector<int> size = of.options.each({"size", "length"}, axes, 2);
    for (int axis = 0; axis < axes; ++axis) {
        if (size[at(axis)] < 1) throw refusal("grows by less than 1");
        what.options.spatial.extent[axis] = size[at(axis)];
    }
    return {by.add(of, what, {from.layer}), first, {}};
}

value convert_resizing(importer& by, const call& of) {
    if (of.options.flag({"crop_to_aspect_ratio"}, false) ||
        of.options.flag({"pad_to_aspect_ratio"}, false))
        throw refusal("keeps the aspect ratio, which is not supported");
    const bool first = of.channels_first();
    const value from = by.channels_last(of.input(), first);
    descriptor what = resizing2d<1>::info;
    set_interpolation(what.options, of.options.text({"interpolation"}, "bilinear"));
    what.options.target = {of.options.whole({"height"}, 0), of.options.whole({"width"}, 0)};
    return {by.add(of, what, {from.layer}), first, {}};
}

} // namespace ctnn::tool::from_keras
