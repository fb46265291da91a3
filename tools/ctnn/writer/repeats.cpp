// SPDX-License-Identifier: BSL-1.0
#include "repeats.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ctnn::tool {

namespace {

constexpr std::size_t longest_window = 12;
constexpr std::size_t most_parameters = 5;

/// A number, or a parameter of the alias that it stands in: `64`, `4 * Filters`.
bool is_number(const type_text& type) {
    if (!type.arguments.empty() || type.head.empty()) return false;
    const char first = type.head[0];
    return (first >= 'A' && first <= 'Z') || type.head.find("* ") == 2 ||
           std::all_of(type.head.begin(), type.head.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

/// The number, or 0 for a parameter.
long value_of(const std::string& text) {
    return text.size() < 9 && text[0] >= '0' && text[0] <= '9' &&
                   text.find(' ') == std::string::npos
               ? std::stol(text)
               : 0;
}

bool is_literal(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the arguments are layers one after the other.
bool is_list(const type_text& type) {
    return type.head == "sequence" || type.head == "branch" || type.head == "residual" ||
           type.head == "shortcut" || type.head == "block" || type.head == "ctnn::network";
}

bool has_name(const type_text& type) {
    return !type.arguments.empty() && !type.arguments[0].head.empty() &&
           type.arguments[0].head[0] == '"';
}

/// A mark that belongs to one place: nothing with it is taken out.
bool is_mark(const type_text& type) {
    if (type.head.size() > 5 && type.head.compare(type.head.size() - 5, 5, "_with") == 0 &&
        has_name(type))
        return true;
    if (type.head == "save" || type.head == "from" || type.head == "output" ||
        type.head == "again" || type.head == "input")
        return true;
    return std::any_of(type.arguments.begin(), type.arguments.end(), is_mark);
}

/// The text with every number replaced, and the numbers.
void sketch(const type_text& type, std::string& text, std::vector<std::string>& numbers) {
    if (is_number(type)) {
        text += '#';
        numbers.push_back(type.head);
        return;
    }
    text += type.head;
    if (type.arguments.empty()) return;
    text += '<';
    for (const type_text& argument : type.arguments) {
        sketch(argument, text, numbers);
        text += ',';
    }
    text += '>';
}

int layers_in(const type_text& type) {
    static const std::set<std::string> none = {"sequence", "branch", "shortcut", "block",  "named",
                                               "repeat",   "kernel", "stride",   "padding"};
    if (type.head.empty() || type.head[0] == '"') return 0;
    int count = 0;
    for (const type_text& argument : type.arguments)
        if (argument.brackets || !argument.arguments.empty() || argument.attached)
            count += layers_in(argument);
    if (none.count(type.head) != 0) return count;
    return count + 1;
}

/// Items of one list that stand one after the other.
struct window_of_list {
    type_text* list;
    std::size_t first;
    std::size_t count;
    std::vector<std::string> numbers;
};

struct candidate {
    std::vector<window_of_list> places;
    int layers = 0;
};

void collect(type_text& type, std::map<std::string, candidate>& found) {
    for (type_text& argument : type.arguments) collect(argument, found);
    if (!is_list(type)) return;
    const std::size_t begin = has_name(type) ? 1 : 0;
    for (std::size_t first = begin; first < type.arguments.size(); ++first) {
        std::string text;
        std::vector<std::string> numbers;
        int layers = 0;
        for (std::size_t end = first; end < type.arguments.size() && end < first + longest_window;
             ++end) {
            if (is_mark(type.arguments[end]) || type.arguments[end].head == "shortcut") break;
            sketch(type.arguments[end], text, numbers);
            text += ';';
            layers += layers_in(type.arguments[end]);
            if (type.arguments[first].attached) break; // a norm belongs to what is before it
            const bool cut = end + 1 < type.arguments.size() && type.arguments[end + 1].attached;
            if (cut || layers < 2) continue;
            candidate& next = found[text];
            next.layers = layers;
            const bool overlaps = std::any_of(
                next.places.begin(), next.places.end(), [&](const window_of_list& other) {
                    return other.list == &type && other.first + other.count > first;
                });
            if (!overlaps) next.places.push_back({&type, first, end - first + 1, numbers});
        }
    }
}

std::string parameter_mark(std::size_t index) { return std::to_string(index).insert(0, 1, '$'); }

/// What the numbers of a candidate become: parameters, multiples of them, or themselves.
struct holes {
    std::vector<std::string> text;       ///< by hole
    std::vector<std::size_t> parameters; ///< the holes that give parameters their values
};

holes fill(const candidate& chosen) {
    holes result;
    const std::vector<window_of_list>& places = chosen.places;
    for (std::size_t hole = 0; hole < places[0].numbers.size(); ++hole) {
        const auto all = [&](auto holds) {
            return std::all_of(places.begin(), places.end(),
                               [&](const window_of_list& place) { return holds(place.numbers); });
        };
        const std::string& first = places[0].numbers[hole];
        if (is_literal(first) && all([&](const auto& numbers) { return numbers[hole] == first; })) {
            result.text.push_back(first);
            continue;
        }
        std::string known;
        for (std::size_t i = 0; i < result.parameters.size() && known.empty(); ++i) {
            const std::size_t base = result.parameters[i];
            if (all([&](const auto& numbers) { return numbers[hole] == numbers[base]; }))
                known = parameter_mark(i);
            const long unit = value_of(places[0].numbers[base]);
            const long factor = unit > 0 ? value_of(first) / unit : 0;
            const bool multiple =
                factor > 1 && all([&](const auto& numbers) {
                    const long smaller = value_of(numbers[base]);
                    return smaller > 0 && value_of(numbers[hole]) == factor * smaller;
                });
            if (known.empty() && multiple)
                known = std::to_string(factor).append(" * ").append(parameter_mark(i));
        }
        if (known.empty()) {
            known = parameter_mark(result.parameters.size());
            result.parameters.push_back(hole);
        }
        result.text.push_back(known);
    }
    return result;
}

/// What a number means by where it stands.
std::string meaning_of(const type_text& owner, std::size_t position,
                       const std::vector<alias_text>& aliases) {
    for (const alias_text& alias : aliases)
        if (alias.name == owner.head && position < alias.parameters.size()) {
            const std::string& name = alias.parameters[position];
            return name.substr(0, name.find_first_of("0123456789"));
        }
    const std::string& head = owner.head;
    if (head.find("depthwise") != std::string::npos) return position == 0 ? "Kernel" : "Number";
    if (head.find("conv") != std::string::npos) return position == 0 ? "Filters" : "Kernel";
    if (head == "dense") return "Units";
    if (head.find("pool") != std::string::npos) return "Size";
    if (head == "stride") return "Stride";
    if (head == "kernel") return "Kernel";
    if (head == "dilation") return "Dilation";
    if (head.find("pad") != std::string::npos) return "Padding";
    if (head == "groups") return "Groups";
    if (head == "repeat") return "Times";
    return "Number";
}

/// Writes the holes into a copy, and finds names for the parameters.
void put_in(type_text& type, const holes& filled, std::size_t& hole,
            std::vector<std::string>& names, const std::vector<alias_text>& aliases) {
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
        type_text& argument = type.arguments[i];
        if (!is_number(argument)) {
            put_in(argument, filled, hole, names, aliases);
            continue;
        }
        std::string text = filled.text[hole++];
        const auto dollar = text.find('$');
        if (dollar != std::string::npos) {
            const auto parameter = static_cast<std::size_t>(std::stoi(text.substr(dollar + 1)));
            if (parameter == names.size()) {
                const std::string stem = meaning_of(type, i, aliases);
                std::string name = stem;
                for (int number = 2; std::count(names.begin(), names.end(), name) > 0; ++number)
                    name = stem + std::to_string(number);
                names.push_back(name);
            }
            text = text.substr(0, dollar) + names[parameter];
        }
        argument.head = text;
    }
}

void count_kinds(const type_text& type, std::vector<std::string>& kinds) {
    static const std::map<std::string, std::string> short_names = {
        {"conv2d", "conv"},
        {"conv1d", "conv"},
        {"conv3d", "conv"},
        {"depthwise_conv2d", "depthwise"},
        {"depthwise_conv1d", "depthwise"},
        {"separable_conv2d", "separable"},
        {"batch_norm", "norm"},
        {"max_pool2d", "pool"},
        {"avg_pool2d", "pool"},
        {"conv2d_transpose", "transposed"}};
    const std::string& head = type.head;
    if (head == "named" && type.arguments.size() == 2) return count_kinds(type.arguments[1], kinds);
    if (head == "sequence" || head == "branch" || head == "block" || head == "shortcut") {
        for (const type_text& argument : type.arguments)
            if (argument.head.empty() || argument.head[0] != '"') count_kinds(argument, kinds);
        return;
    }
    const auto known = short_names.find(head);
    kinds.push_back(known == short_names.end() ? head : known->second);
}

bool contains(const type_text& type, const std::string& part) {
    if (type.head.find(part) != std::string::npos) return true;
    return std::any_of(type.arguments.begin(), type.arguments.end(),
                       [&](const type_text& argument) { return contains(argument, part); });
}

/// A name that says what is in it.
std::string name_of(const type_text& meaning) {
    const auto& items = meaning.arguments;
    const auto joins = std::count_if(items.begin(), items.end(), [](const type_text& item) {
        return contains(item, "residual") || contains(item, "concat");
    });
    if (meaning.head == "sequence" && joins > 1) return "stage";
    if (contains(meaning, "residual")) {
        const std::string stem =
            contains(meaning, "depthwise") ? "inverted_residual" : "residual_block";
        return contains(meaning, "shortcut") ? "projected_" + stem : stem;
    }
    if (contains(meaning, "multiply") && contains(meaning, "global_avg_pool"))
        return layers_in(meaning) <= 8 ? "squeeze_excite" : "gated_block";
    if (contains(meaning, "concat")) return "concat_block";
    std::vector<std::string> kinds;
    count_kinds(meaning, kinds);
    if (kinds.size() > 3) return contains(meaning, "depthwise") ? "depthwise_block" : "conv_block";
    std::string name;
    for (const std::string& kind : kinds) name += (name.empty() ? "" : "_") + kind;
    const bool good = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return good && !name.empty() ? name : "part";
}

/// Puts one item in the place of several. Nothing moves, so that other places stay where they are;
/// what is left over goes when `sweep` comes.
void replace(const window_of_list& place, type_text with) {
    auto& arguments = place.list->arguments;
    arguments[place.first] = std::move(with);
    for (std::size_t i = 1; i < place.count; ++i) arguments[place.first + i] = {};
}

void sweep(type_text& type) {
    auto& arguments = type.arguments;
    arguments.erase(std::remove(arguments.begin(), arguments.end(), type_text{}), arguments.end());
    for (type_text& argument : arguments) sweep(argument);
}

/// Equal neighbours as `repeat<N, ...>`; those with names of their own are never equal.
void fold_neighbours(type_text& type) {
    for (type_text& argument : type.arguments) fold_neighbours(argument);
    if (!is_list(type)) return;
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
        std::size_t end = i + 1;
        while (end < type.arguments.size() && type.arguments[end] == type.arguments[i]) ++end;
        const bool is_layer = type.arguments[i].brackets || !type.arguments[i].arguments.empty();
        if (end - i < 2 || !is_layer || is_mark(type.arguments[i])) continue;
        if (contains(type.arguments[i], "named") || contains(type.arguments[i], "block<")) continue;
        type_text repeated{
            "repeat", {{std::to_string(end - i)}, std::move(type.arguments[i])}, true};
        replace({&type, i, end - i, {}}, std::move(repeated));
        i = end - 1;
    }
    sweep(type);
}

/// The candidate that shortens the list most, if any does.
const candidate* best_of(const std::map<std::string, candidate>& found) {
    const candidate* best = nullptr;
    long best_gain = 0;
    for (const auto& [text, next] : found) {
        if (next.places.size() < 2 || (next.layers < 3 && next.places.size() < 3)) continue;
        const auto places = static_cast<long>(next.places.size());
        const auto parameters = fill(next).parameters.size();
        if (parameters > most_parameters) continue;
        const long gain = (places - 1) * (2L * next.layers - 1 - static_cast<long>(parameters)) - 2;
        if (gain > best_gain) {
            best = &next;
            best_gain = gain;
        }
    }
    return best;
}

bool uses(const type_text& type, const std::string& name) {
    return type.head == name ||
           std::any_of(type.arguments.begin(), type.arguments.end(),
                       [&](const type_text& argument) { return uses(argument, name); });
}

/// Each alias behind those that it uses.
std::vector<alias_text> in_order(std::vector<alias_text> aliases) {
    std::vector<alias_text> ordered;
    while (!aliases.empty()) {
        const auto next =
            std::find_if(aliases.begin(), aliases.end(), [&](const alias_text& alias) {
                return std::none_of(aliases.begin(), aliases.end(), [&](const alias_text& other) {
                    return uses(alias.meaning, other.name);
                });
            });
        ordered.push_back(std::move(*next));
        aliases.erase(next);
    }
    return ordered;
}

} // namespace

std::vector<alias_text> take_out_repeats(type_text& list) {
    std::vector<alias_text> aliases;
    std::map<std::string, int> used;
    fold_neighbours(list);
    for (int round = 0; round < 40; ++round) {
        std::map<std::string, candidate> found;
        collect(list, found);
        for (alias_text& alias : aliases) collect(alias.meaning, found);
        const candidate* best = best_of(found);
        if (best == nullptr) break;
        const candidate chosen = *best;
        const holes filled = fill(chosen);

        alias_text alias;
        const window_of_list& model = chosen.places[0];
        const auto first = model.list->arguments.begin() + static_cast<std::ptrdiff_t>(model.first);
        alias.meaning = {
            "sequence", {first, first + static_cast<std::ptrdiff_t>(model.count)}, true};
        alias.name = name_of(alias.meaning);
        if (const int before = used[alias.name]++; before > 0)
            alias.name.append(1, '_').append(std::to_string(before + 1));
        std::size_t hole = 0;
        put_in(alias.meaning, filled, hole, alias.parameters, aliases);

        for (const window_of_list& place : chosen.places) {
            type_text use{alias.name, {}, false};
            for (std::size_t parameter : filled.parameters)
                use.arguments.push_back({place.numbers[parameter]});
            use.brackets = !use.arguments.empty();
            replace(place, std::move(use));
        }
        if (alias.meaning.arguments.size() == 1 && alias.meaning.arguments[0].head != "shortcut")
            alias.meaning = type_text(alias.meaning.arguments[0]);
        sweep(list);
        for (alias_text& other : aliases) sweep(other.meaning);
        aliases.push_back(std::move(alias));
        fold_neighbours(list);
        for (alias_text& other : aliases) fold_neighbours(other.meaning);
    }
    return in_order(std::move(aliases));
}

} // namespace ctnn::tool
