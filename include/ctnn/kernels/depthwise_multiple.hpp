// SPDX-License-Identifier: BSL-1.0
// Depthwise convolution in which every channel has several filters: the channels are repeated as
// often, and then each has one.
#pragma once

#include <ctnn/kernels/depthwise.hpp>

namespace ctnn {

namespace detail {

/// The call after the channels are repeated.
constexpr geometry with_repeated_channels(geometry g) noexcept {
    g.channels = g.groups = g.filters;
    return g;
}

/// Floats of a map whose channels are repeated.
constexpr long long repeated_floats(const geometry& g) noexcept {
    return 1LL * g.in[0] * g.in[1] * g.in[2] * g.filters;
}

template <isa Machine>
[[gnu::noinline]] void repeat_channels(const float* from, float* to, const geometry& g) noexcept {
    const int times = g.filters / g.channels;
    const long long cells = 1LL * g.in[0] * g.in[1] * g.in[2] * g.channels;
    for (long long cell = 0; cell < cells; ++cell)
        for (int i = 0; i < times; ++i) *to++ = from[cell];
}

} // namespace detail

template <kernel_key Key> void depthwise_multiple(const operands& o, const geometry& g) noexcept {
    constexpr kernel_key one = [] {
        kernel_key key = Key;
        key.kind = kernel_kind::depthwise;
        return key;
    }();
    operands repeated = o;
    repeated.input = o.scratch;
    repeated.scratch = o.scratch + detail::repeated_floats(g);
    detail::repeat_channels<Key.machine>(o.input, o.scratch, g);
    depthwise<one>(repeated, detail::with_repeated_channels(g));
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::depthwise_multiple) inline constexpr kernel_function
    kernel_of<Key> = &depthwise_multiple<Key>;

constexpr void pack_depthwise_multiple(const weight_source& source, const geometry& g,
                                       const kernel_key& key, float* to) noexcept {
    pack_depthwise(source, detail::with_repeated_channels(g), key, to);
}

/// The kernel for a depthwise convolution with any number of filters for each channel.
constexpr kernel_choice choose_depthwise_any(const geometry& g, const target& machine) noexcept {
    if (g.filters == g.channels) return choose_depthwise(g, machine);
    kernel_choice choice = choose_depthwise(detail::with_repeated_channels(g), machine);
    choice.key.kind = kernel_kind::depthwise_multiple;
    choice.pack = pack_depthwise_multiple;
    choice.scratch_floats += detail::repeated_floats(g);
    return choice;
}

} // namespace ctnn
