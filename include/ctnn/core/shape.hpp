// SPDX-License-Identifier: BSL-1.0
// The extents of a tensor, without the batch: channels last, as in Keras.
#pragma once

namespace ctnn {

/// The most axes a shape can have: a 3-D convolution's kernel has five, its padding six sides.
inline constexpr int max_rank = 6;

/// The extents of a tensor, outermost first: `shape{28, 28, 1}` is height, width, channels.
/// The batch axis is left out: a network reads one example at a time.
struct shape {
    int extents[max_rank]{};
    int rank = 0;

    constexpr shape() = default;

    template <class... Extents>
    requires(sizeof...(Extents) > 0 && sizeof...(Extents) <= max_rank) constexpr shape(
        Extents... values) noexcept // NOLINT(google-explicit-constructor)
        : extents{static_cast<int>(values)...}, rank(sizeof...(Extents)) {}

    constexpr int operator[](int axis) const noexcept { return extents[axis]; }

    /// The last extent: the depth of a map, and of a kernel that reads it.
    constexpr int channels() const noexcept { return rank > 0 ? extents[rank - 1] : 0; }

    /// The product of all extents; 1 for a scalar (no axes).
    constexpr long long elements() const noexcept {
        long long product = 1;
        for (int axis = 0; axis < rank; ++axis) product *= extents[axis];
        return product;
    }

    /// Whether an int can count the elements; `elements` may overflow where it cannot.
    constexpr bool countable() const noexcept {
        long long product = 1;
        for (int axis = 0; axis < rank; ++axis) {
            product *= extents[axis];
            if (product > 0x7fffffffLL) return false;
        }
        return true;
    }

    constexpr void append(int extent) noexcept { extents[rank++] = extent; }

    friend constexpr bool operator==(const shape& left, const shape& right) noexcept {
        if (left.rank != right.rank) return false;
        for (int axis = 0; axis < left.rank; ++axis)
            if (left.extents[axis] != right.extents[axis]) return false;
        return true;
    }
};

/// The first axis along which two shapes differ; the lesser rank if they agree so far.
constexpr int first_difference(const shape& left, const shape& right) noexcept {
    int axis = 0;
    while (axis < left.rank && axis < right.rank && left[axis] == right[axis]) ++axis;
    return axis;
}

} // namespace ctnn
