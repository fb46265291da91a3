// SPDX-License-Identifier: BSL-1.0
// Tensors that are computed when the model is read.
#pragma once

#include "importer.hpp"

namespace ctnn::tool::from_onnx {

/// What a node may make from nothing; what it makes of weights may be as large as they are.
inline constexpr long long most_folded = 1LL << 24;

/// Throws if a constant made of `before` numbers would be absurdly large.
void check_folded(const extents& dims, long long before);

tensor empty_like(const tensor& from, const extents& dims);
void push_from(tensor& to, const tensor& from, long long i);
/// How far apart neighbours along each axis lie.
extents steps_of(const extents& dims);
/// Broadcast to more axes or larger ones.
tensor repeated(const tensor& from, const extents& dims);

/// Cells of `from` at the places that `place(index of the result)` says.
template <class Place> tensor picked(const tensor& from, const extents& dims, Place place) {
    check_folded(dims, from.count());
    tensor result = empty_like(from, dims);
    const long long count = count_of(dims);
    extents index(dims.size());
    for (long long cell = 0; cell < count; ++cell) {
        long long rest = cell;
        for (std::size_t axis = dims.size(); axis-- > 0; rest /= dims[axis])
            index[axis] = rest % dims[axis];
        push_from(result, from, place(index));
    }
    return result;
}

/// In 64 bits, without overflow: '+', '-' or '*'.
std::int64_t wrapped(std::int64_t left, std::int64_t right, char how);
/// An operator of two inputs, cell by cell.
tensor joined(const std::string& type, const tensor& left, const tensor& right);
/// Computes a node that works cell by cell; false if it is none such.
bool fold_elementwise(importer& by, const node& of);

} // namespace ctnn::tool::from_onnx
