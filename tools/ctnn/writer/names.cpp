// SPDX-License-Identifier: BSL-1.0
#include "names.hpp"

#include <algorithm>
#include <cctype>

namespace ctnn::tool {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool is_upper(char character) { return character >= 'A' && character <= 'Z'; }
bool is_lower(char character) { return character >= 'a' && character <= 'z'; }
bool separates(char character) { return character == '/' || character == '_'; }

/// Keras' automatic name of a class: "MaxPooling2D" is "max_pooling2d".
std::string snake_case(text name) {
    std::string result;
    for (int i = 0; i < name.size; ++i) {
        const char character = name.data[i];
        const char before = i > 0 ? name.data[i - 1] : '_';
        const char after = i + 1 < name.size ? name.data[i + 1] : '_';
        const bool starts = is_upper(character) && i > 0 &&
                            (is_lower(before) || (is_lower(after) && before != '_'));
        if (starts) result += '_';
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
    return result;
}

/// Whether a framework gave the name because its user gave none.
bool is_automatic(const std::string& name, const descriptor& layer) {
    std::size_t end = name.size();
    while (end > 0 && is_digit(name[end - 1])) --end;
    const bool numbered = end < name.size() && end > 1 && name[end - 1] == '_';
    const std::string stem = numbered ? name.substr(0, end - 1) : name;
    const std::string kind(layer.kind.begin(), layer.kind.end());
    return stem == kind || stem == snake_case(layer.keras) ||
           (layer.family == family::activation &&
            (stem == "activation" || stem == "re_lu" || stem == "leaky_re_lu")) ||
           (layer.form == form::input && (stem == "input" || stem == "input_layer"));
}

class naming {
public:
    naming(element_list& list, const model& source) : source_(source) {
        for (const layer& next : source.layers) names_.push_back(wanted(next));
        std::vector<int> all;
        for (const element& item : list)
            for (int index : layers_of(item)) all.push_back(index);
        // What all layers are under says nothing: "model/".
        std::string prefix;
        for (std::string head = common_head(all, prefix);
             !head.empty() && head.back() == '/' && all.size() > 1; head = common_head(all, prefix))
            prefix += head;
        group(list, prefix, all);
    }

private:
    static std::string wanted(const layer& next) {
        const auto slash = next.name.rfind('/') + 1; // 0 if there is none
        const std::string own = next.name.substr(slash);
        std::string name = is_automatic(own, next.what) ? next.name.substr(0, slash) : next.name;
        if (name.size() > 100) name = name.substr(0, 60) + "_" + name.substr(name.size() - 36);
        return name;
    }

    const std::string& name_of(int index) const { return names_[static_cast<std::size_t>(index)]; }

    /// What the names of layers have in common behind the prefix, up to and with a separator.
    /// Layers without a name do not count.
    std::string common_head(const std::vector<int>& layers, const std::string& prefix) const {
        std::string head;
        bool found = false;
        for (int index : layers) {
            const std::string& name = name_of(index);
            if (name.empty()) continue;
            if (name.compare(0, prefix.size(), prefix) != 0) return {};
            std::size_t end = prefix.size();
            while (end < name.size() && !separates(name[end])) ++end;
            if (end == name.size()) return {};
            const std::string mine = name.substr(prefix.size(), end + 1 - prefix.size());
            if (found && mine != head) return {};
            head = mine;
            found = true;
        }
        return head.size() > 1 ? head : std::string{};
    }

    bool is_named(const element& item) const {
        const std::vector<int> layers = layers_of(item);
        return std::any_of(layers.begin(), layers.end(),
                           [&](int index) { return !name_of(index).empty(); });
    }
    bool makes_layers(const element& item) const { return item.layer >= 0; }

    void group(element_list& list, const std::string& prefix, const std::vector<int>& all) {
        element_list grouped;
        for (std::size_t i = 0; i < list.size();) {
            const std::string head =
                makes_layers(list[i]) ? common_head(layers_of(list[i]), prefix) : std::string{};
            std::size_t end = i + 1;
            std::vector<int> inside = layers_of(list[i]);
            while (!head.empty() && end < list.size()) {
                // Marks and layers without names belong to what they stand behind, if that goes on.
                std::size_t next = end;
                while (next < list.size() && !is_named(list[next])) ++next;
                if (next == list.size() || common_head(layers_of(list[next]), prefix) != head)
                    break;
                for (; end <= next; ++end)
                    for (int index : layers_of(list[end])) inside.push_back(index);
            }
            element_list run(
                std::make_move_iterator(list.begin() + static_cast<std::ptrdiff_t>(i)),
                std::make_move_iterator(list.begin() + static_cast<std::ptrdiff_t>(end)));
            i = end;
            if (!head.empty() && is_block(run, inside, prefix + head, all)) {
                group(run, prefix + head, all);
                element block{element::form::block, -1, head.substr(0, head.size() - 1)};
                block.parts.push_back(std::move(run));
                grouped.push_back(std::move(block));
                continue;
            }
            for (element& item : run) {
                if (makes_layers(item) && item.what != element::form::again &&
                    item.what != element::form::merge_with)
                    item.name = own_name(item.layer, prefix);
                for (element_list& part : item.parts) group(part, prefix, all);
                grouped.push_back(std::move(item));
            }
        }
        list = std::move(grouped);
    }

    /// Whether the layers of a run are all that the model has under a name, and enough to be a
    /// block. Underscores are a weaker sign than slashes: "conv_1", "conv_2" are two names.
    bool is_block(const element_list& run, const std::vector<int>& inside,
                  const std::string& prefix, const std::vector<int>& all) const {
        const auto under = [&](int index) {
            return name_of(index).compare(0, prefix.size(), prefix) == 0;
        };
        const auto count = [&](const std::vector<int>& layers) {
            return std::count_if(layers.begin(), layers.end(), under);
        };
        if (count(inside) < 2 || count(inside) != count(all)) return false;
        if (prefix.back() == '/') return true;
        bool joins = false;
        bool only_numbers = true;
        for (const element& item : run) joins = joins || !item.parts.empty();
        for (int index : inside) {
            const std::string rest =
                name_of(index).size() > prefix.size() ? name_of(index).substr(prefix.size()) : "";
            only_numbers = only_numbers && std::all_of(rest.begin(), rest.end(), is_digit);
        }
        return joins || (inside.size() >= 3 && !only_numbers);
    }

    /// The name behind the prefix, as the language allows it.
    std::string own_name(int index, const std::string& prefix) const {
        const std::string& name = name_of(index);
        if (name.size() <= prefix.size() || name.compare(0, prefix.size(), prefix) != 0) return {};
        std::string own = name.substr(prefix.size());
        if (own.back() == '/') return {};
        std::replace(own.begin(), own.end(), '/', '.');
        if (is_automatic(own, source_.layers[static_cast<std::size_t>(index)].what)) return {};
        return own;
    }

    const model& source_;
    std::vector<std::string> names_; ///< by layer; empty if automatic
};

} // namespace

void name_elements(element_list& list, const model& source) { naming{list, source}; }

} // namespace ctnn::tool
