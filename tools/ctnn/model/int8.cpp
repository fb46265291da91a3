// SPDX-License-Identifier: BSL-1.0
#include "int8.hpp"

#include "error.hpp"

#include <cmath>
#include <cstdio>
#include <utility>

namespace ctnn::tool {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

std::string spell(const quantization& numbers) {
    char text[64];
    std::snprintf(text, sizeof text, "scale %.9g and zero point %d",
                  static_cast<double>(numbers.scale), numbers.zero_point);
    return text;
}

std::string place_of(const layer& subject) {
    if (!subject.place.empty()) return subject.place;
    const std::string kind(subject.what.kind.begin(), subject.what.kind.end());
    return subject.name.empty() ? kind : kind + " '" + subject.name + "'";
}

std::string sentence(detail::quantized_problem problem, const model& owner, const layer& subject) {
    const std::string kind(subject.what.kind.begin(), subject.what.kind.end());
    const quantization made = subject.on_int8->made;
    switch (problem) {
    case detail::quantized_problem::activation_inside:
        return "ends in an activation that is no clamp; on int8, relu, relu6 and hard_tanh alone "
               "can be part of a layer";
    case detail::quantized_problem::many_paths:
        return "joins " + std::to_string(subject.inputs.size()) +
               " tensors; on int8, a sum, difference or product of two is supported";
    case detail::quantized_problem::keeps:
        return "the layer '" + kind + "' keeps scale and zero point on int8; it reads " +
               spell(owner.layers[at(subject.inputs[0])].on_int8->made) + " and makes " +
               spell(made);
    case detail::quantized_problem::fixed_output:
        return "the output of '" + kind + "' on int8 has " +
               spell(subject.what.curve == curve::tanh ? quantization{1.0F / 128, 0}
                                                       : quantization{1.0F / 256, -128}) +
               ", and this one has " + spell(made);
    case detail::quantized_problem::no_number:
        return "makes a tensor of " + spell(made) +
               "; a scale is above 0, and a zero point of int8 from -128 to 127";
    default:
        return "the layer '" + kind + "' has no meaning on int8. Supported on int8 are " +
               std::string(int8_layers);
    }
}

/// The clamp that is part of a layer: the layer itself, or the activation at its end.
const descriptor& clamp_of(const descriptor& what) {
    return what.options.has_activation ? *what.options.activation : what;
}

std::vector<signed char> evaluate_layer(const model& owner, const layer& subject,
                                        const std::vector<std::vector<signed char>>& made_before) {
    std::vector<shape> shapes;
    std::vector<quantization> numbers;
    std::vector<const int8*> cells;
    for (const int read : subject.inputs) {
        shapes.push_back(owner.extent(read));
        numbers.push_back(owner.layers[at(read)].on_int8->made);
        cells.push_back(made_before[at(read)].data());
    }
    const layer& weighted = subject.owner < 0 ? subject : owner.layers[at(subject.owner)];
    const int8_facts& facts = *weighted.on_int8;
    const quantization made = subject.on_int8->made;
    const shape& output = subject.output.extent;
    const int8_finish finish = finish_of(owner, subject);
    attributes options = subject.what.options;
    options.has_activation = false;
    options.activation = nullptr;
    std::vector<signed char> result(at(output.elements()));
    subject.what.quantized.run({options, shapes.data(), cells.data(), numbers.data(),
                                static_cast<int>(subject.inputs.size()), output, result.data(),
                                made, facts.kernel.data(), facts.bias.data(), finish.factors.data(),
                                finish.low, finish.high, rounding::twice});
    return result;
}

} // namespace

const char* const int8_layers =
    "convolutions, depthwise convolutions and dense layers, with relu, relu6 or hard_tanh at their "
    "end; relu, relu6, hard_tanh, linear, sigmoid, tanh and softmax; max and average pools; a sum, "
    "difference or product of two tensors; and what moves cells: reshapes, permutations, "
    "concatenations, padding, slices, splits and shuffles";

bool keeps_numbers(const layer& subject) {
    return subject.what.quantized.known && subject.what.quantized.keeps_numbers &&
           !subject.inputs.empty();
}

