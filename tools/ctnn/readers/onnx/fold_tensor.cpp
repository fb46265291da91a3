// SPDX-License-Identifier: BSL-1.0
#include "fold.hpp"

#include <algorithm>

namespace ctnn::tool::from_onnx {

void check_folded(const extents& dims, long long before) {
    if (count_of(dims) > std::max(most_folded, 4 * before))
        throw refusal("makes a constant of shape " + spell(dims) + ", which is too large");
}

void push_from(tensor& to, const tensor& from, long long i) {
    if (to.real)
        to.reals.push_back(from.real ? from.reals[at(i)] : static_cast<float>(from.wholes[at(i)]));
    else
        to.wholes.push_back(from.whole(i));
}

tensor empty_like(const tensor& from, const extents& dims) {
    tensor result;
    result.dims = dims;
    result.real = from.real;
    result.scales = from.scales;
    return result;
}

extents steps_of(const extents& dims) {
    extents steps(dims.size());
    long long step = 1;
    for (std::size_t axis = dims.size(); axis-- > 0; step *= std::max(dims[axis], 1LL))
        steps[axis] = step;
    return steps;
}

tensor repeated(const tensor& from, const extents& dims) {
    const extents steps = steps_of(from.dims);
    const std::size_t more = dims.size() - from.dims.size();
    return picked(from, dims, [&](const extents& index) {
        long long place = 0;
        for (std::size_t axis = 0; axis < from.dims.size(); ++axis)
            if (from.dims[axis] != 1) place += index[axis + more] * steps[axis];
        return place;
    });
}

} // namespace ctnn::tool::from_onnx
