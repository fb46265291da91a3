// SPDX-License-Identifier: BSL-1.0
// Norms, activations, merges, and what moves cells.
#include "importer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace ctnn::tool::from_keras {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// The axis of a setting, which may be a list of one.
long long single_axis(const call& of, long long usual) {
    const std::vector<int> axes = of.options.list({"axis"});
    if (axes.size() > 1) throw refusal("works along several axes, and only one is supported");
    return axes.empty() ? usual : axes[0];
}

void set_axis(importer& by, descriptor& what, const value& from, long long axis) {
    const int own = by.axis_of(from, axis);
    what.options.along = own == by.extent(from).rank - 1 ? -1 : own;
}

/// A flattened map whose order nobody has asked for yet.
value ordered(importer& by, const value& from) {
    return from.flattened.rank > 0 ? by.plain(from) : from;
}

value follow(importer& by, const call& of, const descriptor& what, const value& from) {
    value result = from;
    result.layer = by.add(of, what, {from.layer});
    return result;
}

} // namespace

value convert_batch_norm(importer& by, const call& of) {
    const value from = ordered(by, of.input());
    descriptor what = batch_norm<>::info;
    if (of.options.integer({"mode"}, 0) == 1) throw refusal("normalises samples (mode 1)");
    if (of.options.flag({"renorm"}, false)) throw refusal("renormalises, which is not supported");
    set_axis(by, what, from, single_axis(of, -1));
    what.options.epsilon = of.options.real({"epsilon"}, 1e-3);
    what.options.scale = of.options.flag({"scale"}, true);
    what.options.center = of.options.flag({"center"}, true);
    return follow(by, of, what, from);
}

value convert_layer_norm(importer& by, const call& of) {
    const value from = by.plain(of.input());
    const bool square = of.type == "RMSNormalization";
    if (of.options.flag({"rms_scaling"}, false))
        throw refusal("scales by the root mean square (rms_scaling), which is not supported");
    descriptor what = square ? rms_norm<>::info : layer_norm<>::info;
    std::vector<int> axes = of.options.list({"axis"});
    if (axes.empty()) axes.push_back(-1);
    const int rank = by.extent(from).rank;
    for (int& axis : axes) axis = by.axis_of(from, axis);
    std::sort(axes.begin(), axes.end());
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (axes[i] != rank - static_cast<int>(axes.size() - i))
            throw refusal("normalises axes that are not the last ones, which is not supported");
    what.options.along = axes.size() == 1 ? -1 : axes[0];
    what.options.epsilon = of.options.real({"epsilon"}, square ? 1e-6 : 1e-3);
    what.options.scale = of.options.flag({"scale"}, true);
    what.options.center = of.options.flag({"center"}, true);
    return follow(by, of, what, from);
}

value convert_group_norm(importer& by, const call& of) {
    const value from = ordered(by, of.input());
    const int rank = by.extent(from).rank;
    if (by.axis_of(from, single_axis(of, -1)) != rank - 1)
        throw refusal("groups another axis than the channels, which is not supported");
    const int groups = of.options.whole({"groups"}, 32);
    descriptor what = group_norm<1>::info;
    what.options.groups = groups;
    if (groups == -1 || groups == by.extent(from).channels()) what = instance_norm<>::info;
    if (groups < 1 && groups != -1) throw refusal("has no groups");
    what.options.epsilon = of.options.real({"epsilon"}, 1e-3);
    what.options.scale = of.options.flag({"scale"}, true);
    what.options.center = of.options.flag({"center"}, true);
    return follow(by, of, what, from);
}

value convert_unit_norm(importer& by, const call& of) {
    const value from = ordered(by, of.input());
    descriptor what = unit_norm<>::info;
    set_axis(by, what, from, single_axis(of, -1));
    return follow(by, of, what, from);
}

