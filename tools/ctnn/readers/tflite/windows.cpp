// SPDX-License-Identifier: BSL-1.0
// Convolutions, pools, matrix products, resized maps.
#include "importer.hpp"

#include <algorithm>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

void set_padding(window& over, int padding) {
    if (padding != 0 && padding != 1) throw refusal("has a padding that is neither same nor valid");
    over.padding = padding == 0 ? padding_rule::same : padding_rule::valid;
}

void set_pair(int (&to)[max_spatial], int height, int width) {
    to[0] = height;
    to[1] = width;
}

/// A constant of just this rank, as floats.
const constant& kernel_of(importer& by, const node& of, int i, std::size_t rank) {
    const constant& kernel = by.known(of, i, "weights");
    if (!kernel.real || kernel.dims.size() != rank)
        throw refusal("has weights of shape " + spell(kernel.dims) + ", expected " +
                      std::to_string(rank) + " axes of float32");
    count_of(kernel.dims);
    return kernel;
}

/// The bias, if there is one.
bool append_bias(importer& by, const node& of, int i, long long count,
                 std::vector<std::vector<float>>& to) {
    if (!by.has_input(of, i)) return false;
    const constant& bias = by.known(of, i, "biases");
    if (!bias.real && bias.scales.size() > 0 && bias.count() == count) { // of int32: int8.cpp
        std::vector<float> numbers;
        for (std::size_t f = 0; f < bias.wholes.size(); ++f)
            numbers.push_back(static_cast<float>(
                static_cast<double>(bias.wholes[f]) *
                static_cast<double>(bias.scales[bias.scales.size() > 1 ? f : 0])));
        to.push_back(std::move(numbers));
        return true;
    }
    if (!bias.real || bias.count() != count)
        throw refusal("has biases of shape " + spell(bias.dims) + ", expected " +
                      std::to_string(count));
    to.push_back(bias.reals);
    return true;
}

const value& map_of(importer& by, const node& of, int i, std::size_t rank) {
    const value& from = by.moving(of, i);
    if (from.dims.size() != rank || from.dims[0] != 1)
        throw refusal("reads a tensor of shape " + spell(from.dims) +
                      ", expected a batch of 1 and " + std::to_string(rank - 1) + " axes");
    return from;
}

extents with_batch(const shape& extent) {
    extents dims(extent.extents, extent.extents + extent.rank);
    dims.insert(dims.begin(), 1);
    return dims;
}

void give_map(importer& by, const node& of, int made) {
    by.give(of, made, with_batch(by.build().extent(made)));
}

} // namespace

void convert_conv(importer& by, const node& of) {
    const value& from = map_of(by, of, 0, 4);
    const constant& given = kernel_of(by, of, 1, 4);
    const bool depthwise = of.type() == "DEPTHWISE_CONV_2D";
    const long long channels = from.dims[3];
    const long long height = given.dims[1];
    const long long width = given.dims[2];
    // The file has (filters, height, width, depth), or (1, height, width, channels * multiplier).
    const long long filters = given.dims[depthwise ? 3 : 0];
    const long long depth = depthwise ? 1 : given.dims[3];
    int activation = 0;
    descriptor what = conv2d<1, 1>::info;
    if (depthwise && channels > 1) what = depthwise_conv2d<1>::info;
    window& over = what.options.spatial;
    set_pair(over.extent, whole_number(height, "a height"), whole_number(width, "a width"));
    if (depthwise) {
        const auto& options = of.options<format::DepthwiseConv2D>();
        set_padding(over, options.padding());
        set_pair(over.stride, options.stride_h(), options.stride_w());
        set_pair(over.dilation, options.dilation_h(), options.dilation_w());
        activation = options.activation();
    } else {
        const auto& options = of.options<format::Conv2D>();
        set_padding(over, options.padding());
        set_pair(over.stride, options.stride_h(), options.stride_w());
        set_pair(over.dilation, options.dilation_h(), options.dilation_w());
        activation = options.activation();
    }
    std::vector<std::vector<float>> weights;
    if (depthwise) {
        if (given.dims[0] != 1 || filters % channels != 0)
            throw refusal("has weights of shape " + spell(given.dims) + " for " +
                          std::to_string(channels) + " channels");
        weights.push_back(given.reals); // they lie as they should
        what.options.depth_multiplier = channels > 1 ? static_cast<int>(filters / channels) : 1;
    } else {
        if (channels % depth != 0 || filters % (channels / depth) != 0)
            throw refusal("has weights of shape " + spell(given.dims) + " for " +
                          std::to_string(channels) + " channels");
        what.options.groups = static_cast<int>(channels / depth);
        std::vector<float> kernel;
        kernel.reserve(given.reals.size());
        const long long taps = height * width * depth;
        for (long long tap = 0; tap < taps; ++tap)
            for (long long f = 0; f < filters; ++f)
                kernel.push_back(given.reals[at(f * taps + tap)]);
        weights.push_back(std::move(kernel));
    }
    if (!depthwise || channels == 1) what.options.filters = {static_cast<int>(filters)};
    what.options.bias = append_bias(by, of, 2, filters, weights);
    give_map(by, of, by.add(of, what, from.layer, std::move(weights), activation));
}

