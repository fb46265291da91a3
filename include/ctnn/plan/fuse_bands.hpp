// SPDX-License-Identifier: BSL-1.0
// Runs of convolutions that go over a map together, some rows at a time: what one gives is still in
// a near cache when the next reads it, and is never there as a whole. No row is computed twice:
// rows that a later window needs again stay where they are, in a ring.
#pragma once

#include <ctnn/plan/choose_kernel.hpp>
#include <ctnn/plan/kernel_call.hpp>
#include <ctnn/plan/readers.hpp>

namespace ctnn {

/// The most steps that run together.
inline constexpr int max_band_steps = 8;

/// Rows of the map that are needed for the first `rows` rows of the output.
constexpr int rows_under(const geometry& g, int rows) noexcept {
    const int span = (g.window[1] - 1) * g.dilation[1] + 1;
    return math::min((rows - 1) * g.stride[1] - g.before[1] + span, g.in[1]);
}

/// Whether a row of the output needs that row of the map and nothing else.
constexpr bool is_row_by_row(const geometry& g) noexcept {
    return g.window[1] == 1 && g.stride[1] == 1 && g.before[1] == 0 && g.in[1] == g.out[1];
}

namespace detail {

/// Whether a kernel can make some rows of its output at a time.
constexpr bool makes_rows(const kernel_call& call) noexcept {
    const geometry& g = call.numbers;
    const kernel_key& key = call.choice.key;
    if (g.in[0] != 1 || g.window[0] != 1) return false;
    return key.kind == kernel_kind::conv_direct || key.kind == kernel_kind::depthwise ||
           (key.kind == kernel_kind::conv_few && (key.detail & conv_detail::padded) == 0);
}

/// Whether it can read a map of which only some rows are kept.
constexpr bool reads_rows(const kernel_call& call) noexcept {
    return makes_rows(call) &&
           (call.choice.key.kind == kernel_kind::depthwise || is_pointwise(call.numbers));
}

/// Whether `next` alone reads what `maker` gives.
template <int Tensors>
constexpr bool follows(const reader_table<Tensors>& readers, const graph_view& graph,
                       const step& maker, const step& next) noexcept {
    if (next.from >= 0) return next.from == maker.output;
    const int reader = readers.only_reader(maker.output);
    return reader >= 0 && (reader == next.node || reader == next.padded) &&
           input_node(graph, next, 0) == maker.output;
}

/// Below as many multiplications for each number of a map, what it takes to write or read the map
/// is not hidden behind them.
inline constexpr long long few_multiplications = 64;

constexpr long long multiplications(const geometry& g) noexcept {
    long long count = g.filters * (g.channels / g.groups);
    for (int axis = 0; axis < 3; ++axis) count *= 1LL * g.out[axis] * g.window[axis];
    return count;
}

/// Whether a map between two calls is better never there as a whole.
constexpr bool is_costly(const geometry& maker, const geometry& next,
                         const target& machine) noexcept {
    const long long numbers = 1LL * next.in[1] * next.in[2] * next.channels;
    return 4 * numbers > machine.band_bytes &&
           math::min(multiplications(maker), multiplications(next)) < few_multiplications * numbers;
}

/// Steps that may run together.
struct band {
    const graph_view& graph;
    step* steps;
    kernel_call* calls;
    int count;

    constexpr geometry& numbers(int k) const noexcept { return calls[steps[k].call].numbers; }