value convert_normalization(importer& by, const call& of) {
    value from = ordered(by, of.input());
    const json* axis = of.options.find({"axis"});
    const bool scalar = axis != nullptr && axis->is_array() && axis->empty();
    const int rank = by.extent(from).rank;
    descriptor what = normalization<>::info;
    int along = rank - 1;
    if (!scalar && axis != nullptr) along = by.axis_of(from, single_axis(of, -1));
    what.options.along = along == rank - 1 ? -1 : along;
    const long long channels = by.extent(from)[along];
    // Mean and variance are settings, or weights.
    std::vector<double> statistics[2];
    for (int i = 0; i < 2; ++i) {
        const json* given = i == 0 ? of.options.find({"mean"}) : of.options.find({"variance"});
        while (given != nullptr && given->is_array() && given->size() == 1 &&
               (*given)[0].is_array())
            given = &(*given)[0];
        if (given != nullptr && given->is_number()) statistics[i].push_back(given->get<double>());
        if (given != nullptr && given->is_array())
            for (const json& number : *given) {
                if (!number.is_number()) throw refusal("has a mean that is no number");
                statistics[i].push_back(number.get<double>());
            }
    }
    if (statistics[0].empty() != statistics[1].empty())
        throw refusal("has a mean without a variance");
    if (statistics[0].empty()) {
        const std::vector<stored_weight> stored = by.stored(of);
        if (stored.size() < 2) throw refusal("has no mean and variance: it was never adapted");
        for (int i = 0; i < 2; ++i) {
            const std::string wanted = i == 0 ? "mean" : "variance";
            const h5_object* found = stored[at(i)].data;
            for (const stored_weight& next : stored)
                if (next.name == wanted) found = next.data;
            for (const float number : found->cells) statistics[i].push_back(as_written(number));
        }
    }
    for (std::vector<double>& numbers : statistics)
        if (numbers.size() != 1 && static_cast<long long>(numbers.size()) != channels)
            throw refusal("has " + std::to_string(numbers.size()) + " means for " +
                          std::to_string(channels) + " channels");
    const bool inverts = of.options.flag({"invert"}, false);
    const std::size_t count = std::max(statistics[0].size(), statistics[1].size());
    std::vector<double> constants(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        const double mean = statistics[0][statistics[0].size() == 1 ? 0 : i];
        const double root = std::max(
            std::sqrt(std::max(statistics[1][statistics[1].size() == 1 ? 0 : i], 0.0)), 1e-7);
        constants[i] = inverts ? root : 1 / root;
        constants[count + i] = inverts ? mean : -mean / root;
    }
    if (inverts && count == 1) {
        descriptor line = rescaling<1>::info;
        line.options.alpha = constants[0];
        line.options.beta = constants[1];
        return follow(by, of, line, from);
    }
    if (inverts || count > 4) { // as weights: a list would be no pleasure to read
        descriptor affine = scale_shift<>::info;
        affine.options.along = what.options.along;
        std::vector<std::vector<float>> weights(2);
        for (std::size_t i = 0; i < at(channels); ++i)
            for (std::size_t j = 0; j < 2; ++j)
                weights[j].push_back(static_cast<float>(constants[j * count + i]));
        from.layer = by.build().add(affine, {from.layer}, std::move(weights), of.place.path());
        return from;
    }
    what.options.declared_inputs = static_cast<int>(count);
    what.options.target = {static_cast<int>(statistics[0].size()),
                           static_cast<int>(statistics[1].size())};
    what.options.constants = by.build().target().keep(std::move(constants));
    return follow(by, of, what, from);
}

value convert_rescaling(importer& by, const call& of) {
    value from = of.input();
    const json* scale = of.options.find({"scale"});
    const json* offset = of.options.find({"offset"});
    const bool lists =
        (scale != nullptr && scale->is_array()) || (offset != nullptr && offset->is_array());
    if (!lists) {
        descriptor what = rescaling<1>::info;
        what.options.alpha = of.options.real({"scale"}, 1);
        what.options.beta = of.options.real({"offset"}, 0);
        return follow(by, of, what, from);
    }
    from = by.plain(from);
    const long long channels = by.extent(from).channels();
    std::vector<std::vector<float>> weights(2);
    for (int i = 0; i < 2; ++i) {
        const json* given = i == 0 ? scale : offset;
        const double usual = i == 0 ? 1 : 0;
        if (given != nullptr && given->is_array() &&
            static_cast<long long>(given->size()) != channels)
            throw refusal("scales " + std::to_string(given->size()) + " channels of " +
                          std::to_string(channels));
        for (long long c = 0; c < channels; ++c) {
            const json* number = given != nullptr && given->is_array() ? &(*given)[at(c)] : given;
            if (number != nullptr && !number->is_number()) throw refusal("its scale is no number");
            weights[at(i)].push_back(
                static_cast<float>(number == nullptr ? usual : number->get<double>()));
        }
    }
    from.layer =
        by.build().add(scale_shift<>::info, {from.layer}, std::move(weights), of.place.path());
    return from;
}

