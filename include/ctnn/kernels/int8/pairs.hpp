// SPDX-License-Identifier: BSL-1.0
// Weights of int8 for multiplications of pairs of 16-bit numbers: two filters share a number,
// w0 + 256 * w1, so that they take no more room than bytes.
//
// Packed: for each block of filters a byte that says how many blocks from there on are alike: a
// negative number of blocks that need the rule in full; then the blocks, each what its sums begin
// with, its weights, its multipliers and its powers. A group of four cells is two pairs: cells 0
// and 2, cells 1 and 3.
#pragma once

#include <ctnn/kernels/int8/short_scale.hpp>
#include <ctnn/kernels/machine/dsp_tile.hpp>

namespace ctnn::detail {

/// How a layer's weights are packed.
struct pair_layout {
    int depth; ///< cells of a window
    int room;  ///< with full groups
    int filters;
    int block; ///< filters in one

    constexpr int blocks() const noexcept { return math::ceil_div(filters, block); }
    constexpr int head_bytes() const noexcept { return math::ceil_div(blocks(), 4) * 4; }
    constexpr int block_bytes() const noexcept { return block * (12 + room); }
    constexpr long long bytes() const noexcept {
        return head_bytes() + 1LL * blocks() * block_bytes();
    }
};

/// A filter of a layer: its numbers, and its weight at a cell of the window.
struct pair_filter {
    short_scale scale;
    const int8* kernel = nullptr;
    int step = 0;
    int depth = 0;

    constexpr int weight(int cell) const noexcept {
        return scale.constant || cell >= depth ? 0 : kernel[static_cast<long long>(cell) * step];
    }
};

constexpr pair_filter pair_filter_of(const int8_source& source, const int8_geometry& g,
                                     const pair_layout& layout, int filter) noexcept {
    if (filter >= layout.filters) return {constant_scale(0)};
    const int8* kernel = source.kernel + filter;
    sum_range range;
    int sum = 0;
    for (int k = 0; k < layout.depth; ++k) {
        const int weight = kernel[static_cast<long long>(k) * layout.filters];
        range.add(weight);
        sum += weight;
    }
    const int start = (source.bias ? source.bias[filter] : 0) - g.input_zero * sum;
    range.add_start(start);
    return {short_scale_of(range, start, source.factors[filter], g), kernel, layout.filters,
            layout.depth};
}

/// The weights of two filters at one cell of the window as one number.
constexpr int pair_of(const pair_filter& first, const pair_filter& second, int cell) noexcept {
    return first.weight(cell) + 256 * second.weight(cell);
}

inline constexpr int most_pair_block = 8;

constexpr bool pack_pair_block(const pair_filter* filters, const pair_layout& layout,
                               const rescale* factors, unsigned char* to) noexcept {
    bool exact = true;
    for (int f = 0; f < layout.block; f += 2) {
        exact = exact && filters[f].scale.exact && filters[f + 1].scale.exact;
        for (int k = 0; k < layout.depth; ++k)
            exact = exact && pair_of(filters[f], filters[f + 1], k) >= -32768;
    }
    for (int f = 0; f < layout.block; ++f, to += 4) {
        const unsigned own = static_cast<unsigned>(filters[f].scale.start);
        const unsigned pair = static_cast<unsigned>(filters[f & ~1].scale.start) + 256 * own;
        write_int(to, static_cast<int>(exact && f % 2 == 1 ? pair : own));
    }
    for (int k = 0; k < layout.room; k += 4)
        for (int pair = k; pair < k + 2; ++pair)
            for (int f = 0; f < layout.block; f += 2, to += 4) {
                const auto low = static_cast<unsigned>(pair_of(filters[f], filters[f + 1], pair));
                const auto high =
                    static_cast<unsigned>(pair_of(filters[f], filters[f + 1], pair + 2));
                write_int(to, static_cast<int>((low & 0xffffU) | high << 16));
            }
    for (int f = 0; f < layout.block; ++f, to += 4)
        write_int(to, exact ? filters[f].scale.multiplier : factors[f].multiplier);
    for (int f = 0; f < layout.block; ++f, to += 4)
        write_int(to, exact ? filters[f].scale.power : factors[f].shift);
    return exact;
}

constexpr void pack_pairs(const int8_source& source, const int8_geometry& g,
                          const pair_layout& layout, unsigned char* to) noexcept {
    unsigned char* block = to + layout.head_bytes();
    for (int b = 0; b < layout.blocks(); ++b, block += layout.block_bytes()) {
        pair_filter filters[most_pair_block]{};
        rescale factors[most_pair_block]{};
        bool exact = true;
        for (int f = 0; f < layout.block; ++f) {
            filters[f] = pair_filter_of(source, g, layout, b * layout.block + f);
            exact = exact && filters[f].scale.exact;
        }
        // The rule in full wants what it was given.
        for (int f = 0; f < layout.block; ++f) {
            const int filter = b * layout.block + f;
            if (filter < layout.filters) factors[f] = source.factors[filter];
            if (filters[f].scale.constant) factors[f] = {1 << 30, -2};
        }
        exact = pack_pair_block(filters, layout, factors, block);
        to[b] = static_cast<unsigned char>(exact ? 1 : -1);
    }
    // From the last on: a block and those after it that are alike.
    for (int b = layout.blocks() - 2; b >= 0; --b) {
        const auto own = static_cast<int8>(to[b]);
        const auto next = static_cast<int8>(to[b + 1]);
        if ((own > 0) == (next > 0) && next < greatest_int8 && next > -greatest_int8)
            to[b] = static_cast<unsigned char>(own + next);
    }
}

/// One pixel by one block that needs the rule in full. The pair of cells `k` is `pair_at(k)`.
template <class Pairs>
[[gnu::noinline, gnu::cold]] void pair_block_in_full(Pairs pair_at, int words,
                                                     const unsigned char* weights, int block,
                                                     const int8_geometry& g, int8* to) noexcept {
    const unsigned char* const factors = weights + 4 * block + 2 * block * words;
    for (int f = 0; f < block; ++f) {
        int sum = dsp::load_word(weights + 4 * f);
        const unsigned char* read = weights + 4 * block + 2 * (f & ~1);
        for (int k = 0; k < words; ++k, read += 2 * block) {
            int both = dsp::load_word(read);
            int cells = pair_at(k);
            for (int half = 0; half < 2; ++half, both >>= 16, cells >>= 16) {
                const int first = static_cast<int8>(both & 0xff);
                const int second = static_cast<int8>((both - first) >> 8 & 0xff);
                sum += (f % 2 == 0 ? first : second) * static_cast<short>(cells & 0xffff);
            }
        }
        const rescale factor{dsp::load_word(factors + 4 * f),
                             dsp::load_word(factors + 4 * (block + f))};
        to[f] = static_cast<int8>(
            math::clamp(fixed::scaled(sum, factor) + g.output_zero, g.low, g.high));
    }
}

/// Keeps cells between two numbers that int8 itself does not keep them between.
inline void clamp_cells(int8* cells, int count, const int8_geometry& g) noexcept {
    if (g.low <= least_int8 && g.high >= greatest_int8) return;
    for (int i = 0; i < count; ++i)
        cells[i] = static_cast<int8>(math::clamp<int>(cells[i], g.low, g.high));
}

} // namespace ctnn::detail
