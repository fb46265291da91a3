// SPDX-License-Identifier: BSL-1.0
// The full table of a network: a row an input or layer, and the totals.
#pragma once

#include <ctnn/core/text_table.hpp>
#include <ctnn/network/summary_options.hpp>

namespace ctnn {

/// The characters of a summary: × and thin rules, or nothing beyond ASCII.
enum class summary_style : unsigned char { unicode, ascii };

namespace detail::table {

/// One node and what its cells need to know.
struct row {
    const summary_facts& facts;
    summary_style style;
    int index;
    const node& subject;
    outcome known;

    constexpr row(const summary_facts& all, summary_style drawn, int position) noexcept
        : facts(all), style(drawn), index(position), subject(all.graph.at(position)),
          known(outcome_of(all.graph, subject)) {}

    constexpr bool is_input() const noexcept { return subject.edge_count == 0; }
    constexpr const node& source(int i) const noexcept {
        return facts.graph.at(facts.graph.input_of(subject, i));
    }
};

constexpr void append_name(text_writer& out, const row& line, const node& named) noexcept {
    append_path(out, line.facts.graph, named.name,
                line.style == summary_style::ascii ? append_printable<true>
                                                   : append_printable<false>);
}

/// "26×26×40".
constexpr void append_extents(text_writer& out, const row& line, const int* extents,
                              int count) noexcept {
    for (int axis = 0; axis < count; ++axis) {
        if (axis > 0)
            out.append_symbol(line.style == summary_style::ascii ? text{"x"} : text{"\u00D7"});
        out.append(static_cast<long long>(extents[axis]));
    }
}

constexpr void append_shape(text_writer& out, const row& line, const shape& extent) noexcept {
    append_extents(out, line, extent.extents, extent.rank);
}

constexpr void write_layer(text_writer& out, const row& line) noexcept {
    append_name(out, line, line.subject);
    out.append(" (");
    out.append(line.subject.layer->kind);
    out.append(")");
}

constexpr void write_input(text_writer& out, const row& line) noexcept {
    for (int i = 0; i < line.subject.edge_count; ++i) {
        if (i > 0) out.append(", ");
        append_shape(out, line, line.source(i).output.extent);
    }
}

/// Kernels with their number, and the windows of pools.
constexpr void write_kernel(text_writer& out, const row& line) noexcept {
    if (line.known.kernel.rank > 0) {
        shape kernels = line.known.kernel;
        const long long count = kernel_count(line.known);
        if (count > 0 && kernels.rank < max_rank) kernels.append(static_cast<int>(count));
        append_shape(out, line, kernels);
    } else if (line.subject.layer->family == family::pool) {
        const window& pool = line.subject.layer->options.spatial;
        const int* map = line.source(0).output.extent.extents;
        append_extents(out, line, line.known.reaches_all ? map : pool.extent, pool.axes);
    }
}

constexpr void write_options(text_writer& out, const row& line) noexcept {
    append_options(out, *line.subject.layer);
}

constexpr void write_output(text_writer& out, const row& line) noexcept {
    append_shape(out, line, line.subject.output.extent);
}

constexpr void write_parameters(text_writer& out, const row& line) noexcept {
    if (!line.is_input()) out.append_grouped(line.subject.parameters);
}

constexpr void write_percentage(text_writer& out, const row& line) noexcept {
    const long long all = line.facts.parameters;
    if (line.is_input() || all == 0) return;
    const long long thousandths = (line.subject.parameters * 1000 + all / 2) / all;
    if (thousandths == 0 && line.subject.parameters > 0) {
        out.append("<0.1");
        return;
    }
    out.append(thousandths / 10);
    out.append(".");
    out.append(thousandths % 10);
}

constexpr void write_macs(text_writer& out, const row& line) noexcept {
    if (!line.is_input()) out.append_grouped(line.subject.macs);
}

constexpr void write_bytes(text_writer& out, const row& line) noexcept {
    out.append_grouped(line.subject.output.bytes());
}

/// What the layer reads, where it is not simply the row above.
constexpr void write_connections(text_writer& out, const row& line) noexcept {
    const graph_view& graph = line.facts.graph;
    if (line.subject.edge_count == 1 && graph.input_of(line.subject, 0) == line.index - 1) return;
    for (int i = 0; i < line.subject.edge_count; ++i) {
        if (i > 0) out.append(", ");
        append_name(out, line, line.source(i));
    }
}

/// Whose weights a layer uses that runs again, and the names of a network's outputs.
constexpr void write_remarks(text_writer& out, const row& line) noexcept {
    const graph_view& graph = line.facts.graph;
    bool first = true;
    const auto begin = [&](text remark) noexcept {
        if (!first) out.append(", ");
        first = false;
        out.append(remark);
    };
    if (line.subject.owner >= 0) {
        begin("weights of ");
        append_name(out, line, graph.at(line.subject.owner));
    }
    for (int i = 0; i < graph.output_count; ++i) {
        if (graph.outputs[i].node != line.index || graph.outputs[i].name.empty()) continue;
        begin("output ");
        if (line.style == summary_style::ascii)
            append_printable<true>(out, graph.outputs[i].name);
        else
            append_printable<false>(out, graph.outputs[i].name);
    }
}

inline constexpr text_column<row> columns[] = {
    {"layer (kind)", false, write_layer},    {"input", false, write_input},
    {"kernel", false, write_kernel},         {"options", false, write_options},
    {"output", false, write_output},         {"parameters", true, write_parameters},
    {"%", true, write_percentage},           {"MACs", true, write_macs},
    {"activation bytes", true, write_bytes}, {"connected to", false, write_connections},
    {"remarks", false, write_remarks}};
using layout = column_widths<sizeof(columns) / sizeof(columns[0])>;

constexpr layout lay_out(const summary_facts& facts, summary_style style) noexcept {
    return lay_out_table(columns, facts.graph.node_count, [&](int i) noexcept {
        return row{facts, style, i};
    });
}

struct total {
    text name;
    long long count;
    long long bytes; ///< -1: it has none
};

constexpr void append_right(text_writer& out, long long number, int width) noexcept {
    text_writer cell;
    cell.append_grouped(number);
    out.append_symbol(" ", width - cell.width());
    out.append_grouped(number);
}

constexpr void write_totals(text_writer& out, const summary_facts& facts) noexcept {
    const int cell = size_of(dtype::float32);
    const long long frozen = facts.parameters - facts.trainable_parameters;
    const bool floats =
        facts.weight_bytes == facts.parameters * cell; // int8 has none that is frozen
    const total totals[] = {{"parameters", facts.parameters, facts.weight_bytes},
                            {"  trainable", facts.trainable_parameters,
                             floats ? facts.trainable_parameters * cell : facts.weight_bytes},
                            {"  non-trainable", frozen, frozen * cell},
                            {"MACs", facts.macs, -1},
                            {"peak activation memory", -1, facts.peak_activation_bytes}};
    int counts = 0;
    int bytes = 0;
    for (const total& sum : totals) {
        text_writer count;
        count.append_grouped(sum.count);
        text_writer size;
        size.append_grouped(sum.bytes);
        if (count.width() > counts) counts = count.width();
        if (size.width() > bytes) bytes = size.width();
    }
    const int names = totals[4].name.size;
    for (const total& sum : totals) {
        out.append(sum.name);
        out.append_symbol(" ", names - sum.name.size + column_gap);
        if (sum.count >= 0)
            append_right(out, sum.count, counts);
        else
            out.append_symbol(" ", counts);
        if (sum.bytes >= 0) {
            out.append_symbol(" ", column_gap);
            append_right(out, sum.bytes, bytes);
            out.append(" bytes");
        }
        out.append("\n");
    }
}

constexpr void write(text_writer& out, const summary_facts& facts, summary_style style,
                     const layout& widths) noexcept {
    const text dash = style == summary_style::ascii ? text{"-"} : text{"\u2500"};
    write_table(out, columns, widths, dash, facts.graph.node_count, [&](int i) noexcept {
        return row{facts, style, i};
    });
    write_totals(out, facts);
}

} // namespace detail::table

} // namespace ctnn
