// SPDX-License-Identifier: BSL-1.0
// A plan as constexpr text: what runs, by which kernel, and where its tensors are.
#pragma once

#include <ctnn/core/text_table.hpp>
#include <ctnn/network/summary_facts.hpp>
#include <ctnn/plan/plan.hpp>

namespace ctnn {

namespace detail::explained {

/// One step and what its cells need to know.
struct row {
    const graph_view& graph;
    const step& subject;
    const kernel_call& call; ///< means something if there is a kernel
    const placed_tensor* tensors;
    int index;

    /// Whether only some rows of what it writes are there at a time.
    constexpr bool is_inner() const noexcept { return last_step(subject, index) != index; }
    constexpr bool has_kernel() const noexcept { return subject.call >= 0; }
};

constexpr void append_name(text_writer& out, const graph_view& graph, int node) noexcept {
    append_path(out, graph, graph.at(node).name, append_printable<true>);
}

/// The layer, and those that were drawn into it: "conv2d + batch_norm + add + relu".
constexpr void write_step(text_writer& out, const row& line) noexcept {
    if (line.subject.padded >= 0) {
        append_name(out, line.graph, line.subject.padded);
        out.append(" + ");
    }
    append_name(out, line.graph, line.subject.node);
    if (line.subject.in_place) {
        out.append(" + ");
        out.append(line.subject.layer->kind);
        return;
    }
    if (line.subject.norm >= 0) {
        out.append(" + ");
        append_name(out, line.graph, line.subject.norm);
    }
    if (line.subject.added >= 0) {
        out.append(" + sum with ");
        append_name(out, line.graph, line.subject.added);
    }
    if (line.subject.clamps() && line.subject.layer->operation != operation::clamp)
        out.append(" + clamp");
    if (line.subject.pool >= 0) {
        out.append(" + ");
        append_name(out, line.graph, line.subject.pool);
    }
    if (line.subject.stage == layer_stage::border) out.append(", border");
    if (line.subject.stage == layer_stage::filter) out.append(", each channel");
    if (line.subject.stage == layer_stage::mix) out.append(", all channels");
    if (line.subject.part >= 0) {
        out.append(", part ");
        out.append(static_cast<long long>(line.subject.part));
    }
}

constexpr text name_of(kernel_kind kind) noexcept {
    switch (kind) {
    case kernel_kind::conv_direct: return "direct convolution";
    case kernel_kind::conv_few: return "convolution to few channels";
    case kernel_kind::conv_planar: return "convolution by planes";
    case kernel_kind::winograd: return "Winograd";
    case kernel_kind::winograd_few: return "Winograd to few channels";
    case kernel_kind::depthwise:
    case kernel_kind::depthwise_multiple: return "depthwise";
    case kernel_kind::dense: return "dense";
    case kernel_kind::pool: return "pool";
    case kernel_kind::global_pool: return "global pool";
    case kernel_kind::elementwise: return "elementwise";
    case kernel_kind::affine: return "affine";
    case kernel_kind::merge: return "merge";
    case kernel_kind::softmax: return "softmax";
    case kernel_kind::copy: return "copy";
    case kernel_kind::row_norm: return "row norm";
    case kernel_kind::group_norm: return "group norm";
    case kernel_kind::gate: return "gate";
    case kernel_kind::slopes: return "slopes";
    case kernel_kind::uneven_pool: return "uneven pool";
    case kernel_kind::transposed: return "transposed convolution";
    case kernel_kind::conv_pairs: return "convolution by pairs";
    case kernel_kind::dense_pairs: return "dense by pairs";
    case kernel_kind::depthwise_pairs: return "depthwise by pairs";
    case kernel_kind::pool_pairs: return "pool by pairs";
    case kernel_kind::sum_pairs: return "sum by pairs";
    case kernel_kind::conv_dots: return "convolution by dot products";
    case kernel_kind::dense_dots: return "dense by dot products";
    case kernel_kind::sum_lanes: return "sum by lanes";
    case kernel_kind::depthwise_lanes: return "depthwise by lanes";
    case kernel_kind::conv_vectors: return "convolution by vectors";
    case kernel_kind::depthwise_vectors: return "depthwise by vectors";
    case kernel_kind::pool_vectors: return "pool by vectors";
    case kernel_kind::sum_vectors: return "sum by vectors";
    case kernel_kind::none: break;
    }
    return "reference";
}

constexpr void write_kernel(text_writer& out, const row& line) noexcept {
    out.append(name_of(!line.has_kernel() ? kernel_kind::none : line.call.choice.key.kind));
    if (!line.has_kernel() || line.call.choice.key.weights == dtype::float32) return;
    out.append(line.call.choice.key.weights == dtype::float16 ? text{", float16 weights"}
                                                              : text{", bfloat16 weights"});
}

/// Pixels, vectors of channels, lanes of a vector: "6 x 4 x 16".
constexpr void write_tile(text_writer& out, const row& line) noexcept {
    if (!line.has_kernel()) return;
    const kernel_key& key = line.call.choice.key;
    bool first = true;
    const int extents[] = {key.pixels, key.vectors, key.lanes};
    for (const int extent : extents) {
        if (extent == 0) continue;
        if (!first) out.append(" x ");
        first = false;
        out.append(static_cast<long long>(extent));
    }
}

constexpr void append_place(text_writer& out, const placed_tensor& tensor) noexcept {
    if (tensor.where != place::arena)
        out.append(tensor.where == place::input ? text{"input "} : text{"output "});
    out.append_grouped(tensor.offset);
}

constexpr void write_reads(text_writer& out, const row& line) noexcept {
    const read_list reads = reads_of(line.graph, line.subject);
    for (int i = 0; i < reads.count; ++i) {
        if (i > 0) out.append(", ");
        append_place(out, line.tensors[reads.nodes[i]]);
    }
}

constexpr void write_writes(text_writer& out, const row& line) noexcept {
    append_place(out, line.tensors[line.subject.output]);
}

constexpr void write_bytes(text_writer& out, const row& line) noexcept {
    out.append_grouped(kept_bytes(line.graph, line.subject, line.is_inner()));
}

/// Of steps that run together: "keeps 3 rows", and the last one's "2 rows at a time".
constexpr void write_band(text_writer& out, const row& line) noexcept {
    if (line.subject.band_first < 0) return;
    if (line.is_inner()) out.append("keeps ");
    out.append(static_cast<long long>(line.subject.band_rows));
    out.append(line.subject.band_rows == 1 ? text{" row"} : text{" rows"});
    if (!line.is_inner()) out.append(" at a time");
}

constexpr void write_packed(text_writer& out, const row& line) noexcept {
    if (line.has_kernel() && line.call.choice.packed_floats > 0)
        out.append_grouped(line.call.choice.packed_floats * 4);
}

constexpr void write_scratch(text_writer& out, const row& line) noexcept {
    if (line.has_kernel() && line.call.choice.scratch_floats > 0)
        out.append_grouped(line.call.choice.scratch_floats * 4);
}

constexpr void write_macs(text_writer& out, const row& line) noexcept {
    // Those of a layer in stages stand at the last one.
    const bool last =
        line.subject.stage == layer_stage::whole || line.subject.stage == layer_stage::mix;
    if (last && !line.subject.in_place) out.append_grouped(line.graph.at(line.subject.node).macs);
}

inline constexpr text_column<row> columns[] = {{"step", false, write_step},
                                               {"kernel", false, write_kernel},
                                               {"tile", false, write_tile},
                                               {"band", false, write_band},
                                               {"reads at", false, write_reads},
                                               {"writes at", false, write_writes},
                                               {"bytes", true, write_bytes},
                                               {"packed bytes", true, write_packed},
                                               {"scratch bytes", true, write_scratch},
                                               {"MACs", true, write_macs}};
using layout = column_widths<sizeof(columns) / sizeof(columns[0])>;

/// A plan of any size as rows.
struct view {
    graph_view graph;
    const step* steps;
    int step_count;
    const kernel_call* kernels;
    const placed_tensor* tensors;
    long long arena_bytes;
    long long packed_bytes;