void convert_conv3d(importer& by, const node& of) {
    const value& from = map_of(by, of, 0, 5);
    const constant& given = kernel_of(by, of, 1, 5); // (depth, height, width, channels, filters)
    const auto& options = of.options<format::Conv3D>();
    descriptor what = conv3d<1, 1>::info;
    window& over = what.options.spatial;
    const int strides[] = {options.stride_d(), options.stride_h(), options.stride_w()};
    const int dilations[] = {options.dilation_d(), options.dilation_h(), options.dilation_w()};
    for (int axis = 0; axis < 3; ++axis) {
        over.extent[axis] = whole_number(given.dims[at(axis)], "a window");
        over.stride[axis] = strides[axis];
        over.dilation[axis] = dilations[axis];
    }
    set_padding(over, options.padding());
    if (from.dims[4] % given.dims[3] != 0)
        throw refusal("has weights of shape " + spell(given.dims) + " for " +
                      std::to_string(from.dims[4]) + " channels");
    what.options.groups = static_cast<int>(from.dims[4] / given.dims[3]);
    what.options.filters = {whole_number(given.dims[4], "a number of filters")};
    std::vector<std::vector<float>> weights{given.reals};
    what.options.bias = append_bias(by, of, 2, given.dims[4], weights);
    give_map(by, of, by.add(of, what, from.layer, std::move(weights), options.activation()));
}

void convert_transpose_conv(importer& by, const node& of) {
    const std::vector<long long> wanted = by.wholes(of, 0, "extents");
    const constant& given = kernel_of(by, of, 1, 4); // (filters, height, width, channels)
    const value& from = map_of(by, of, 2, 4);
    const auto& options = of.options<format::TransposeConv>();
    const long long filters = given.dims[0];
    if (given.dims[3] != from.dims[3] || wanted.size() != 4 || wanted[3] != filters)
        throw refusal("has weights of shape " + spell(given.dims) + " for " +
                      std::to_string(from.dims[3]) + " channels");
    descriptor what = conv2d_transpose<1, 1>::info;
    window& over = what.options.spatial;
    set_pair(over.extent, whole_number(given.dims[1], "a height"),
             whole_number(given.dims[2], "a width"));
    set_pair(over.stride, options.stride_h(), options.stride_w());
    set_padding(over, options.padding());
    what.options.filters = {static_cast<int>(filters)};
    // Where the extents are not those of the rule, padding says how many cells are cut off.
    const bool same = over.padding == padding_rule::same;
    bool usual = true;
    int before[2]{};
    int after[2]{};
    for (int axis = 0; axis < 2; ++axis) {
        if (over.stride[axis] < 1 || over.stride[axis] > 4096 || over.extent[axis] < 1)
            throw refusal("has a window or a stride that is not supported");
        const long long full =
            (from.dims[at(axis + 1)] - 1) * over.stride[axis] + over.extent[axis];
        const long long made = wanted[at(axis + 1)];
        const long long rule = same ? from.dims[at(axis + 1)] * over.stride[axis]
                                    : full + std::max(over.stride[axis] - over.extent[axis], 0);
        usual = usual && made == rule;
        const long long cut = full - made;
        if (made < 1 || (cut < 0 && -cut >= over.stride[axis]) ||
            (!same && cut > 0 && made != rule))
            throw refusal("has the extents " + spell(wanted) + ", which no padding gives");
        before[axis] = cut > 0 ? whole_number(cut / 2, "padding") : 0;
        after[axis] = whole_number(cut - before[axis], "padding");
    }
    if (!usual) {
        over.padding = padding_rule::explicit_;
        for (int axis = 0; axis < 2; ++axis) {
            over.before[axis] = before[axis];
            over.after[axis] = std::max(after[axis], 0);
            over.extra[axis] = std::max(-after[axis], 0);
        }
    }
    const long long taps = given.dims[1] * given.dims[2];
    const long long channels = given.dims[3];
    std::vector<float> kernel;
    kernel.reserve(given.reals.size());
    for (long long tap = 0; tap < taps; ++tap)
        for (long long f = 0; f < filters; ++f)
            for (long long c = 0; c < channels; ++c)
                kernel.push_back(given.reals[at((f * taps + tap) * channels + c)]);
    std::vector<std::vector<float>> weights{std::move(kernel)};
    what.options.bias = append_bias(by, of, 3, filters, weights);
    give_map(by, of, by.add(of, what, from.layer, std::move(weights), options.activation()));
}

