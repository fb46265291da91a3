// SPDX-License-Identifier: BSL-1.0
// What a tensor's cells are made of; it sits on the graph's edges, not on the network.
#pragma once

#include <ctnn/core/shape.hpp>

namespace ctnn {

enum class dtype : unsigned char { float32 };

/// Bytes of one cell.
constexpr int size_of(dtype) noexcept { return 4; }

/// Shape and cell type of a tensor: what travels along an edge of the graph.
struct tensor_type {
    shape extent;
    dtype cell = dtype::float32;

    constexpr long long bytes() const noexcept { return extent.elements() * size_of(cell); }

    friend constexpr bool operator==(const tensor_type&, const tensor_type&) = default;
};

} // namespace ctnn