    /// Bytes of the rows that a step reads of what the one before it has given.
    constexpr long long ring_bytes(int k, int rows) const noexcept {
        return 4LL * rows * numbers(k).in[2] * numbers(k).channels;
    }
    /// Rows that a step reads for `rows` of its output.
    constexpr int span(int k, int rows) const noexcept {
        const geometry& g = numbers(k);
        const int last = (g.window[1] - 1) * g.dilation[1];
        return math::min((rows - 1) * g.stride[1] + last + 1, g.in[1]);
    }
    /// Visits for every step but the first the rows that are kept for it, if the last one makes
    /// `rows` at a time.
    template <class Visit> constexpr void for_each_ring(int rows, Visit visit) const noexcept {
        for (int k = count - 1; k > 0; --k) {
            visit(k, span(k, rows));
            // The step before makes as many as the first rows need, or as each of the later ones.
            const geometry& g = numbers(k);
            rows = math::min(math::max(rows_under(g, rows), rows * g.stride[1]), g.in[1]);
        }
    }
    constexpr long long bytes(int rows) const noexcept {
        long long sum = 0;
        for_each_ring(rows, [&](int k, int kept) noexcept { sum += ring_bytes(k, kept); });
        return sum;
    }
    /// The most rows at a time that keep to `most` bytes, about the same every time.
    constexpr int choose_rows(long long most) const noexcept {
        const int all = numbers(count - 1).out[1];
        int rows = 1;
        while (rows < all && bytes(rows + 1) <= most) ++rows;
        return math::ceil_div(all, math::ceil_div(all, rows));
    }
    /// Bytes of the arena for a tensor: those of an input or output of the network lie outside.
    constexpr long long bytes_of(int tensor, const tensor_type& type) const noexcept {
        bool outside = tensor < graph.node_count && graph.at(tensor).edge_count == 0;
        for (int i = 0; i < graph.output_count; ++i) outside |= graph.outputs[i].node == tensor;
        return outside ? 0 : type.bytes();
    }
    /// Whether it needs no more memory than its steps do one after the other, or hardly more and
    /// the maps between them would not stay in the second cache.
    constexpr bool pays(int rows, const target& machine) const noexcept {
        long long read = bytes_of(input_node(graph, steps[0], 0), read_by(graph, steps[0]));
        long long together = read + bytes(rows);
        long long apart = 0;
        long long spare = machine.l2_bytes / 4;
        for (int k = 0; k < count; ++k) {
            const long long made = bytes_of(steps[k].output, made_by(graph, steps[k]));
            if (k < count - 1 && made <= machine.l2_bytes / 4) spare = 0;
            apart = math::max(apart, read + made);
            read = made;
        }
        together += read;
        return together <= apart + spare;
    }
    constexpr void join(int first, int rows, const target& machine) const noexcept {
        for_each_ring(rows, [&](int k, int kept) noexcept {
            numbers(k).ring = steps[k - 1].band_rows = kept;
        });
        steps[count - 1].band_rows = rows;
        for (int k = 0; k < count; ++k) {
            steps[k].band_first = first;
            steps[k].band_last = first + count - 1;
            steps[k].row_by_row = is_row_by_row(numbers(k));
            numbers(k).banded = true;
            calls[steps[k].call].choice = choose_kernel(graph, steps[k], numbers(k), machine);
        }
    }
};

} // namespace detail

/// Finds the runs and tells their steps and kernels of it.
template <int Tensors, int Steps>
constexpr void fuse_bands(step_list<Steps>& list, const graph_view& graph, const target& machine,
                          kernel_call* calls) noexcept {
    if (machine.band_bytes <= 0) return;
    const reader_table<Tensors> readers{graph};
    for (int i = 0; i < list.count; ++i) {
        detail::band run{graph, list.steps + i, calls, 1};
        for (; run.count < max_band_steps && i + run.count < list.count; ++run.count) {
            const step& maker = list.steps[i + run.count - 1];
            const step& next = list.steps[i + run.count];
            if (maker.call < 0 || next.call < 0) break;
            if (!detail::makes_rows(calls[maker.call]) || !detail::reads_rows(calls[next.call]))
                break;
            if (!detail::follows(readers, graph, maker, next)) break;
            if (!detail::is_costly(calls[maker.call].numbers, calls[next.call].numbers, machine))
                break;
        }
        for (; run.count > 1; --run.count) {
            const int rows = run.choose_rows(machine.band_bytes);
            if (!run.pays(rows, machine)) continue;
            run.join(i, rows, machine);
            i += run.count - 1;
            break;
        }
    }
}

} // namespace ctnn