namespace {

descriptor with(descriptor what, double alpha) {
    what.options.alpha = alpha;
    return what;
}

/// Keras' ReLU layer.
descriptor relu_of(const settings& options) {
    const double infinite = std::numeric_limits<double>::infinity();
    const double most = options.real({"max_value"}, infinite);
    const double slope = options.real({"negative_slope"}, 0);
    const double threshold = options.real({"threshold"}, 0);
    if (slope == 0 && threshold == 0 && most == infinite) return relu::info;
    if (slope == 0 && threshold == 0 && most == 6) return relu6::info;
    if (threshold == 0 && most == infinite) return with(leaky_relu<>::info, slope);
    descriptor what = relu_with<>::info;
    what.options.alpha = slope;
    what.options.beta = threshold;
    what.options.limit = most;
    return what;
}

} // namespace

descriptor activation_of(const json& of, int version) {
    if (of.is_object()) {
        static const json none = json::object();
        const json& config = of.contains("config") ? of["config"] : none;
        const settings options(config);
        const std::string type = settings(of).text({"class_name"}, "");
        if (config.is_string()) return activation_of(config, version);
        if (type == "ReLU") return relu_of(options);
        if (type == "LeakyReLU")
            return with(leaky_relu<>::info, options.real({"alpha", "negative_slope"}, 0.3));
        if (type == "ELU") return with(elu<>::info, options.real({"alpha"}, 1));
        if (type == "Softmax") return softmax::info;
        if (type == "Activation" && config.is_object() && config.contains("activation") &&
            config["activation"].is_string())
            return activation_of(config["activation"], version);
        if (type.empty() || type == "__lambda__" || type == "function")
            throw refusal("its activation is Python code, which cannot be imported. Use one of "
                          "Keras' activations by its name");
        throw refusal("its activation '" + printable(type) + "' is not supported");
    }
    if (!of.is_string()) throw refusal("its activation has no name");
    const std::string& name = of.get_ref<const std::string&>();
    static const std::map<std::string, descriptor> table{
        {"linear", linear::info},
        {"relu", relu::info},
        {"relu6", relu6::info},
        {"leaky_relu", with(leaky_relu<>::info, 0.2)},
        {"elu", elu<>::info},
        {"selu", selu::info},
        {"celu", celu<>::info},
        {"gelu", gelu::info},
        {"sigmoid", sigmoid::info},
        {"hard_sigmoid", hard_sigmoid::info},
        {"tanh", ctnn::tanh::info},
        {"softplus", softplus::info},
        {"softsign", softsign::info},
        {"silu", silu::info},
        {"swish", silu::info},
        {"hard_silu", hard_swish::info},
        {"hard_swish", hard_swish::info},
        {"exponential", exponential::info},
        {"softmax", softmax::info},
        {"log_softmax", log_softmax::info},
        {"log_sigmoid", log_sigmoid::info},
        {"mish", mish::info},
        {"glu", glu<>::info},
        {"hard_tanh", hard_tanh::info},
        {"hard_shrink", hard_shrink<>::info},
        {"soft_shrink", soft_shrink<>::info},
        {"tanh_shrink", tanh_shrink::info},
        {"squareplus", squareplus<>::info},
        {"sparse_plus", sparse_plus::info},
        {"sparse_sigmoid", sparse_sigmoid::info},
        {"threshold", thresholded_relu<>::info},
    };
    if (name == "hard_sigmoid" && version < 3) return hard_sigmoid_with<0.2, 0.5>::info;
    const auto found = table.find(name);
    if (found == table.end() || (name == "threshold"))
        throw refusal("its activation '" + printable(name) + "' is not supported");
    return found->second;
}

value convert_activation(importer& by, const call& of) {
    const std::string& type = of.type;
    descriptor what;
    if (type == "Activation") {
        const json* name = of.options.find({"activation"});
        if (name == nullptr) throw refusal("has no activation");
        what = activation_of(*name, by.version());
    } else if (type == "ReLU") {
        what = relu_of(of.options);
    } else if (type == "LeakyReLU") {
        what = with(leaky_relu<>::info, of.options.real({"alpha", "negative_slope"}, 0.3));
    } else if (type == "ELU") {
        what = with(elu<>::info, of.options.real({"alpha"}, 1));
    } else if (type == "ThresholdedReLU") {
        what = with(thresholded_relu<>::info, of.options.real({"theta"}, 1));
    } else { // an operation of Keras 3
        const std::map<std::string, descriptor> table{{"Relu", relu::info},
                                                      {"Relu6", relu6::info},
                                                      {"Sigmoid", sigmoid::info},
                                                      {"Tanh", ctnn::tanh::info},
                                                      {"Silu", silu::info}};
        const auto found = table.find(type);
        if (found == table.end()) throw refusal("this activation is not supported");
        what = found->second;
    }
    value from = of.input();
    if (what.kind == text{"linear"}) return from;
    if (what.kind == text{"softmax"} || what.kind == text{"log_softmax"} ||
        what.kind == text{"glu"}) {
        from = ordered(by, from);
        if (what.kind == text{"softmax"})
            set_axis(by, what, from, -1);
        else
            from = by.plain(from);
    }
    return follow(by, of, what, from);
}

