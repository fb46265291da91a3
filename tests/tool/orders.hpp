// SPDX-License-Identifier: BSL-1.0
// Cells between the order of a source and the order of a model; files of numbers.
#pragma once

#include "../../tools/ctnn/model/evaluate.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace ctnn::tool {

/// For each cell of a layer's tensor its place in the source's.
inline std::vector<std::size_t> places_in_source(const shape& extent, const source_order& order) {
    std::vector<long long> steps(order.extents.size(), 1);
    for (std::size_t i = order.extents.size(); i-- > 1;) steps[i - 1] = steps[i] * order.extents[i];
    std::vector<std::size_t> result;
    for (long long cell = 0; cell < extent.elements(); ++cell) {
        long long rest = cell;
        long long place = 0;
        for (int axis = extent.rank; axis-- > 0; rest /= extent[axis]) {
            const int source = order.axes.empty() ? -1 : order.axes[static_cast<std::size_t>(axis)];
            if (source >= 0) place += rest % extent[axis] * steps[static_cast<std::size_t>(source)];
        }
        result.push_back(static_cast<std::size_t>(order.axes.empty() ? cell : place));
    }
    return result;
}

/// Runs a model; inputs and outputs lie as the source has them, batch 1.
inline std::vector<std::vector<double>>
evaluate_as_source(const model& subject, const std::vector<std::vector<double>>& inputs) {
    std::vector<std::vector<double>> own;
    for (const layer& next : subject.layers) {
        if (!next.inputs.empty()) continue;
        const std::vector<double>& given = inputs.at(own.size());
        std::vector<double>& to = own.emplace_back();
        for (const std::size_t place : places_in_source(next.output.extent, next.order))
            to.push_back(given.at(place));
    }
    const std::vector<std::vector<double>> made = evaluate(subject, own);
    std::vector<std::vector<double>> result;
    for (std::size_t i = 0; i < made.size(); ++i) {
        const model_output& output = subject.outputs[i];
        std::vector<double>& to = result.emplace_back(made[i].size());
        const std::vector<std::size_t> places =
            places_in_source(subject.extent(output.layer), output.order);
        for (std::size_t cell = 0; cell < places.size(); ++cell)
            to.at(places[cell]) = made[i][cell];
    }
    return result;
}

/// The folder of models and data that are too large for the tree; empty if there is none.
inline std::string data_folder() {
    const char* told = std::getenv("CTNN_DATA");
    return told == nullptr ? CTNN_DATA_FOLDER : told;
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::vector<float> floats_of(const std::string& path) {
    const std::string bytes = bytes_of(path);
    std::vector<float> result(bytes.size() / sizeof(float));
    std::memcpy(result.data(), bytes.data(), result.size() * sizeof(float));
    return result;
}

} // namespace ctnn::tool
