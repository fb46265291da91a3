// SPDX-License-Identifier: BSL-1.0
// Arrays of a golden file, and the ways in which engines order them.
#pragma once

#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <ctnn/core/shape.hpp>
#include <nlohmann/json.hpp>

namespace golden {

/// Extents and cells, row-major.
struct tensor {
    std::vector<int> extents;
    std::vector<double> cells;
};

inline std::size_t elements(const std::vector<int>& extents) {
    std::size_t product = 1;
    for (const int extent : extents) product *= static_cast<std::size_t>(extent);
    return product;
}

inline std::vector<int> extents_of(const ctnn::shape& shape) {
    return {shape.extents, shape.extents + shape.rank};
}

inline std::string spell(const std::vector<int>& extents) {
    std::string text;
    for (const int extent : extents) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return "(" + text + ")";
}

inline tensor read_tensor(const nlohmann::json& from) {
    tensor result{from.at("shape").get<std::vector<int>>(),
                  from.at("data").get<std::vector<double>>()};
    if (result.cells.size() != elements(result.extents))
        throw std::runtime_error("the file has " + std::to_string(result.cells.size()) +
                                 " numbers for " + spell(result.extents));
    return result;
}

/// One example of a batch, which is the outermost axis.
inline tensor example(const tensor& batch, std::size_t index) {
    tensor result;
    result.extents.assign(batch.extents.begin() + 1, batch.extents.end());
    const auto size = static_cast<std::ptrdiff_t>(elements(result.extents));
    const auto first = batch.cells.begin() + static_cast<std::ptrdiff_t>(index) * size;
    result.cells.assign(first, first + size);
    return result;
}

/// Axis i of the result is axis `order[i]` of the source.
inline tensor permute(const tensor& source, const std::vector<std::size_t>& order) {
    const std::size_t rank = order.size();
    std::vector<std::size_t> steps(rank, 1);
    for (std::size_t axis = rank; axis-- > 1;)
        steps[axis - 1] = steps[axis] * static_cast<std::size_t>(source.extents[axis]);
    tensor result;
    for (const std::size_t axis : order) result.extents.push_back(source.extents[axis]);
    result.cells.resize(source.cells.size());
    for (std::size_t cell = 0; cell < result.cells.size(); ++cell) {
        std::size_t rest = cell;
        std::size_t from = 0;
        for (std::size_t axis = rank; axis-- > 0;) {
            const auto extent = static_cast<std::size_t>(result.extents[axis]);
            from += rest % extent * steps[order[axis]];
            rest /= extent;
        }
        result.cells[cell] = source.cells[from];
    }
    return result;
}

/// Channels, height, width as height, width, channels; one axis stays.
inline tensor channels_last(const tensor& map) {
    std::vector<std::size_t> order(map.extents.size());
    std::iota(order.begin(), order.end(), std::size_t{1});
    if (!order.empty()) order.back() = 0;
    return permute(map, order);
}

/// PyTorch's filters, depth, height, width as Keras' height, width, depth, filters; of a transposed
/// convolution and a dense layer likewise. One axis stays.
inline tensor keras_kernel(const tensor& kernel) {
    std::vector<std::size_t> order(kernel.extents.size());
    std::iota(order.begin(), order.end(), std::size_t{2});
    if (order.size() < 2) return kernel;
    order[order.size() - 2] = 1;
    order.back() = 0;
    return permute(kernel, order);
}

} // namespace golden
