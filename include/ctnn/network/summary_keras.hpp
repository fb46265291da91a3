// SPDX-License-Identifier: BSL-1.0
// The three columns that Keras 2 prints for a model, to the letter, without its rules and without
// its habit of cutting long cells short.
#pragma once

#include <ctnn/network/summary_facts.hpp>

namespace ctnn::detail::keras {

constexpr bool is_upper(char letter) noexcept { return letter >= 'A' && letter <= 'Z'; }
constexpr bool is_lower(char letter) noexcept { return letter >= 'a' && letter <= 'z'; }
constexpr bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

/// Keras' to_snake_case: "MaxPooling2D" is "max_pooling2d", "LeakyReLU" is "leaky_re_lu". A word
/// begins at a capital that a small letter or digit follows, or that follows a small letter.
constexpr void append_snake_case(text_writer& out, text class_name) noexcept {
    int free = 0; // a capital's neighbour before it must not belong to a word found the first way
    for (int i = 0; i < class_name.size; ++i) {
        const char letter = class_name.data[i];
        if (i > 0 && is_upper(letter)) {
            int end = i + 1;
            while (end < class_name.size &&
                   (is_lower(class_name.data[end]) || is_digit(class_name.data[end])))
                ++end;
            const bool word = end > i + 1 && i > free;
            if (word || is_lower(class_name.data[i - 1])) out.append("_");
            if (word) free = end;
        }
        const char small[] = {is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter};
        out.append(text{small, 1});
    }
}

constexpr text class_of(const descriptor& layer) noexcept {
    return layer.keras.empty() ? layer.kind : layer.keras;
}

/// True if the writer of the network named the layer; Keras numbers the others by their class.
constexpr bool has_own_name(const descriptor& layer) noexcept {
    return !layer.name.empty() && layer.form != form::merge_with;
}

/// Numbers the layers of each class through the whole network. Keras counts inputs from 1.
constexpr void number_layers(const graph_view& graph, int* ordinals) noexcept {
    for (int i = 0; i < graph.node_count; ++i) {
        const descriptor& layer = *graph.at(i).layer;
        ordinals[i] = layer.form == form::input ? 1 : 0;
        if (has_own_name(layer)) continue;
        for (int before = i - 1; before >= 0; --before) {
            const descriptor& other = *graph.at(before).layer;
            if (has_own_name(other) || !(class_of(other) == class_of(layer))) continue;
            ordinals[i] = ordinals[before] + 1;
            break;
        }
    }
}

/// "conv2d_1 (Conv2D)".
constexpr void append_layer(text_writer& out, const graph_view& graph, const node& subject,
                            int ordinal) noexcept {
    if (has_own_name(*subject.layer))
        append_path(out, graph, subject.name, append_printable<false>);
    else {
        if (subject.layer->form == form::input)
            out.append("input");
        else
            append_snake_case(out, class_of(*subject.layer));
        if (ordinal > 0) {
            out.append("_");
            out.append(static_cast<long long>(ordinal));
        }
    }
    out.append(" (");
    out.append(class_of(*subject.layer));
    out.append(")");
}

/// "(None, 26, 26, 40)"; an input's is a list of one.
constexpr void append_output(text_writer& out, const node& subject) noexcept {
    const bool input = subject.layer->form == form::input;
    const shape& extent = subject.output.extent;
    out.append(input ? text{"[(None,"} : text{"(None,"});
    for (int axis = 0; axis < extent.rank; ++axis) {
        out.append(axis == 0 ? text{" "} : text{", "});
        out.append(static_cast<long long>(extent[axis]));
    }
    out.append(input ? text{")]"} : text{")"});
}

/// Where the second and third columns begin: 45 % and 85 % of 65 columns, or further right.
struct layout {
    int shapes = 29;
    int parameters = 55;
};

constexpr layout lay_out(const graph_view& graph, const int* ordinals) noexcept {
    layout result;
    int names = result.shapes;
    int shapes = result.parameters - result.shapes;
    for (int i = 0; i < graph.node_count; ++i) {
        text_writer name;
        append_layer(name, graph, graph.at(i), ordinals[i]);
        if (name.width() >= names) names = name.width() + 1;
        text_writer output;
        append_output(output, graph.at(i));
        if (output.width() >= shapes) shapes = output.width() + 1;
    }
    return {names, names + shapes};
}

constexpr void append_total(text_writer& out, text name, long long count) noexcept {
    out.append(name);
    out.append_grouped(count);
    out.append("\n");
}

constexpr void write_rows(text_writer& out, const graph_view& graph, const int* ordinals,
                          bool chain) noexcept {
    const layout columns = lay_out(graph, ordinals);
    int line = out.width();
    out.append("Layer (type)");
    out.append_symbol(" ", columns.shapes - (out.width() - line));
    out.append("Output Shape");
    out.append_symbol(" ", columns.parameters - (out.width() - line));
    out.append("Param #\n");
    for (int i = 0; i < graph.node_count; ++i) {
        const node& subject = graph.at(i);
        if (chain && subject.layer->form == form::input) continue; // a sequential model hides it
        line = out.width();
        append_layer(out, graph, subject, ordinals[i]);
        out.append_symbol(" ", columns.shapes - (out.width() - line));
        append_output(out, subject);
        out.append_symbol(" ", columns.parameters - (out.width() - line));
        out.append(subject.parameters);
        out.append("\n");
    }
}

/// `ordinals` is room for a number a node. A model without a name is called as Keras calls it.
constexpr void write(text_writer& out, const summary_facts& facts, int* ordinals) noexcept {
    const bool chain = is_chain(facts.graph);
    number_layers(facts.graph, ordinals);
    out.append("Model: \"");
    if (facts.name.empty())
        out.append(chain ? text{"sequential"} : text{"model"});
    else
        append_printable<false>(out, facts.name);
    out.append("\"\n");
    write_rows(out, facts.graph, ordinals, chain);
    append_total(out, "Total params: ", facts.parameters);
    append_total(out, "Trainable params: ", facts.trainable_parameters);
    append_total(out, "Non-trainable params: ", facts.parameters - facts.trainable_parameters);
}

} // namespace ctnn::detail::keras