value convert_softmax(importer& by, const call& of) {
    const value from = ordered(by, of.input());
    descriptor what = softmax::info;
    set_axis(by, what, from, single_axis(of, -1));
    return follow(by, of, what, from);
}

value convert_prelu(importer& by, const call& of) {
    const value from = by.plain(of.input()); // slopes lie as the file has them
    descriptor what = prelu<>::info;
    what.options.target = shape{};
    const std::vector<int> shared = of.options.list({"shared_axes"});
    if (shared.size() > at(max_rank)) throw refusal("shares too many axes");
    for (const int axis : shared) what.options.target.append(by.axis_of(from, axis));
    return follow(by, of, what, from);
}

namespace {

/// All tensors as the first one lies, with the extents that all have together.
std::vector<int> alike(importer& by, const call& of, bool& turned) {
    std::vector<value> inputs = of.inputs;
    for (value& input : inputs) input = ordered(by, input);
    turned = std::any_of(inputs.begin(), inputs.end(), [](const value& v) { return v.turned; });
    std::vector<int> result;
    int rank = 0;
    for (value& input : inputs) {
        input = by.channels_last(input, turned && by.extent(input).rank > 1);
        rank = std::max(rank, by.extent(input).rank);
        result.push_back(input.layer);
    }
    return result;
}

} // namespace

value convert_merge(importer& by, const call& of) {
    const std::string& type = of.type;
    const descriptor* what = type == "Add"                              ? &add_descriptor
                             : type == "Subtract"                       ? &subtract_descriptor
                             : type == "Multiply"                       ? &multiply_descriptor
                             : type == "Average"                        ? &average_descriptor
                             : type == "Maximum"                        ? &maximum_descriptor
                             : type == "Minimum"                        ? &minimum_descriptor
                             : type == "TrueDivide" || type == "Divide" ? nullptr
                                                                        : &concat_descriptor;
    if (of.inputs.size() == 1 && of.numbers.size() == 1) { // arithmetic with a number
        value from = of.input();
        const double number = of.numbers[0];
        double scale = 1;
        double offset = 0;
        if (type == "Add") {
            offset = number;
        } else if (type == "Multiply") {
            scale = number;
        } else if (type == "Subtract") {
            scale = of.number_first ? -1 : 1;
            offset = of.number_first ? number : -number;
        } else if (what == nullptr && !of.number_first && number != 0) {
            scale = 1 / number;
        } else {
            throw refusal("joins a tensor and a number in a way that is not supported");
        }
        descriptor line = rescaling<1>::info;
        line.options.alpha = scale;
        line.options.beta = offset;
        return follow(by, of, line, from);
    }
    if (what == nullptr) throw refusal("divides by a tensor, which is not supported");
    if (of.inputs.size() < 2) throw refusal("joins less than two tensors");
    bool turned = false;
    std::vector<int> inputs = alike(by, of, turned);
    const auto extent = [&](int layer) { return by.build().extent(layer); };
    shape joined;
    for (const int layer : inputs)
        if (extent(layer).rank > joined.rank) joined = extent(layer);
    for (const int layer : inputs)
        for (int axis = 0; axis < extent(layer).rank; ++axis) {
            int& cells = joined.extents[joined.rank - extent(layer).rank + axis];
            cells = std::max(cells, extent(layer)[axis]);
        }
    // A gate of 1 x 1 x C multiplies a map as it is; it comes behind it.
    if (type == "Multiply") {
        std::vector<int> ordered;
        for (const bool whole : {true, false})
            for (const int layer : inputs)
                if ((extent(layer) == joined) == whole) ordered.push_back(layer);
        inputs = std::move(ordered);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const shape held = extent(inputs[i]);
        const bool gate = type == "Multiply" && i > 0 && is_gate(joined, held) &&
                          held.channels() == joined.channels();
        if (held == joined || gate) continue;
        shape longer;
        for (int axis = held.rank; axis < joined.rank; ++axis) longer.append(1);
        for (int axis = 0; axis < held.rank; ++axis) longer.append(held[axis]);
        inputs[i] = by.build().expanded(by.build().reshaped(inputs[i], longer), joined);
    }
    return {by.add(of, *what, inputs), turned, {}};
}

