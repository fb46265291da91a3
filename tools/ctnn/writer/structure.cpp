// SPDX-License-Identifier: BSL-1.0
#include "structure.hpp"

#include <algorithm>
#include <set>

namespace ctnn::tool {

namespace {

constexpr int root = -1;        ///< before the inputs
constexpr int deepest = 5;      ///< branches within branches; beyond it, saved tensors
constexpr std::size_t few = 24; ///< saved names that are tried before a number is added

/// Takes the graph apart at dominators. The dominator of a merge is the last layer that everything
/// it reads has passed: between the two lie its branches.
class decomposition {
public:
    explicit decomposition(const model& source)
        : source_(source), above_(source.layers.size(), root), depth_(source.layers.size(), 0),
          written_(source.layers.size(), false), saved_(source.layers.size()),
          readers_(source.layers.size()) {
        for (std::size_t i = 0; i < source.layers.size(); ++i) {
            const std::vector<int>& inputs = at(static_cast<int>(i)).inputs;
            int common = inputs.empty() ? root : inputs[0];
            for (int input : inputs) common = nearest_common(common, input);
            above_[i] = common;
            depth_[i] = depth_of(common) + 1;
            for (int input : inputs)
                readers_[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
        }
    }

    element_list run() {
        std::vector<int> sinks;
        for (const model_output& output : source_.outputs) sinks.push_back(output.layer);
        std::sort(sinks.begin(), sinks.end());
        element_list list;
        for (int sink : sinks) lower(list, root, sink, 0);
        find_used(list);
        place_marks(list);
        return list;
    }

private:
    const layer& at(int index) const { return source_.layers[static_cast<std::size_t>(index)]; }
    int depth_of(int index) const {
        return index == root ? 0 : depth_[static_cast<std::size_t>(index)];
    }
    int above(int index) const { return above_[static_cast<std::size_t>(index)]; }
    bool is_written(int index) const { return written_[static_cast<std::size_t>(index)]; }

    int nearest_common(int left, int right) const {
        while (left != right) {
            if (depth_of(left) >= depth_of(right))
                left = above(left);
            else
                right = above(right);
        }
        return left;
    }

    /// Appends what leads from tensor `from` to tensor `to`.
    void lower(element_list& list, int from, int to, int depth) {
        std::vector<int> spine;
        for (int t = to; t != from; t = above(t)) spine.push_back(t);
        std::reverse(spine.begin(), spine.end());
        std::size_t next = spine.size();
        while (next > 0 && !is_written(spine[next - 1])) --next;
        int current = next > 0 ? spine[next - 1] : from;
        if (current != root && current != last_) go_on(list, current);
        for (; next < spine.size(); ++next) {
            step(list, current, spine[next], depth);
            current = spine[next];
        }
        last_ = current;
    }

    void step(element_list& list, int current, int made, int depth) {
        const layer& subject = at(made);
        if (subject.inputs.size() <= 1) {
            if (subject.owner >= 0)
                list.push_back({element::form::again, made, owner_name(subject.owner)});
            else
                list.push_back({element::form::leaf, made, subject.name});
        } else if (depth >= deepest ||
                   (current == root ? !is_in_order(made) : is_read_elsewhere(current, made))) {
            merge_saved(list, current, made, depth);
        } else {
            element merge{element::form::branches, made, subject.name};
            for (int input : subject.inputs) {
                element_list part;
                last_ = current;
                lower(part, current, input, depth + 1);
                merge.parts.push_back(std::move(part));
            }
            shape_residual(merge);
            list.push_back(std::move(merge));
        }
        written_[static_cast<std::size_t>(made)] = true;
        last_ = made;
    }

    /// Whether something between a tensor and a merge below it is read by a layer that is not.
    bool is_read_elsewhere(int first, int merge) const {
        std::vector<int> inside = at(merge).inputs;
        std::set<int> seen{merge};
        while (!inside.empty()) {
            const int next = inside.back();
            inside.pop_back();
            if (next == first || !seen.insert(next).second) continue;
            inside.insert(inside.end(), at(next).inputs.begin(), at(next).inputs.end());
        }
        for (int index : seen) {
            if (index == merge) continue;
            for (int reader : readers_[static_cast<std::size_t>(index)])
                if (seen.count(reader) == 0) return true;
        }
        return false;
    }

    /// A merge of saved tensors: the paths to them stand before it, not in it.
    void merge_saved(element_list& list, int current, int made, int depth) {
        const layer& subject = at(made);
        const std::vector<int>& inputs = subject.inputs;
        const operation known = subject.what.operation;
        const bool has_word =
            inputs.size() == 2 && subject.what.options.along == -1 &&
            (known == operation::sum || known == operation::concat || known == operation::product);
        // The first input last, so that it is the current tensor; but a network's inputs in the
        // order of the source.
        std::vector<std::pair<int, int>> order; // what comes first, and the input
        for (auto input = inputs.rbegin(); input != inputs.rend(); ++input)
            order.emplace_back(
                current == root ? first_input(*input) : static_cast<int>(order.size()), *input);
        std::sort(order.begin(), order.end());
        for (const auto& [first, input] : order)
            if (!is_written(input)) lower(list, current, input, depth);
        if (has_word && known == operation::sum && last_ == inputs[1])
            return list.push_back({element::form::merge_with, made, saved(inputs[0])});
        if (has_word) {
            if (last_ != inputs[0]) go_on(list, inputs[0]);
            return list.push_back({element::form::merge_with, made, saved(inputs[1])});
        }
        element merge{element::form::branches, made, subject.name};
        for (int input : inputs) {
            element_list part;
            if (input != last_) part.push_back(go_on_from(input));
            merge.parts.push_back(std::move(part));
        }
        list.push_back(std::move(merge));
    }

    /// Whether branches that begin with inputs have these in the order of the source.
    bool is_in_order(int merge) const {
        const std::vector<int>& inputs = at(merge).inputs;
        return std::adjacent_find(inputs.begin(), inputs.end(), [&](int left, int right) {
                   return first_input(left) >= first_input(right);
               }) == inputs.end();
    }

    /// The first of the network's inputs that a tensor depends on.
    int first_input(int tensor) const {
        std::vector<int> open{tensor};
        std::set<int> seen;
        int first = tensor;
        while (!open.empty()) {
            const int next = open.back();
            open.pop_back();
            if (!seen.insert(next).second) continue;
            if (at(next).inputs.empty()) first = std::min(first, next);
            open.insert(open.end(), at(next).inputs.begin(), at(next).inputs.end());
        }
        return first;
    }

    /// A sum of two paths from one tensor is a residual; the longer path is its layers.
    void shape_residual(element& merge) const {
        const layer& subject = at(merge.layer);
        if (subject.what.operation != operation::sum || merge.parts.size() != 2) return;
        for (const element_list& part : merge.parts)
            if (!part.empty() && (part[0].what == element::form::from || reads_nothing(part[0])))
                return;
        const auto size = [](const element_list& part) {
            std::size_t count = 0;
            for (const element& item : part) count += layers_of(item).size();
            return count;
        };
        if (size(merge.parts[0]) < size(merge.parts[1])) {
            if (uses_saved(merge.parts[1])) return; // perhaps what the first one saves
            std::swap(merge.parts[0], merge.parts[1]);
        }
        if (merge.parts[0].empty()) return; // x + x
        if (merge.parts[1].empty()) merge.parts.pop_back();
        merge.what = element::form::residual;
    }

    static bool uses_saved(const element_list& list) {
        return std::any_of(list.begin(), list.end(), [](const element& item) {
            return item.what == element::form::from || item.what == element::form::merge_with ||
                   std::any_of(item.parts.begin(), item.parts.end(), uses_saved);
        });
    }

    bool reads_nothing(const element& item) const {
        if (item.what == element::form::leaf) return at(item.layer).inputs.empty();
        return item.what == element::form::branches && !item.parts.empty() &&
               !item.parts[0].empty() && reads_nothing(item.parts[0][0]);
    }

    void go_on(element_list& list, int tensor) {
        if (!list.empty() && list.back().what == element::form::from) list.pop_back();
        list.push_back(go_on_from(tensor));
        last_ = tensor;
    }

    void find_used(const element_list& list) {
        for (const element& item : list) {
            if (item.what == element::form::from || item.what == element::form::merge_with)
                used_.insert(item.name);
            for (const element_list& part : item.parts) find_used(part);
        }
    }

    element go_on_from(int tensor) { return {element::form::from, -1, saved(tensor)}; }

    /// The name under which a tensor is saved.
    const std::string& saved(int tensor) {
        std::string& name = saved_[static_cast<std::size_t>(tensor)];
        if (name.empty()) name = free_name(at(tensor).name);
        return name;
    }

    std::string free_name(const std::string& wished) {
        std::string name = wished.substr(wished.rfind('/') + 1);
        if (name.empty() || name.size() > few * 4) name = "tensor";
        const std::string stem = name;
        for (int number = 2; !names_.insert(name).second; ++number)
            name = stem + " " + std::to_string(number);
        return name;
    }

    std::string owner_name(int owner) const {
        const std::string& name = at(owner).name;
        return name.substr(name.rfind('/') + 1);
    }

    /// Saved tensors and outputs are marked behind the layers that make them.
    void place_marks(element_list& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            for (element_list& part : list[i].parts) place_marks(part);
            const int made = list[i].layer;
            if (made < 0) continue;
            element_list marks;
            if (const std::string& name = saved_[static_cast<std::size_t>(made)];
                used_.count(name) != 0)
                marks.push_back({element::form::save, -1, name});
            for (const model_output& output : source_.outputs)
                if (source_.outputs.size() > 1 && output.layer == made)
                    marks.push_back({element::form::output, -1, output.name});
            list.insert(list.begin() + static_cast<std::ptrdiff_t>(i) + 1, marks.begin(),
                        marks.end());
            i += marks.size();
        }
    }

    const model& source_;
    std::vector<int> above_; ///< the nearest dominator
    std::vector<int> depth_;
    std::vector<bool> written_;
    std::vector<std::string> saved_; ///< the name under which a tensor is saved
    std::vector<std::vector<int>> readers_;
    std::set<std::string> names_;
    std::set<std::string> used_; ///< names that something goes on from
    int last_ = root;            ///< the tensor that the layer before made
};

} // namespace

element_list structure_of(const model& source) { return decomposition(source).run(); }

std::vector<int> layers_of(const element& item) {
    std::vector<int> layers;
    for (const element_list& part : item.parts)
        for (const element& inner : part)
            for (int layer : layers_of(inner)) layers.push_back(layer);
    if (item.layer >= 0) layers.push_back(item.layer);
    return layers;
}

} // namespace ctnn::tool