    constexpr row at(int i) const noexcept {
        return {graph, steps[i], kernels[steps[i].call < 0 ? 0 : steps[i].call], tensors, i};
    }
};

template <class Network, target Machine> constexpr view view_of() noexcept {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    return {Network::graph(), plan.steps,       plan.step_count,       plan.kernels,
            plan.tensors,     plan.arena_bytes, plan.packed_floats * 4};
}

constexpr layout lay_out(const view& plan) noexcept {
    return lay_out_table(columns, plan.step_count, [&](int i) noexcept { return plan.at(i); });
}

constexpr void write(text_writer& out, const view& plan, const layout& widths) noexcept {
    write_table(out, columns, widths, "-", plan.step_count,
                [&](int i) noexcept { return plan.at(i); });
    out.append("arena ");
    out.append_grouped(plan.arena_bytes);
    out.append(" bytes, packed weights ");
    out.append_grouped(plan.packed_bytes);
    out.append(" bytes\n");
}

constexpr int size_of(const view& plan, const layout& widths) noexcept {
    text_writer counter;
    write(counter, plan, widths);
    return counter.size();
}

} // namespace detail::explained

/// The plan of a network for a target as a table: a row a step, with what was drawn into it, its
/// kernel and tile (pixels x vectors x lanes), how many rows steps that run together keep for one
/// another, where in the arena it reads and writes, and the bytes of what it writes, of its packed
/// weights and of what it needs besides. A static_text:
/// `std::fputs(explain<net>().data(), stdout)`.
template <class Network, target Machine = this_machine> constexpr auto explain() noexcept {
    namespace explained = detail::explained;
    constexpr explained::view plan = explained::view_of<Network, Machine>();
    constexpr explained::layout widths = explained::lay_out(plan);
    static_text<explained::size_of(plan, widths)> result;
    text_writer out{result.characters};
    explained::write(out, plan, widths);
    return result;
}

} // namespace ctnn
