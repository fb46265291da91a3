// SPDX-License-Identifier: BSL-1.0
#include "evaluate.hpp"

namespace ctnn::tool {

std::vector<double> evaluate_layer(const model& owner, const layer& subject,
                                   const std::vector<const std::vector<double>*>& inputs) {
    std::vector<shape> shapes;
    std::vector<const double*> cells;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        shapes.push_back(owner.extent(subject.inputs[i]));
        cells.push_back(inputs[i]->data());
    }
    const layer& weighted =
        subject.owner < 0 ? subject : owner.layers[static_cast<std::size_t>(subject.owner)];
    const float* weights[max_weights]{};
    for (std::size_t i = 0; i < weighted.weights.size(); ++i)
        weights[i] = weighted.weights[i].data();

    const shape& output = subject.output.extent;
    std::vector<double> result(static_cast<std::size_t>(output.elements()));
    attributes options = subject.what.options;
    const descriptor* activation = options.has_activation ? options.activation : nullptr;
    options.has_activation = false; // it runs after the layer, as the library does it
    options.activation = nullptr;
    if (subject.what.family == family::alias)
        result.assign(inputs[0]->begin(), inputs[0]->end());
    else
        subject.what.reference.twice({options, shapes.data(), cells.data(),
                                      static_cast<int>(inputs.size()), output, result.data(),
                                      weights});
    if (activation != nullptr) {
        const double* same[] = {result.data()};
        activation->reference.twice(
            {activation->options, &output, same, 1, output, result.data(), nullptr});
    }
    return result;
}

std::vector<std::vector<double>> evaluate(const model& subject,
                                          const std::vector<std::vector<double>>& inputs) {
    std::vector<std::vector<double>> made;
    made.reserve(subject.layers.size());
    std::size_t next_input = 0;
    for (const layer& step : subject.layers) {
        if (step.inputs.empty()) {
            made.push_back(inputs.at(next_input++));
            continue;
        }
        std::vector<const std::vector<double>*> reads;
        for (int read : step.inputs) reads.push_back(&made[static_cast<std::size_t>(read)]);
        made.push_back(evaluate_layer(subject, step, reads));
    }
    std::vector<std::vector<double>> outputs;
    for (const model_output& output : subject.outputs)
        outputs.push_back(made[static_cast<std::size_t>(output.layer)]);
    return outputs;
}

} // namespace ctnn::tool
