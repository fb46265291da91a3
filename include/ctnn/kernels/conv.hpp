// SPDX-License-Identifier: BSL-1.0
// The kernel of a convolution.
#pragma once

#include <ctnn/kernels/conv_planar.hpp>
#include <ctnn/kernels/winograd_few.hpp>

namespace ctnn {

/// Few kernels make a pool too; where none does, there is none for a geometry that has one.
/// Winograd's where it pays and its weights take at most `winograd_bytes`; 0 forbids it.
constexpr kernel_choice choose_conv(const geometry& g, const target& machine,
                                    long long winograd_bytes = 0) noexcept {
    const bool pools = g.pool[1] > 1 || g.pool[2] > 1;
    if (g.pool[0] > 1) return {};
    const kernel_choice planar = choose_conv_planar(g, machine);
    if (planar.key.kind != kernel_kind::none) return planar;
    if (pools) return choose_winograd_few(g, machine, winograd_bytes);
    const kernel_choice minimal = best_winograd(g, machine, winograd_bytes);
    if (minimal.key.kind != kernel_kind::none) return minimal;
    const kernel_choice minimal_few = choose_winograd_few(g, machine, winograd_bytes);
    if (minimal_few.key.kind != kernel_kind::none) return minimal_few;
    const kernel_choice few = choose_conv_few(g, machine);
    return few.key.kind != kernel_kind::none ? few : choose_conv_direct(g, machine);
}

} // namespace ctnn
