// SPDX-License-Identifier: BSL-1.0
#include "layer_text.hpp"

#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

namespace ctnn::tool {

namespace {

std::string_view view(text characters) {
    return {characters.data, static_cast<std::size_t>(characters.size)};
}

type_text word(std::string head) { return {std::move(head)}; }
type_text number(long long value) { return {std::to_string(value)}; }
type_text real_number(double value) { return {real_text(value)}; }
type_text option(std::string head, std::vector<type_text> arguments) {
    return {std::move(head), std::move(arguments), true};
}

bool all_equal(const int* numbers, int count) {
    for (int i = 1; i < count; ++i)
        if (numbers[i] != numbers[0]) return false;
    return true;
}

std::vector<type_text> numbers_of(const int* numbers, int count) {
    std::vector<type_text> list;
    for (int i = 0; i < count; ++i) list.push_back(number(numbers[i]));
    return list;
}

std::vector<type_text> numbers_of(const shape& extent) {
    return numbers_of(extent.extents, extent.rank);
}

/// `3`, or `kernel<3, 5>`.
type_text window_text(const window& spatial, const int* extent) {
    if (all_equal(extent, spatial.axes)) return number(extent[0]);
    return option("kernel", numbers_of(extent, spatial.axes));
}

/// One number for all axes, or one for each.
type_text each_axis(const char* name, const int* numbers, int axes) {
    return option(name, numbers_of(numbers, all_equal(numbers, axes) ? 1 : axes));
}

/// The shortest way to say how many cells lie before and after each axis.
std::vector<type_text> sides(const window& spatial, int sign = 1) {
    std::vector<int> both;
    bool symmetric = true;
    for (int axis = 0; axis < spatial.axes; ++axis) {
        both.push_back(sign * spatial.before[axis]);
        both.push_back(sign * spatial.after[axis]);
        symmetric = symmetric && spatial.before[axis] == spatial.after[axis];
    }
    if (all_equal(both.data(), static_cast<int>(both.size()))) return {number(both[0])};
    std::vector<type_text> list;
    for (std::size_t i = 0; i < both.size(); i += symmetric ? 2 : 1)
        list.push_back(number(both[i]));
    return list;
}

type_text filters_text(const filter_count& filters) {
    if (filters.divisor == 0) return number(filters.count);
    std::string text = "in_channels";
    if (filters.count != 1) text += " * " + std::to_string(filters.count);
    if (filters.divisor != 1) text += " / " + std::to_string(filters.divisor);
    return word(text);
}

using argument_list = std::vector<type_text>;

/// What stands before a layer's options, and what its options would be if none were written.
struct form_of_kind {
    std::function<argument_list(const attributes&)> positional = [](const attributes&) {
        return argument_list{};
    };
    bool brackets = true; ///< of a layer that can take options
    double epsilon = 0;   ///< by default
    bool pools = false;   ///< the stride is the size by default
    bool slides = false;  ///< padding and so on are options
};

argument_list filters_and_kernel(const attributes& options) {
    return {filters_text(options.filters), window_text(options.spatial, options.spatial.extent)};
}
argument_list kernel_alone(const attributes& options) {
    return {window_text(options.spatial, options.spatial.extent)};
}
argument_list target_alone(const attributes& options) { return numbers_of(options.target); }
argument_list first_real(const attributes& options) { return {real_number(options.alpha)}; }
argument_list two_reals(const attributes& options) {
    return {real_number(options.alpha), real_number(options.beta)};
}
argument_list none(const attributes&) { return {}; }

const char* word_of(interpolation method) {
    switch (method) {
    case interpolation::nearest: return "nearest";
    case interpolation::nearest_prefer_floor: return "nearest_prefer_floor";
    case interpolation::nearest_floor: return "nearest_floor";
    case interpolation::nearest_ceil: return "nearest_ceil";
    case interpolation::linear: return "bilinear";
    case interpolation::cubic: return "bicubic";
    }
    return "";
}

const char* word_of(coordinates places) {
    switch (places) {
    case coordinates::half_pixel: return "half_pixel";
    case coordinates::half_pixel_symmetric: return "half_pixel_symmetric";
    case coordinates::pytorch_half_pixel: return "pytorch_half_pixel";
    case coordinates::align_corners: return "align_corners";
    case coordinates::asymmetric: return "asymmetric";
    case coordinates::tf_half_pixel_for_nn: return "tf_half_pixel_for_nn";
    }
    return "";
}

void add_resizing(argument_list& list, const attributes& options, interpolation usual) {
    if (options.method != usual) list.push_back(word(word_of(options.method)));
    if (options.places != coordinates::half_pixel) list.push_back(word(word_of(options.places)));
    if (options.method == interpolation::cubic && options.coefficient != -0.75)
        list.push_back(option("cubic_coefficient", {real_number(options.coefficient)}));
    if (options.exclude_outside) list.push_back(word("exclude_outside"));
}

argument_list up_sampling(const attributes& options) {
    argument_list list;
    if (options.alpha > 0) {
        const double factors[] = {options.alpha, options.beta, options.limit};
        std::vector<type_text> scales;
        for (int axis = 0; axis < options.spatial.axes; ++axis)
            scales.push_back(real_number(factors[axis]));
        bool same = true;
        for (const type_text& scale : scales) same = same && scale == scales[0];
        if (same) scales.resize(1);
        list.push_back(option("scales", scales));
    } else {
        list.push_back(window_text(options.spatial, options.spatial.extent));
    }
    add_resizing(list, options, interpolation::nearest);
    return list;
}

argument_list resizing(const attributes& options) {
    argument_list list{window_text(options.spatial, options.target.extents)};
    add_resizing(list, options, interpolation::linear);
    return list;
}

argument_list padding_cells(const attributes& options) { return sides(options.spatial); }
argument_list cropping_cells(const attributes& options) { return sides(options.spatial, -1); }
argument_list constant_cells(const attributes& options) {
    argument_list list{real_number(options.alpha)};
    for (type_text& cells : sides(options.spatial)) list.push_back(std::move(cells));
    return list;
}

argument_list slice_ends(const attributes& options) {
    const int end = options.target[1];
    return {number(options.target[0]), end == to_end ? word("to_end") : number(end)};
}

argument_list relu_parts(const attributes& options) {
    argument_list list;
    if (options.limit < math::infinity)
        list.push_back(option("max_value", {real_number(options.limit)}));
    if (options.alpha != 0) list.push_back(option("negative_slope", {real_number(options.alpha)}));
    if (options.beta != 0) list.push_back(option("threshold", {real_number(options.beta)}));
    return list;
}

/// The constants of a normalization as the means and variances that make them.
argument_list statistics(const attributes& options) {
    argument_list list;
    const int count = options.declared_inputs;
    if (count == 0) return list;
    argument_list means;
    argument_list variances;
    for (int c = 0; c < count; ++c) {
        const double factor = options.constants[c];
        if (c < options.target[0])
            means.push_back(real_number(-options.constants[count + c] / factor));
        if (c < options.target[1]) variances.push_back(real_number(1 / (factor * factor)));
    }
    if (!means.empty()) list.push_back(option("mean", means));
    if (!variances.empty()) list.push_back(option("variance", variances));
    return list;
}

using kinds = std::map<std::string_view, form_of_kind>;

void add_for_axes(kinds& table, const std::string& stem, const form_of_kind& form) {
    static std::vector<std::string> names; // keys are views
    names.reserve(256);
    for (const char* axes : {"1d", "2d", "3d"}) table[names.emplace_back(stem + axes)] = form;
}

kinds make_kinds() {
    kinds table;
    for (const char* stem : {"conv", "separable_conv"})
        add_for_axes(table, stem, {filters_and_kernel, true, 0, false, true});
    for (const char* kind : {"conv1d_transpose", "conv2d_transpose", "conv3d_transpose"})
        table[kind] = {filters_and_kernel, true, 0, false, true};
    add_for_axes(table, "depthwise_conv", {kernel_alone, true, 0, false, true});
    add_for_axes(table, "max_pool", {kernel_alone, true, 0, true, true});
    add_for_axes(table, "avg_pool", {kernel_alone, true, 0, true, true});
    add_for_axes(table, "lp_pool",
                 {[](const attributes& options) {
                      return argument_list{real_number(options.alpha),
                                           window_text(options.spatial, options.spatial.extent)};
                  },
                  true, 0, true, true});
    add_for_axes(table, "global_max_pool", {});
    add_for_axes(table, "global_avg_pool", {});
    add_for_axes(table, "global_lp_pool", {first_real});
    const auto extents = [](const attributes& options) {
        return numbers_of(
            options.target.extents,
            all_equal(options.target.extents, options.target.rank) ? 1 : options.target.rank);
    };
    add_for_axes(table, "adaptive_avg_pool", {extents});
    add_for_axes(table, "adaptive_max_pool", {extents});
    add_for_axes(table, "zero_padding", {padding_cells});
    add_for_axes(table, "constant_pad", {constant_cells});
    add_for_axes(table, "reflection_pad", {padding_cells});
    add_for_axes(table, "replication_pad", {padding_cells});
    add_for_axes(table, "circular_pad", {padding_cells});
    add_for_axes(table, "cropping", {cropping_cells});
    add_for_axes(table, "up_sampling", {up_sampling});
    add_for_axes(table, "resizing", {resizing});

    table["input"] = {target_alone};
    table["dense"] = {
        [](const attributes& options) { return argument_list{filters_text(options.filters)}; }};
    table["flatten"] = {none, false};
    table["reshape"] = {target_alone};
    table["dropout"] = {first_real};
    table["permute"] = {target_alone};
    table["repeat_vector"] = {target_alone};
    table["rescaling"] = {two_reals};
    table["slice"] = {slice_ends};
    table["split"] = {target_alone};
    table["channel_shuffle"] = {
        [](const attributes& options) { return argument_list{number(options.groups)}; }};
    for (const char* kind :
         {"depth_to_space", "space_to_depth", "pixel_shuffle", "pixel_unshuffle"})
        table[kind] = {target_alone};

    table["batch_norm"] = {none, true, 1e-3};
    table["layer_norm"] = {none, true, 1e-3};
    table["instance_norm"] = {none, true, 1e-3};
    table["group_norm"] = {
        [](const attributes& options) { return argument_list{number(options.groups)}; }, true,
        1e-3};
    table["rms_norm"] = {none, true, 1e-6};
    table["unit_norm"] = {none, true, 1e-6};
    table["local_response_norm"] = {[](const attributes& options) {
        return argument_list{number(options.target[0]), real_number(options.alpha),
                             real_number(options.beta), real_number(options.limit)};
    }};
    table["layer_scale"] = {none, false};
    table["scale_shift"] = {none};
    table["normalization"] = {statistics};
    table["prelu"] = {[](const attributes& options) {
        argument_list list;
        if (options.target.rank > 0) list.push_back(option("shared_axes", target_alone(options)));
        return list;
    }};
    table["glu"] = {none};

    for (const char* kind :
         {"linear",      "relu",         "relu6",       "selu",     "gelu",     "gelu_tanh",
          "sigmoid",     "hard_sigmoid", "tanh",        "softplus", "silu",     "hard_swish",
          "exponential", "hard_tanh",    "log_sigmoid", "mish",     "softsign", "tanh_shrink",
          "sparse_plus", "log_softmax",  "softmax"})
        table[kind] = {none, false};
    for (const char* kind :
         {"leaky_relu", "elu", "celu", "power", "soft_shrink", "hard_shrink", "squareplus"})
        table[kind] = {first_real};
    for (const char* kind : {"thresholded_relu", "hard_sigmoid_with", "clip"})
        table[kind] = {two_reals};
    table["relu_with"] = {relu_parts};

    for (const char* kind :
         {"add", "subtract", "multiply", "average", "maximum", "minimum", "dot", "concatenate"})
        table[kind] = {};
    return table;
}

void add_window_options(argument_list& list, const attributes& options, const form_of_kind& form) {
    const window& spatial = options.spatial;
    const int axes = spatial.axes;
    bool usual = true;
    bool dilated = false;
    bool extended = false;
    for (int axis = 0; axis < axes; ++axis) {
        usual = usual && spatial.stride[axis] == (form.pools ? spatial.extent[axis] : 1);
        dilated = dilated || spatial.dilation[axis] != 1;
        extended = extended || spatial.extra[axis] != 0;
    }
    if (!usual) list.push_back(each_axis("stride", spatial.stride, axes));
    if (spatial.padding == padding_rule::same) list.push_back(word("same"));
    if (spatial.padding == padding_rule::causal) list.push_back(word("causal"));
    if (spatial.padding == padding_rule::explicit_) {
        argument_list cells = sides(spatial);
        if (cells.size() != 1 || cells[0].head != "0") list.push_back(option("padding", cells));
    }
    if (extended) list.push_back(each_axis("output_padding", spatial.extra, axes));
    if (dilated) list.push_back(each_axis("dilation", spatial.dilation, axes));
    if (spatial.beyond == border::reflect) list.push_back(word("reflect"));
    if (spatial.beyond == border::replicate) list.push_back(word("replicate"));
    if (spatial.beyond == border::circular) list.push_back(word("circular"));
    if (spatial.ceil) list.push_back(word("ceil_mode"));
    if (options.count_padding) list.push_back(word("count_padding"));
    if (options.divisor > 0) list.push_back(option("divisor", {number(options.divisor)}));
}

} // namespace

std::string real_text(double value) {
    if (std::isinf(value)) return value < 0 ? "-math::infinity" : "math::infinity";
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char character : name) {
        const auto code = static_cast<unsigned char>(character);
        if (code < 0x20 || code >= 0x7F || character == '"' || character == '\\' ||
            character == '?') {
            const char octal[] = {'\\', static_cast<char>('0' + code / 64),
                                  static_cast<char>('0' + code / 8 % 8),
                                  static_cast<char>('0' + code % 8), '\0'};
            text += octal;
        } else {
            text += character;
        }
    }
    return text + '"';
}

