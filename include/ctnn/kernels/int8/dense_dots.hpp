// SPDX-License-Identifier: BSL-1.0
// A single pixel on int8, as dense layers have it, by dot products of sixteen cells: two blocks of
// four filters at a time. Packed as for convolutions, with an even number of blocks.
#pragma once

#include <ctnn/kernels/int8/conv_dots.hpp>

namespace ctnn {

namespace detail {

template <kernel_key Key>
[[gnu::noinline]] void dense_dots_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const dot_room room{g.map, 2};
    const int8* cells = o.input;
    if (room.room() != room.depth) { // what is not there counts as 0
        cells = reinterpret_cast<int8*>(o.scratch);
        int8* to = mve::copy(reinterpret_cast<int8*>(o.scratch), o.input, room.depth);
        mve::fill(to, 0, room.room() - room.depth);
    }
    const unsigned char* weights = o.weights + room.head_bytes();
    for (int b = 0, f = 0; b < room.blocks; b += 2, f += 8, weights += 2 * room.block_bytes()) {
        int8 made[8];
        const bool whole = f + 8 <= g.map.filters;
        int8* const to = whole ? o.output + f : made;
        mve::row_call call{cells, room.groups, to, 2, g.output_zero};
        if (o.weights[b] != 0 && o.weights[b + 1] != 0) {
            mve::row_tile(call, weights);
        } else {
            dot_block_in_full(cells, room.groups, weights, g, to);
            dot_block_in_full(cells, room.groups, weights + room.block_bytes(), g, to + 4);
        }
        if (!whole) mve::copy(o.output + f, made, g.map.filters - f);
    }
    clamp_cells(o.output, g.map.filters, g);
}

} // namespace detail

constexpr int8_choice choose_dense_dots(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    for (int axis = 0; axis < 3; ++axis)
        if (map.in[axis] != 1 || map.out[axis] != 1 || map.window[axis] != 1) return choice;
    if (map.groups != 1) return choice;
    choice.key.kind = kernel_kind::dense_dots;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.pack = &detail::pack_conv_dots;
    const detail::dot_room room{map, 2};
    choice.packed_bytes = room.head_bytes() + 1LL * room.blocks * room.block_bytes();
    choice.kept_bytes = room.room() == room.depth ? 0 : room.room();
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::dense_dots) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::dense_dots_kernel<Key>;

} // namespace ctnn
