// SPDX-License-Identifier: BSL-1.0
// A network compiled for one instruction set, as a table of functions: what files of different
// flags know of one another. In those files the library's namespace has another name each, so that
// no function of one of them is taken for that of another; this table is outside of it.
#pragma once

#include <ctnn/runtime/model.hpp>

/// Memory is the caller's, and aligned to 64 bytes.
struct ctnn_compiled_network {
    long long packed_floats;
    long long arena_floats;
    void (*pack)(const float* blob, float* packed) noexcept;
    void (*run)(const float* packed, const float* const* inputs, float* const* outputs,
                float* arena) noexcept;
};

namespace ctnn {

namespace detail {
template <class Network, target Machine>
void pack_compiled(const float* blob, float* packed) noexcept {
    pack<Network, Machine>(weights_span<Network>{blob},
                           fixed_span<float, packed_span<Network, Machine>::extent>{packed});
}
} // namespace detail

/// The table of a network for the machine that the file is compiled for.
template <class Network, target Machine>
inline constexpr ctnn_compiled_network compiled_network{
    static_cast<long long>(packed_span<Network, Machine>::extent),
    arena<Network, float, Machine>::cells, &detail::pack_compiled<Network, Machine>,
    &detail::run_network<Network, float, Machine>};

} // namespace ctnn