value convert_old_merge(importer& by, const call& of) {
    const std::string mode = of.options.text({"mode"}, "sum");
    const std::map<std::string, std::string> names{{"sum", "Add"},
                                                   {"mul", "Multiply"},
                                                   {"ave", "Average"},
                                                   {"max", "Maximum"},
                                                   {"concat", "Concatenate"}};
    const auto found = names.find(mode);
    if (found == names.end())
        throw refusal("merges by '" + printable(mode) + "', which is not supported");
    const call renamed{of.config,  found->second,   of.place,  of.inputs,
                       of.numbers, of.number_first, of.options};
    return mode == "concat" ? convert_concatenate(by, renamed) : convert_merge(by, renamed);
}

value convert_concatenate(importer& by, const call& of) {
    if (of.inputs.empty()) throw refusal("joins no tensors");
    bool turned = false;
    const std::vector<int> inputs = alike(by, of, turned);
    if (inputs.size() == 1) return {inputs[0], turned, {}};
    descriptor what = concat_descriptor;
    const value first{inputs[0], turned, {}};
    set_axis(by, what, first, of.options.integer({"axis", "concat_axis"}, -1));
    return {by.add(of, what, inputs), turned, {}};
}

value convert_dot(importer& by, const call& of) {
    if (of.inputs.size() != 2) throw refusal("takes the product of not just two tensors");
    std::vector<int> axes = of.options.list({"axes"});
    if (axes.size() == 1) axes.push_back(axes[0]);
    if (axes.size() != 2) throw refusal("has no axes");
    std::vector<int> inputs;
    for (std::size_t i = 0; i < 2; ++i) {
        const value from = by.plain(of.inputs[i]);
        const int rank = by.extent(from).rank;
        const int axis = by.axis_of(from, axes[i]);
        std::vector<int> order;
        for (int k = 0; k < rank; ++k)
            if (k != axis) order.push_back(k);
        order.push_back(axis);
        int read = by.build().permuted(from.layer, order);
        if (of.options.flag({"normalize"}, false)) {
            descriptor unit = unit_norm<>::info;
            unit.options.epsilon = 1e-6;
            read = by.build().add(unit, {read});
        }
        inputs.push_back(read);
    }
    return {by.add(of, dot_descriptor, inputs), false, {}};
}

value convert_flatten(importer& by, const call& of) {
    value from = of.input();
    if (by.extent(from).rank == 1) return from;
    // Keras turns a map whose channels it knows to be first before it flattens it.
    const bool known_first = of.options.text({"data_format"}, "channels_last") == "channels_first";
    value result;
    if (known_first)
        from = by.channels_last(from, true);
    else if (from.turned)
        result.flattened = by.extent(from);
    result.layer = by.add(of, flatten::info, {from.layer});
    return result;
}

value convert_reshape(importer& by, const call& of) {
    const value from = by.plain(of.input());
    const std::vector<int> wanted = of.options.list({"target_shape", "dims"});
    if (wanted.empty() || wanted.size() > at(max_rank))
        throw refusal("has a target_shape that is not supported");
    descriptor what = reshape<1>::info;
    what.options.target = shape{};
    for (const int extent : wanted) {
        if (extent < 1 && extent != -1) throw refusal("has a target_shape that is not supported");
        what.options.target.append(extent);
    }
    if (wanted.size() == 1) what = flatten::info;
    return {by.add(of, what, {from.layer}), false, {}};
}

value convert_permute(importer& by, const call& of) {
    const value from = by.plain(of.input());
    descriptor what = permute<0>::info;
    what.options.target = shape{};
    const std::vector<int> order = of.options.list({"dims"});
    if (order.size() > at(max_rank)) throw refusal("has too many axes");
    for (const int axis : order) what.options.target.append(axis - 1);
    return {by.add(of, what, {from.layer}), false, {}};
}

value convert_repeat_vector(importer& by, const call& of) {
    const value from = by.plain(of.input());
    descriptor what = repeat_vector<1>::info;
    what.options.target = {of.options.whole({"n"}, 1)};
    return {by.add(of, what, {from.layer}), false, {}};
}

value convert_nothing(importer& by, const call& of) {
    const value from = of.input();
    by.drop(of);
    return from;
}

} // namespace ctnn::tool::from_keras