type_text layer_text(const descriptor& layer) {
    static const kinds table = make_kinds();
    const std::string kind(view(layer.kind));
    const auto found = table.find(kind);
    if (found == table.end()) throw std::logic_error("no word for a layer of kind " + kind);
    const form_of_kind& form = found->second;
    const attributes& options = layer.options;

    type_text result{kind == "tanh" ? "ctnn::tanh" : kind, form.positional(options), form.brackets};
    argument_list& list = result.arguments;
    result.attached = layer.family == family::activation || layer.family == family::affine;
    if (kind == "concatenate") result.head = "concat";
    if (form.slides) add_window_options(list, options, form);
    if (kind != "channel_shuffle" && kind != "group_norm" && kind != "instance_norm" &&
        options.groups != 1 && layer.family != family::depthwise)
        list.push_back(option("groups", {number(options.groups)}));
    if (options.depth_multiplier != 1)
        list.push_back(option("depth_multiplier", {number(options.depth_multiplier)}));
    if (kind == "slice" && options.spatial.stride[0] != 1)
        list.push_back(option("stride", {number(options.spatial.stride[0])}));
    if (options.keep_dims) list.push_back(word("keep_dims"));
    if (form.epsilon != 0 && options.epsilon != form.epsilon)
        list.push_back(option("epsilon", {real_number(options.epsilon)}));
    if (!options.scale) list.push_back(word("no_scale"));
    if (!options.center) list.push_back(word("no_center"));
    if (!options.bias) list.push_back(word("no_bias"));
    if (options.along != -1) {
        type_text along = option("axis", {number(options.along)});
        if (kind == "softmax") result.head = "softmax_over";
        if (kind == "concatenate") result.head = "concat_over";
        list.push_back(along);
    }
    if (options.has_activation) {
        type_text activation = layer_text(*options.activation);
        activation.attached = false;
        if (activation.head != "linear") list.push_back(std::move(activation));
    }
    return result;
}

} // namespace ctnn::tool
