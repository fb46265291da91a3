// SPDX-License-Identifier: BSL-1.0
// Weights by name: a part of a network's blob as a span of fixed extent.
#pragma once

#include <ctnn/core/fixed_span.hpp>
#include <ctnn/weights/layout.hpp>

namespace ctnn {

template <int... Extents> struct weights_are;
template <long long Given> struct blob_has;
template <long long Needed> struct network_has;

namespace faults {
inline constexpr fault_kind no_such_weights{"no_such_weights"};
inline constexpr fault_kind weight_layout_differs{"weight_layout_differs"};
inline constexpr fault_kind blob_size_differs{"blob_size_differs"};
} // namespace faults

template <class... Facts>
__attribute__((
    unavailable("the network has no weights under this name path. A path names a weight, "
                "conv2d/kernel, or a layer or block whose weights lie together"))) constexpr bool
    mistake<&faults::no_such_weights, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "weights are declared in another layout than the network's. A kernel is "
    "height, width, input depth, filters: transpose PyTorch's filters, depth, "
    "height, width"))) constexpr bool mistake<&faults::weight_layout_differs, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "a blob of weights must have as many elements as the network has "
    "parameters, known at compile time (-1: unknown). Use a span or array of "
    "fixed extent"))) constexpr bool mistake<&faults::blob_size_differs, Facts...> = reported;

namespace detail {

/// A stretch of the blob; the extents are set if it is one weight.
struct weight_range {
    long long first = -1;
    long long count = 0;
    shape extent;
};

constexpr bool starts_with_path(text whole, text path) noexcept {
    if (whole.size < path.size) return false;
    if (!(text{whole.data, path.size} == path)) return false;
    return whole.size == path.size || whole.data[path.size] == '/';
}

constexpr weight_range find_weights(const weight_entry* entries, int count, text path) noexcept {
    weight_range found;
    for (int i = 0; i < count; ++i) {
        if (!starts_with_path(entries[i].name, path)) continue;
        if (found.first < 0) found.first = entries[i].offset;
        found.count = entries[i].offset + entries[i].elements() - found.first;
        if (entries[i].name == path) found.extent = entries[i].extent;
    }
    return found;
}

/// The extent of an array, std::array or std::span of fixed extent; -1 for anything else.
template <class Blob> constexpr long long extent_of() noexcept {
    if constexpr (requires(Blob & blob) { as_span(blob); })
        return static_cast<long long>(decltype(as_span(*static_cast<Blob*>(nullptr)))::extent);
    else
        return -1;
}

template <shape Extents, class Numbers = count_to<Extents.rank>> struct spelled_extents;
template <shape Extents, int... Axes> struct spelled_extents<Extents, numbers<Axes...>> {
    using declared = declares<Extents.extents[Axes]...>;
    using actual = weights_are<Extents.extents[Axes]...>;
};

} // namespace detail

/// The weights under a name path, as a span of fixed extent into `blob`, a contiguous range of
/// Network::parameters floats whose size is known at compile time. Path names one weight
/// ("conv2d/kernel"), a layer, or a block. With `Declared`, the layout is checked too:
/// `weights_of<"conv2d/kernel", net, shape{3, 3, 1, 40}>(blob)`. Anything else does not compile.
template <fixed_string Path, class Network, shape Declared = shape{}, class Blob>
constexpr auto weights_of(Blob& blob) noexcept {
    using namespace detail;
    using layout = weight_layout<Network>;
    constexpr weight_range range = find_weights(layout::begin(), layout::count, Path);
    constexpr long long given = extent_of<Blob>();
    using path = layer_path<Path>;
    using declared = typename spelled_extents<Declared>::declared;
    using actual = typename spelled_extents<range.extent>::actual;
    constexpr bool sound = given == Network::parameters && range.first >= 0;
    if constexpr (range.first < 0)
        static_assert(mistake<&faults::no_such_weights, path>);
    else if constexpr (Declared.rank > 0 && !(Declared == range.extent))
        static_assert(mistake<&faults::weight_layout_differs, path, declared, actual>);
    else if constexpr (given != Network::parameters)
        static_assert(
            mistake<&faults::blob_size_differs, blob_has<given>, network_has<Network::parameters>>);
    constexpr std::size_t count = range.count;
    if constexpr (sound)
        return span_at<count>(as_span(blob).data() + range.first);
    else
        return fixed_span<const float, count>{static_cast<const float*>(nullptr)};
}

} // namespace ctnn
