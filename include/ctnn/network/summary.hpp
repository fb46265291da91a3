// SPDX-License-Identifier: BSL-1.0
// The summary of a network as constexpr text: a full table, Keras' three columns, or JSON.
#pragma once

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/network/report.hpp>
#include <ctnn/network/summary_facts.hpp>
#include <ctnn/network/summary_json.hpp>
#include <ctnn/network/summary_keras.hpp>
#include <ctnn/network/summary_table.hpp>

namespace ctnn {

namespace detail {

template <class Network> constexpr int keras_summary_size(const summary_facts& facts) noexcept {
    int ordinals[Network::graph().node_count + 1]{};
    text_writer counter;
    keras::write(counter, facts, ordinals);
    return counter.size();
}

constexpr int table_size(const summary_facts& facts, summary_style style,
                         const table::layout& widths) noexcept {
    text_writer counter;
    table::write(counter, facts, style, widths);
    return counter.size();
}

// The largest of the texts is counted in parts: clang allows a constant expression about a million
// steps, and a layer takes two thousand of them.
inline constexpr int json_part = 128;

template <class Network, int Part> constexpr int count_json_part() noexcept {
    text_writer counter;
    json::writer out{counter};
    json::write_layers(out, Network::graph(), Part * json_part, (Part + 1) * json_part);
    return counter.size();
}
template <class Network, int Part>
inline constexpr int json_part_size = count_json_part<Network, Part>();

template <class Network, int... Parts>
constexpr int json_size(const summary_facts& facts, numbers<Parts...>) noexcept {
    text_writer counter;
    json::write(counter, facts, Network::input, 0);
    return counter.size() + (json_part_size<Network, Parts> + ...);
}

} // namespace detail

/// The full table of a network: for each input and layer its shapes, kernels (height, width, depth
/// and count), options that are no default, parameters, MACs, bytes of what it gives, and what it
/// reads where that is not the layer before; then the sums and the peak of live activations.
/// Columns that would be empty are left out. A static_text: its size is a constant, its characters
/// are too if it is made in a constant expression. `std::fputs(summary<net>().data(), stdout)`.
template <class Network, summary_style Style = summary_style::unicode>
constexpr auto summary() noexcept {
    constexpr summary_facts facts = facts_of<Network>(text{});
    constexpr detail::table::layout widths = detail::table::lay_out(facts, Style);
    static_text<detail::table_size(facts, Style, widths)> result;
    text_writer out{result.characters};
    detail::table::write(out, facts, Style, widths);
    return result;
}

/// What `model.summary()` of Keras 2 prints, without its rules, and with wider columns where it
/// would cut a cell short. Without a Name a chain of layers is called "sequential", anything else
/// "model". Layers are numbered as in Keras; those that have a name of their own keep it.
template <class Network, fixed_string Name = ""> constexpr auto keras_summary() noexcept {
    constexpr summary_facts facts = facts_of<Network>(Name);
    static_text<detail::keras_summary_size<Network>(facts)> result;
    text_writer out{result.characters};
    int ordinals[facts.graph.node_count + 1]{};
    detail::keras::write(out, facts, ordinals);
    return result;
}

/// A network as one JSON object. Shapes leave the batch out. `window`, `stride` and `dilation` are
/// empty and `padding` is null for a layer that has no window over a map.
template <class Network, fixed_string Name = "network"> constexpr auto json_summary() noexcept {
    constexpr summary_facts facts = facts_of<Network>(Name);
    constexpr int parts = facts.graph.node_count / detail::json_part + 1;
    static_text<detail::json_size<Network>(facts, detail::count_to<parts>{})> result;
    text_writer out{result.characters};
    detail::json::write(out, facts, Network::input, facts.graph.node_count);
    return result;
}

} // namespace ctnn