void set_int8_weights(const model& owner, layer& subject, std::vector<float> scales,
                      std::vector<int> bias) {
    const auto filters = at(subject.output.extent.channels());
    if (scales.size() == 1) scales.resize(filters, scales[0]);
    if (scales.size() != filters)
        throw import_error(owner.file, place_of(subject),
                           "has " + std::to_string(scales.size()) + " scales of weights for " +
                               std::to_string(filters) + " filters");
    for (const float scale : scales)
        if (!(scale > 0) || !std::isfinite(scale))
            throw import_error(owner.file, place_of(subject),
                               "has a scale of weights that is not above 0");
    int8_facts& facts = *subject.on_int8;
    const std::vector<float>& weights = subject.weights.at(0);
    facts.kernel.clear();
    facts.kernel.reserve(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) { // filters are the last axis of every kernel
        const double cell =
            static_cast<double>(weights[i]) / static_cast<double>(scales[i % filters]);
        const double whole = std::round(cell);
        if (!(std::abs(cell - whole) < 1e-3) || whole < -128 || whole > 127)
            throw import_error(owner.file, place_of(subject),
                               "has weights that are no cells of int8 with zero point 0, which "
                               "alone is supported");
        facts.kernel.push_back(static_cast<signed char>(whole));
    }
    facts.kernel_scales = std::move(scales);
    facts.bias = std::move(bias);
}

int8_finish finish_of(const model& owner, const layer& subject) {
    std::vector<shape> shapes;
    std::vector<quantization> numbers;
    for (const int read : subject.inputs) {
        shapes.push_back(owner.extent(read));
        numbers.push_back(owner.layers[at(read)].on_int8->made);
    }
    const layer& weighted = subject.owner < 0 ? subject : owner.layers[at(subject.owner)];
    const std::vector<float>& scales = weighted.on_int8->kernel_scales;
    const quantization made = subject.on_int8->made;
    attributes options = subject.what.options;
    options.has_activation = false;
    options.activation = nullptr;
    int8_finish finish;
    const descriptor& clamp = clamp_of(subject.what);
    if (clamp.operation == operation::clamp) {
        finish.low = math::max(finish.low, quantized_cell(clamp.options.alpha, made));
        finish.high = math::min(finish.high, quantized_cell(clamp.options.beta, made));
    }
    finish.factors.resize(scales.size() + 8);
    rescale_list list{finish.factors.data(), static_cast<int>(finish.factors.size())};
    subject.what.quantized.prepare({options, shapes.data(), numbers.data(),
                                    static_cast<int>(subject.inputs.size()), subject.output.extent,
                                    made, scales.data(), rounding::twice},
                                   list);
    return finish;
}

void check_int8(const model& subject) {
    bool any = false;
    for (const layer& next : subject.layers) any = any || next.on_int8;
    if (!any) return;
    for (const layer& next : subject.layers) {
        const bool input = next.inputs.empty();
        if (!next.on_int8)
            throw import_error(
                subject.file, input ? "input '" + next.name + "'" : place_of(next),
                std::string(input ? "is" : "computes in") +
                    " float32, and other layers are on int8. A network is on int8 throughout, "
                    "quantised where it begins and dequantised where it ends alone");
    }
    for (const layer& next : subject.layers) {
        std::vector<quantization> inputs;
        for (const int read : next.inputs) inputs.push_back(subject.layers[at(read)].on_int8->made);
        const detail::quantized_problem problem = detail::problem_of(
            next.what, inputs.data(), static_cast<int>(inputs.size()), next.on_int8->made);
        if (problem != detail::quantized_problem::none)
            throw import_error(subject.file, place_of(next), sentence(problem, subject, next));
        if (next.owner >= 0 || next.weights.empty()) continue;
        const bool biased = next.weights.size() > 1;
        if (next.on_int8->kernel.size() != next.weights[0].size() ||
            next.on_int8->bias.size() != (biased ? next.weights[1].size() : 0))
            throw import_error(subject.file, place_of(next),
                               "has weights of float32, and its tensors are int8. Supported are "
                               "kernels of int8 with zero point 0 and biases of int32");
    }
}

std::vector<std::vector<signed char>>
evaluate_int8(const model& subject, const std::vector<std::vector<signed char>>& inputs) {
    std::vector<std::vector<signed char>> made;
    std::size_t next_input = 0;
    for (const layer& step : subject.layers)
        made.push_back(step.inputs.empty() ? inputs.at(next_input++)
                                           : evaluate_layer(subject, step, made));
    std::vector<std::vector<signed char>> outputs;
    for (const model_output& output : subject.outputs) outputs.push_back(made[at(output.layer)]);
    return outputs;
}

} // namespace ctnn::tool
