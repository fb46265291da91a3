// SPDX-License-Identifier: BSL-1.0
// Where the cells of a source's tensor lie in the tensor of a layer.
//
// The source's axes are products of pieces, and the layer's tensor is the same pieces in another
// order: an image (1, C, H, W) of the source is (H, W, C) here. A transposition only changes which
// axis has which pieces, and a reshape splits and joins them, so both cost nothing until a layer
// asks for an order of its own. Axes of extent 1 have no pieces.
#pragma once

#include "tensor.hpp"

#include <vector>

namespace ctnn::tool::from_onnx {

struct layout {
    std::vector<long long> memory;      ///< extents of the pieces, as they lie, outermost first
    std::vector<std::vector<int>> axes; ///< for each axis of the source its pieces, outermost first

    layout() = default;
    /// A tensor whose axes lie in this order; those of extent 1 may be left out.
    layout(const extents& dims, const std::vector<int>& order);
    /// A tensor that lies as the source has it.
    explicit layout(const extents& dims);

    int rank() const { return static_cast<int>(axes.size()); }
    long long extent(int axis) const;
    extents dims() const;

    /// Axis i becomes what axis order[i] was.
    void transpose(const std::vector<int>& order);
    /// Other extents for the same cells; false if a piece would have to be cut where it cannot.
    bool reshape(const extents& dims);
    /// The pieces of these axes, one axis after the other.
    std::vector<int> pieces(const std::vector<int>& of_axes) const;
    /// Whether the tensor is these axes in this order; the others have extent 1.
    bool lies(const std::vector<int>& order) const;
    /// The axes that have pieces, by the place of their first one.
    std::vector<int> order() const;
    /// Puts other pieces of memory in the place of [first, first + count).
    void replace(int first, int count, const std::vector<long long>& pieces);
    /// Splits piece `piece` into `outer` parts.
    void split(int piece, long long outer);
    /// Joins pieces that lie together and belong together.
    void join();
    /// The pieces in another order: piece i becomes what order[i] was.
    void arrange(const std::vector<int>& order);
    /// For every cell of an axis, in the order of memory, its index in the source.
    std::vector<long long> sources(int axis) const;
};

/// Splits pieces until both have the same along every axis; false if that cannot be. An axis that
/// has extent 1 in one of them stays as it is.
bool refine(layout& left, layout& right);

} // namespace ctnn::tool::from_onnx
