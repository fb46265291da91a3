// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

#include "error.hpp"

#include <utility>

namespace ctnn::tool {

namespace {

std::string spell_shape(const shape& extent) {
    std::string list = "(";
    for (int axis = 0; axis < extent.rank; ++axis)
        list += (axis > 0 ? ", " : "") + std::to_string(extent[axis]);
    return list + ")";
}

} // namespace

int model::add_input(std::string name, const shape& extent) {
    layer next;
    next.what = input<1>::info;
    next.what.options.target = extent;
    next.name = std::move(name);
    next.output = {extent, dtype::float32};
    layers.push_back(std::move(next));
    return static_cast<int>(layers.size()) - 1;
}

outcome model::outcome_of(const layer& subject) const {
    std::vector<tensor_type> inputs;
    for (int read : subject.inputs) inputs.push_back(layers[static_cast<size_t>(read)].output);
    return subject.what.rule(
        {subject.what.options, inputs.data(), static_cast<int>(inputs.size())});
}

int model::add(layer next) {
    const outcome known = outcome_of(next);
    if (known.problem)
        throw import_error(
            file, next.place,
            "this does not fit: the layer would be '" +
                std::string(next.what.kind.data, static_cast<size_t>(next.what.kind.size)) +
                "' and reads a map of " + spell_shape(extent(next.inputs.at(0))));
    if (next.owner < 0) {
        if (static_cast<int>(next.weights.size()) != known.weight_count)
            throw import_error(file, next.place,
                               "has " + std::to_string(next.weights.size()) +
                                   " weight tensors, expected " +
                                   std::to_string(known.weight_count));
        for (int i = 0; i < known.weight_count; ++i) {
            const weight& expected = known.weights[i];
            const auto found = next.weights[static_cast<size_t>(i)].size();
            if (static_cast<long long>(found) != expected.extent.elements())
                throw import_error(file, next.place,
                                   "weight '" +
                                       std::string(expected.name.begin(), expected.name.end()) +
                                       "' has " + std::to_string(found) + " numbers, expected " +
                                       std::to_string(expected.extent.elements()) + " of shape " +
                                       spell_shape(expected.extent));
        }
    }
    next.output = known.output;
    layers.push_back(std::move(next));
    return static_cast<int>(layers.size()) - 1;
}

text model::keep(std::string_view characters) {
    const std::string& kept = texts_.emplace_back(characters);
    return {kept.data(), static_cast<int>(kept.size())};
}

const descriptor* model::keep(const descriptor& activation) {
    return &descriptors_.emplace_back(activation);
}

const double* model::keep(std::vector<double> numbers) {
    return numbers_.emplace_back(std::move(numbers)).data();
}

void set_activation(model& owner, descriptor& layer, const descriptor& activation) {
    layer.options.activation = owner.keep(activation);
    layer.options.has_activation = true;
}

} // namespace ctnn::tool
