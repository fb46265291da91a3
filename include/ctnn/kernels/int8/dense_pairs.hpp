// SPDX-License-Identifier: BSL-1.0
// A single pixel on int8, as dense layers have it, by pairs of 16-bit numbers: blocks of eight
// filters.
#pragma once

#include <ctnn/kernels/int8/pairs.hpp>

namespace ctnn {

namespace detail {

constexpr pair_layout dense_pair_layout(const geometry& map) noexcept {
    const int depth = map.channels;
    return {depth, math::ceil_div(depth, 8) * 8, map.filters, 8};
}

constexpr void pack_dense_pairs(const int8_source& source, const int8_geometry& g,
                                const kernel_key&, unsigned char* to) noexcept {
    pack_pairs(source, g, dense_pair_layout(g.map), to);
}

template <kernel_key Key>
[[gnu::noinline]] void dense_pairs_kernel(const int8_operands& o, const int8_geometry& g) noexcept {
    const pair_layout layout = dense_pair_layout(g.map);
    const int8* cells = o.input;
    if (layout.room != layout.depth) { // what is not there counts as 0
        cells = reinterpret_cast<int8*>(o.scratch);
        int8* to = dsp::copy(reinterpret_cast<int8*>(o.scratch), o.input, layout.depth);
        dsp::fill(to, 0, layout.room - layout.depth);
    }
    const unsigned char* head = o.weights;
    const unsigned char* weights = head + layout.head_bytes();
    for (int filter = 0; filter < layout.filters;) {
        const int alike = static_cast<int8>(*head);
        const int blocks = math::min(alike, (layout.filters - filter) / 8);
        if (blocks > 0) {
            weights = dsp::row_tile(
                {cells, cells + layout.room, o.output + filter, blocks, g.output_zero + 128},
                weights);
            head += blocks;
            filter += 8 * blocks;
            continue;
        }
        // A block that needs the rule in full, or has fewer filters.
        alignas(4) int8 made[8];
        if (alike > 0)
            dsp::row_tile({cells, cells + layout.room, made, 1, g.output_zero + 128}, weights);
        else
            pair_block_in_full(
                [=](int k) noexcept {
                    const int word = dsp::load_word(cells + 4 * (k / 2));
                    return k % 2 == 0 ? dsp::even_bytes(word) : dsp::odd_bytes(word);
                },
                layout.room / 2, weights, 8, g, made);
        dsp::copy(o.output + filter, made, math::min(8, layout.filters - filter));
        weights += layout.block_bytes();
        ++head;
        filter += 8;
    }
    clamp_cells(o.output, layout.filters, g);
}

} // namespace detail

constexpr int8_choice choose_dense_pairs(const int8_geometry& g, const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    for (int axis = 0; axis < 3; ++axis)
        if (map.in[axis] != 1 || map.out[axis] != 1 || map.window[axis] != 1) return choice;
    if (map.groups != 1) return choice;
    choice.key.kind = kernel_kind::dense_pairs;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    const detail::pair_layout layout = detail::dense_pair_layout(map);
    choice.pack = &detail::pack_dense_pairs;
    choice.packed_bytes = layout.bytes();
    choice.kept_bytes = layout.room == layout.depth ? 0 : layout.room;
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::dense_pairs) inline constexpr int8_function int8_kernel_of<Key> =
    &detail::dense_pairs_kernel<Key>;

} // namespace ctnn
