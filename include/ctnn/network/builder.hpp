// SPDX-License-Identifier: BSL-1.0
// The walk from a list of descriptors to a graph: plain code over values, no template recursion.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/network/diagnosis.hpp>
#include <ctnn/network/measure.hpp>
#include <ctnn/network/numbering.hpp>
#include <ctnn/network/reach.hpp>

namespace ctnn {

/// What a node of this descriptor is called: its own name, or its kind.
constexpr text base_name(const descriptor& item) noexcept {
    return item.name.empty() || item.form == form::merge_with ? item.kind : item.name;
}

/// Fills a graph. The first fault is kept; the walk goes on with what the layers declare, so that
/// the figures after it are those that the writer expects.
template <graph_size Size> class graph_builder {
public:
    constexpr graph_value<Size> build(descriptor_list list) noexcept {
        walk_list(list);
        if (graph_.output_count == 0 && current_ >= 0)
            graph_.outputs[graph_.output_count++] = {{}, current_};
        find_unread();
        return graph_;
    }

private:
    struct saved_tensor {
        text name;
        int tensor = -1;
        bool used = true;
    };

    /// A named block or layer that was walked: again<...> walks it once more.
    struct named_part {
        const descriptor* item = nullptr;
        int first_node = 0;
        type_path path;
    };

    /// While a part is walked again: node `here + i` uses the weights of node `there + i`.
    struct sharing {
        int here = -1;
        int there = 0;
    };

    constexpr void walk_list(descriptor_list list) noexcept {
        for (int i = 0; i < list.count; ++i) walk_item(list, i);
    }

    constexpr void walk_item(descriptor_list list, int index) noexcept {
        const int level = path_.depth;
        path_.depth = level + 1;
        path_.steps[level] = static_cast<short>(index);
        walk(list[index]);
        path_.depth = level;
    }

    constexpr void walk(const descriptor& item) noexcept {
        if (item.problem) report(item, item.problem);
        if (item.form == form::invalid) report(item, fault{faults::not_a_layer});
        const named_part part{&item, graph_.node_count, path_};
        walk_form(item);
        if (is_named(item) && named_count_ < Size.named) named_[named_count_++] = part;
    }

    constexpr void walk_form(const descriptor& item) noexcept {
        switch (item.form) {
        case form::leaf:
        case form::invalid: {
            const int reads[] = {read_current(item)};
            add_node(item, reads, 1);
            break;
        }
        case form::input: add_input(item); break;
        case form::sequence:
        case form::repeat: walk_sequence(item); break;
        case form::residual: walk_residual(item); break;
        case form::branches: walk_branches(item); break;
        case form::save: save(item); break;
        case form::restore: current_ = find_saved(item); break;
        case form::merge_with: {
            const int named = find_saved(item);
            const int reads[] = {read_current(item), named};
            add_node(item, reads, 2);
            break;
        }
        case form::again: walk_again(item); break;
        case form::output: mark_output(item); break;
        case form::expect: expect(item); break;
        case form::shortcut: report(item, fault{faults::misplaced_shortcut}); break;
        }
    }

    /// Whether the children of a block can be walked: a path has room for so many levels.
    constexpr bool descends(const descriptor& item) noexcept {
        if (path_.depth < type_path::capacity) return true;
        report(item, fault{faults::nested_too_deep});
        return false;
    }

    constexpr void walk_sequence(const descriptor& item) noexcept {
        if (!descends(item)) return;
        const int outer = scope_;
        const int outer_size = scope_size_;
        for (int i = 0; i < item.count; ++i) {
            if (opens_scope(item)) {
                const numbered_name name = names_.number(graph_.view(), scope_, item.name);
                scope_size_ = outer_size + name.size() + 1;
                graph_.scopes[graph_.scope_count].name = name;
                scope_ = graph_.scope_count++;
            }
            walk_list(item.children);
            scope_ = outer;
            scope_size_ = outer_size;
        }
    }

    // The parts run in the order in which they are written; the sum reads the path first.
    constexpr void walk_residual(const descriptor& item) noexcept {
        const int start = read_current(item);
        if (!descends(item)) return;
        int other = start;
        bool found = false;
        current_ = start;
        for (int i = 0; i < item.children.count; ++i) {
            if (found || item.children[i].form != form::shortcut) {
                walk_item(item.children, i);
                continue;
            }
            const int end = current_;
            other = walk_shortcut(item, i, start);
            current_ = end;
            found = true;
        }
        const int reads[] = {current_, other};
        add_node(item, reads, 2);
    }

    constexpr int walk_shortcut(const descriptor& item, int child, int start) noexcept {
        const int level = path_.depth;
        path_.steps[level] = static_cast<short>(child);
        path_.depth = level + 1;
        current_ = start;
        if (descends(item.children[child])) walk_list(item.children[child].children);
        path_.depth = level;
        return current_;
    }

    constexpr void walk_branches(const descriptor& item) noexcept {
        const int start = current_; // there may be none: branches that begin with inputs
        if (!descends(item)) return;
        int reads[max_inputs]{};
        int count = 0;
        for (; count < item.children.count && count < max_inputs; ++count) {
            current_ = start;
            walk_item(item.children, count);
            reads[count] = read_current(item);
        }
        if (count < 2) report(item, fault{faults::too_few_paths, fact{role::paths, {count}}});
        if (count < item.children.count) report(item, fault{faults::too_many_paths});
        add_node(item, reads, count);
    }

    // The layers are those of the type that was written first, and so is the path to them.
    constexpr void walk_again(const descriptor& item) noexcept {
        int part = 0;
        while (part < named_count_ && !(named_[part].item->name == item.name)) ++part;
        if (part == named_count_) return report(item, fault{faults::no_such_block});
        const sharing outer = sharing_;
        const type_path outer_path = path_;
        sharing_ = {graph_.node_count, named_[part].first_node};
        path_ = named_[part].path;
        walk_form(*named_[part].item);
        path_ = outer_path;
        sharing_ = outer;
    }

    constexpr void mark_output(const descriptor& item) noexcept {
        const int tensor = read_current(item);
        for (int i = 0; i < graph_.output_count; ++i)
            if (graph_.outputs[i].name == item.name) report(item, fault{faults::output_name_taken});
        if (graph_.output_count < Size.outputs)
            graph_.outputs[graph_.output_count++] = {item.name, tensor};
    }

    /// What is computed and never read is a mistake: a forgotten output<...>, or a forgotten merge.
    constexpr void find_unread() noexcept {
        if (graph_.problem) return;
        bool read[Size.nodes + 1]{};
        for (int i = 0; i < edge_count_; ++i) read[graph_.edges[i]] = true;
        for (int i = 0; i < graph_.output_count; ++i) read[graph_.outputs[i].node] = true;
        int next_layer = 0;
        for (int i = 0; i < graph_.node_count; ++i) {
            const node& subject = graph_.nodes[i];
            if (read[i]) {
                if (subject.layer_index >= 0) next_layer = subject.layer_index + 1;
                continue;
            }
            graph_.problem.what =
                fault{faults::never_read, fact{role::makes, subject.output.extent}};
            graph_.problem.layer_index = next_layer;
            graph_.problem.path = subject.path;
            graph_.problem.name = subject.name;
            graph_.problem.producer =
                subject.edge_count > 0 ? graph_.edges[subject.first_edge] : -1;
            return;
        }
    }

    constexpr void save(const descriptor& item) noexcept {
        const int tensor = read_current(item);
        for (int i = 0; i < saved_count_; ++i)
            if (saved_[i].name == item.name) {
                if (!saved_[i].used) report(item, fault{faults::name_taken});
                saved_[i] = {item.name, tensor, false};
                return;
            }
        saved_[saved_count_++] = {item.name, tensor, false};
    }

    constexpr int find_saved(const descriptor& item) noexcept {
        for (int i = 0; i < saved_count_; ++i)
            if (saved_[i].name == item.name) {
                saved_[i].used = true;
                return saved_[i].tensor;
            }
        report(item, fault{faults::no_such_name});
        return read_current(item);
    }

    constexpr void expect(const descriptor& item) noexcept {
        const int tensor = read_current(item);
        const long long parameters = parameters_;
        const tensor_type inputs[] = {graph_.nodes[tensor].output};
        outcome result = item.rule({item.options, inputs, 1, parameters});
        if (result.problem) report(item, result.problem);
        if (item.options.target.rank > 0) graph_.nodes[tensor].output.extent = item.options.target;
    }

    constexpr void add_input(const descriptor& item) noexcept {
        node made;
        made.layer = &item;
        const outcome result = item.rule({item.options, nullptr, 0});
        if (result.problem) report(item, result.problem);
        made.output = result.output;
        keep_map(made);
        append(made, item);
    }

    /// The current tensor; if there is none, a fault and a stand-in.
    constexpr int read_current(const descriptor& item) noexcept {
        if (current_ < 0) {
            report(item, fault{faults::no_input});
            node stand_in;
            stand_in.layer = &not_a_layer_info;
            stand_in.output.extent = shape{1, 1, 1};
            graph_.nodes[graph_.node_count] = stand_in;
            current_ = graph_.node_count++;
        }
        return current_;
    }

    constexpr void add_node(const descriptor& item, const int* reads, int count) noexcept {
        node made;
        made.layer = &item;
        made.first_edge = edge_count_;
        made.edge_count = count;
        tensor_type inputs[max_inputs]{};
        for (int i = 0; i < count; ++i) {
            graph_.edges[edge_count_++] = reads[i];
            inputs[i] = graph_.nodes[reads[i]].output;
        }
        const outcome result = item.rule({item.options, inputs, count});
        current_ = reads[0];
        if (result.problem) report(item, result.problem, other_read(result.problem, reads, count));
        check_sizes(item, result);
        if (item.options.has_activation) check_activation(item, result.output);
        made.layer_index = graph_.layer_count++;
        made.output = result.output;
        made.macs = result.macs;
        take_weights(made, item, result);
        follow_reach(made, graph_.nodes, result, reads, count);
        append(made, item);
    }

    /// Weights of a node's own, or those of the node that stands in its place where the layers were
    /// written.
    constexpr void take_weights(node& made, const descriptor& item,
                                const outcome& result) noexcept {
        if (sharing_.here < 0 || result.weight_count == 0) {
            made.first_weight = parameters_;
            made.parameters = result.parameters();
            made.trainable_parameters = result.trainable_parameters();
            parameters_ += made.parameters;
            return;
        }
        const int there = sharing_.there + graph_.node_count - sharing_.here;
        const node& first = graph_.nodes[there];
        made.owner = first.owner < 0 ? there : first.owner;
        made.first_weight = first.first_weight;
        const outcome known = outcome_of(graph_.view(), first);
        for (int i = 0; i < result.weight_count; ++i)
            if (!(known.weights[i].extent == result.weights[i].extent))
                report(item, fault{faults::shared_weights_differ,
                                   fact{role::first, known.weights[i].extent},
                                   fact{role::second, result.weights[i].extent}});
    }

    /// Which of the merged tensors a fault is about, beside the first one.
    constexpr int other_read(const fault& problem, const int* reads, int count) const noexcept {
        const shape second = problem.figures_of(role::second);
        for (int i = 1; i < count; ++i)
            if (graph_.nodes[reads[i]].output.extent == second) return reads[i];
        return -1;
    }

    /// An activation at the end of a layer has a rule of its own: softmax_over<axis<3>> of a row.
    constexpr void check_activation(const descriptor& item, const tensor_type& made) noexcept {
        const descriptor& last = *item.options.activation;
        if (const fault problem = last.rule({last.options, &made, 1}).problem)
            report(item, problem);
    }

    constexpr void check_sizes(const descriptor& item, const outcome& result) noexcept {
        if (!result.output.extent.countable())
            report(item, fault{faults::too_large, fact{role::product, result.output.extent}});
        for (int i = 0; i < result.weight_count; ++i)
            if (!result.weights[i].extent.countable())
                report(item,
                       fault{faults::too_large, fact{role::product, result.weights[i].extent}});
    }

    constexpr void append(node& made, const descriptor& item) noexcept {
        made.path = path_;
        made.name = names_.number(graph_.view(), scope_, base_name(item));
        if (scope_size_ + made.name.size() > label::capacity)
            report(item, fault{faults::path_too_long});
        graph_.nodes[graph_.node_count] = made;
        current_ = graph_.node_count++;
    }

    /// Keeps the first fault, with what the item reads: the current tensor, and `other` in a merge.
    constexpr void report(const descriptor& item, const fault& problem, int other = -1) noexcept {
        if (graph_.problem) return;
        graph_.problem.what = problem;
        graph_.problem.layer_index = graph_.layer_count;
        graph_.problem.path = path_;
        graph_.problem.producer = current_;
        graph_.problem.other = other;
        graph_.problem.name = names_.next(scope_, base_name(item));
    }

    graph_value<Size> graph_{};
    saved_tensor saved_[Size.saved + 1]{};
    named_part named_[Size.named + 1]{};
    sharing sharing_{};
    numbering<Size.nodes + Size.scopes> names_{};
    type_path path_{};
    long long parameters_ = 0;
    int saved_count_ = 0;
    int named_count_ = 0;
    int edge_count_ = 0;
    int scope_ = 0;
    int scope_size_ = 0; ///< characters of the names around, with their slashes
    int current_ = -1;
};

namespace detail {

constexpr graph_size size_of_graph(descriptor_list list) noexcept {
    graph_size size;
    measure(list, size, list);
    return size;
}

/// The graph of a list of layers, made once.
template <class... Layers> struct graph_of {
    static constexpr graph_size size = size_of_graph(describe_all<Layers...>);
    static constexpr graph_value<size> value = graph_builder<size>{}.build(describe_all<Layers...>);
};

} // namespace detail

} // namespace ctnn
