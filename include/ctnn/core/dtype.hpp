// SPDX-License-Identifier: BSL-1.0
// What cells are made of: a tensor's on the graph's edges, float32 or int8, and weights'.
#pragma once

#include <ctnn/core/shape.hpp>

namespace ctnn {

enum class dtype : unsigned char { float32, float16, bfloat16, int8, int32 };

/// Bytes of one cell.
constexpr int size_of(dtype cell) noexcept {
    return cell == dtype::float32 || cell == dtype::int32 ? 4 : cell == dtype::int8 ? 1 : 2;
}

/// Shape and cell type of a tensor: what travels along an edge of the graph.
struct tensor_type {
    shape extent;
    dtype cell = dtype::float32;

    constexpr long long bytes() const noexcept { return extent.elements() * size_of(cell); }

    friend constexpr bool operator==(const tensor_type&, const tensor_type&) = default;
};

} // namespace ctnn
