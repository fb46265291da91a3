// SPDX-License-Identifier: BSL-1.0
// A span and an array whose sizes are part of their types. <span> and <array> hold the same, at
// 0.06 s of parsing in every file that checks a network.
#pragma once

#include <cstddef>

namespace ctnn {

/// Extent elements that lie somewhere else, one after the other. An array, std::array or std::span
/// of just this extent converts to it; nothing else does.
template <class Element, std::size_t Extent> class fixed_span {
    static constexpr Element* check(Element* first) noexcept { return first; }

public:
    static constexpr std::size_t extent = Extent;

    constexpr fixed_span() noexcept requires(Extent == 0) = default;
    /// The first of Extent elements.
    constexpr explicit fixed_span(Element* first) noexcept : data_(first) {}
    template <class Other, std::size_t Size>
    requires(Size == Extent) && requires(Other* first) { check(first); }
    constexpr fixed_span(Other (&elements)[Size]) noexcept // NOLINT(google-explicit-constructor)
        : data_(elements) {}
    template <template <class, std::size_t> class Fixed, class Other>
    requires requires(Fixed<Other, Extent>& elements) { check(elements.data()); }
    constexpr fixed_span(
        Fixed<Other, Extent>& elements) noexcept // NOLINT(google-explicit-constructor)
        : data_(elements.data()) {}
    template <template <class, std::size_t> class Fixed, class Other>
    requires requires(const Fixed<Other, Extent>& elements) { check(elements.data()); }
    constexpr fixed_span(const Fixed<Other, Extent>& elements) noexcept // NOLINT
        : data_(elements.data()) {}

    constexpr Element* data() const noexcept { return data_; }
    static constexpr std::size_t size() noexcept { return Extent; }
    constexpr Element* begin() const noexcept { return data_; }
    constexpr Element* end() const noexcept { return data_ + Extent; }
    constexpr Element& operator[](std::size_t index) const noexcept { return data_[index]; }

private:
    Element* data_ = nullptr;
};

/// Size elements in a row.
template <class Element, std::size_t Size> struct fixed_array {
    Element elements[Size]{};

    constexpr const Element* data() const noexcept { return elements; }
    constexpr Element* data() noexcept { return elements; }
    static constexpr std::size_t size() noexcept { return Size; }
    constexpr const Element* begin() const noexcept { return elements; }
    constexpr const Element* end() const noexcept { return elements + Size; }
    constexpr Element& operator[](std::size_t index) noexcept { return elements[index]; }
    constexpr const Element& operator[](std::size_t index) const noexcept {
        return elements[index];
    }

    friend constexpr bool operator==(const fixed_array&, const fixed_array&) = default;
};

namespace detail {

template <std::size_t Size, class Element>
constexpr fixed_span<Element, Size> span_at(Element* first) noexcept {
    return fixed_span<Element, Size>{first};
}

/// An array, std::array or std::span of fixed extent as a fixed_span.
template <class Element, std::size_t Size>
constexpr fixed_span<Element, Size> as_span(Element (&elements)[Size]) noexcept {
    return fixed_span<Element, Size>{&elements[0]};
}
template <template <class, std::size_t> class Fixed, class Element, std::size_t Size>
constexpr auto as_span(Fixed<Element, Size>& elements) noexcept {
    return span_at<Size>(elements.data());
}
template <template <class, std::size_t> class Fixed, class Element, std::size_t Size>
constexpr auto as_span(const Fixed<Element, Size>& elements) noexcept {
    return span_at<Size>(elements.data());
}

/// The same type, but not deduced from an argument.
template <class Type> struct type_identity { using type = Type; };
template <class Type> using not_deduced = typename type_identity<Type>::type;

} // namespace detail

} // namespace ctnn