void convert_fully_connected(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const constant& given = kernel_of(by, of, 1, 2); // (units, inputs)
    const auto& options = of.options<format::FullyConnected>();
    if (options.weights_format() != 0)
        throw refusal("has shuffled weights, which are not supported");
    const long long units = given.dims[0];
    const long long inputs = given.dims[1];
    const long long cells = count_of(from.dims);
    if (cells % inputs != 0)
        throw refusal("has weights of shape " + spell(given.dims) + " for a tensor of shape " +
                      spell(from.dims));
    extents rows{cells / inputs, inputs};
    if (options.keep_num_dims()) {
        rows = from.dims;
        if (rows.empty() || rows.back() != inputs)
            throw refusal("has weights of shape " + spell(given.dims) + " for a tensor of shape " +
                          spell(from.dims));
    }
    descriptor what = dense<1>::info;
    what.options.filters = {whole_number(units, "a number of units")};
    std::vector<float> kernel;
    kernel.reserve(given.reals.size());
    for (long long i = 0; i < inputs; ++i)
        for (long long u = 0; u < units; ++u) kernel.push_back(given.reals[at(u * inputs + i)]);
    std::vector<std::vector<float>> weights{std::move(kernel)};
    what.options.bias = append_bias(by, of, 2, units, weights);
    const int read = by.build().reshaped(from.layer, held(rows));
    const int made = by.add(of, what, read, std::move(weights), options.activation());
    rows.back() = units;
    by.give(of, made, rows);
}

void convert_pool(importer& by, const node& of) {
    const value& from = map_of(by, of, 0, 4);
    const auto& options = of.options<format::Pool2D>();
    descriptor what = of.type() == "MAX_POOL_2D" ? max_pool2d<1>::info : avg_pool2d<1>::info;
    window& over = what.options.spatial;
    set_pair(over.extent, options.filter_h(), options.filter_w());
    set_pair(over.stride, options.stride_h(), options.stride_w());
    set_padding(over, options.padding());
    give_map(by, of, by.activated(by.add(of, what, {from.layer}), options.activation()));
}

void convert_resize(importer& by, const node& of) {
    const value& from = map_of(by, of, 0, 4);
    const std::vector<long long> size = by.wholes(of, 1, "extents");
    if (size.size() != 2 || size[0] < 1 || size[1] < 1) throw refusal("has extents that are none");
    const bool near = of.type() == "RESIZE_NEAREST_NEIGHBOR";
    bool corners = false;
    bool half = false;
    if (near) {
        const auto& options = of.options<format::ResizeNearest>();
        corners = options.align_corners();
        half = options.half_pixel_centers();
    } else {
        const auto& options = of.options<format::ResizeBilinear>();
        corners = options.align_corners();
        half = options.half_pixel_centers();
    }
    if (corners && half) throw refusal("aligns corners and half pixels at once");
    const bool whole = size[0] % from.dims[1] == 0 && size[1] % from.dims[2] == 0;
    descriptor what = whole ? (near ? up_sampling2d<1>::info : up_sampling2d<1, bilinear>::info)
                            : resizing2d<1>::info;
    if (whole)
        set_pair(what.options.spatial.extent, whole_number(size[0] / from.dims[1], "a factor"),
                 whole_number(size[1] / from.dims[2], "a factor"));
    else
        what.options.target = {whole_number(size[0], "a height"), whole_number(size[1], "a width")};
    attributes& options = what.options;
    if (near) { // whole factors repeat cells, whatever the rule
        options.method = corners || whole ? interpolation::nearest : interpolation::nearest_floor;
        options.places = corners ? coordinates::align_corners
                         : whole ? coordinates::half_pixel
                         : half  ? coordinates::tf_half_pixel_for_nn
                                 : coordinates::asymmetric;
        if (corners) what.operation = operation::other;
    } else {
        options.method = interpolation::linear;
        options.places = corners ? coordinates::align_corners
                         : half  ? coordinates::half_pixel
                                 : coordinates::asymmetric;
    }
    give_map(by, of, by.add(of, what, {from.layer}));
}

} // namespace ctnn::tool::from_tflite
