// SPDX-License-Identifier: BSL-1.0
// Runs of convolutions that go over the map together, some rows at a time, so that what one gives
// is still in a near cache when the next reads it, and is never there as a whole.
#pragma once

#include <ctnn/plan/choose_kernel.hpp>
#include <ctnn/plan/readers.hpp>

namespace ctnn {

#ifndef BAND_ROWS
#define BAND_ROWS 1
#endif
#ifndef BAND_MIN
#define BAND_MIN 262144
#endif
#ifndef BAND_STAGES
#define BAND_STAGES 8
#endif

/// Steps that run together: each makes the rows that the next one needs.
struct band {
    int first = 0; ///< step
    int count = 0;
    int rows = 0; ///< of the last step's output at a time
};

inline constexpr int max_band_steps = BAND_STAGES;

/// What a step that has a kernel hands to it.
struct kernel_call {
    geometry numbers;
    kernel_choice choice;
    long long scratch = 0; ///< bytes into the arena
    long long packed = 0;  ///< floats into the packed weights
};

/// Rows of the map that are needed for the first `rows` rows of the output.
constexpr int rows_under(const geometry& g, int rows) noexcept {
    const int span = (g.window[1] - 1) * g.dilation[1] + 1;
    return math::min((rows - 1) * g.stride[1] - g.before[1] + span, g.in[1]);
}

/// Bytes of the rows that a call keeps of what it reads.
constexpr long long ring_bytes(const geometry& g) noexcept {
    return 4LL * g.ring * g.in[2] * g.channels;
}

namespace detail {

constexpr bool is_row_by_row(const geometry& g) noexcept {
    return g.window[1] == 1 && g.stride[1] == 1 && g.before[1] == 0 && g.in[1] == g.out[1];
}

/// Whether a kernel can make some rows of its output at a time.
constexpr bool makes_rows(const kernel_call& call) noexcept {
    const geometry& g = call.numbers;
    const kernel_key& key = call.choice.key;
    if (g.in[0] != 1 || g.window[0] != 1 || g.out[1] == 1) return false;
    return key.kind == kernel_kind::conv_direct || key.kind == kernel_kind::depthwise ||
           (key.kind == kernel_kind::conv_few && (key.detail & conv_detail::padded) == 0);
}

/// Whether it can read a map of which only some rows are kept.
constexpr bool reads_rows(const kernel_call& call) noexcept {
    return makes_rows(call) &&
           (call.choice.key.kind == kernel_kind::depthwise || is_pointwise(call.numbers));
}

} // namespace detail

/// Finds the runs and gives their kernels the numbers for it.
template <int Nodes, int Steps>
constexpr int fuse_bands(const step_list<Steps>& list, const graph_view& graph,
                         const target& machine, kernel_call* calls, band* bands) noexcept {
    const reader_table<Nodes> readers{graph};
    int count = 0;
    for (int i = 0; i < list.count;) {
        band found{i, 1, 0};
        while (found.count < max_band_steps && i + found.count < list.count) {
            const step& maker = list.steps[i + found.count - 1];
            const step& next = list.steps[i + found.count];
            if (maker.call < 0 || next.call < 0 || !detail::makes_rows(calls[maker.call]) ||
                !detail::reads_rows(calls[next.call]))
                break;
            const int reader = readers.only_reader(maker.output);
            if (reader < 0 || (reader != next.node && reader != next.padded)) break;
            if (input_node(graph, next, 0) != maker.output) break;
            if (graph.at(maker.output).output.bytes() < BAND_MIN) break;
            ++found.count;
        }
        i += found.count;
        if (found.count == 1) continue;
        const step* const steps = list.steps + found.first;
        int rows = found.rows = BAND_ROWS;
        for (int k = found.count - 1; k >= 0; --k) {
            geometry& numbers = calls[steps[k].call].numbers;
            numbers.by_rows = true;
            calls[steps[k].call].choice =
                choose_kernel(graph, steps[k], numbers, machine);
            if (k == 0) break;
            // As many as the first rows need, or as those that follow do.
            const int under = (rows - 1) * numbers.stride[1] + numbers.window[1];
            numbers.ring = math::min(under, numbers.in[1]);
            rows = math::max(rows_under(numbers, rows), rows * numbers.stride[1]);
            rows = math::min(rows, numbers.in[1]);
        }
        bands[count++] = found;
    }
    return count;
}

} // namespace ctnn
