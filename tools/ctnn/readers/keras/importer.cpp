// SPDX-License-Identifier: BSL-1.0
#include "importer.hpp"

#include "../../model/error.hpp"
#include "graph.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace ctnn::tool::from_keras {

namespace {

constexpr int most_depth = 16;
constexpr int most_calls = 50000;

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

const std::string no_text;

const std::string& text_of(const json& object, const char* name) {
    if (!object.is_object()) return no_text;
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get_ref<const std::string&>()
                                                       : no_text;
}

const json& config_of(const json& layer) {
    static const json nothing = json::object();
    if (!layer.is_object()) return nothing;
    const auto found = layer.find("config");
    return found != layer.end() ? *found : nothing;
}

/// The layer's own name; those of Keras 1 and 2 have it in their settings alone.
const std::string& name_of(const json& layer) {
    const std::string& name = text_of(config_of(layer), "name");
    return name.empty() ? text_of(layer, "name") : name;
}

bool is_model(const std::string& type) {
    return type == "Sequential" || type == "Functional" || type == "Model";
}

/// Whether windows of the model have their channels first, and whether some have them last.
void find_formats(const json& layers, bool& first, bool& last) {
    for (const json& layer : layers) {
        if (layer.is_object() && layer.contains("class_name") &&
            text_of(layer, "class_name") != "Flatten") {
            const json& config = config_of(layer);
            std::string format = text_of(config, "data_format");
            if (format.empty()) format = text_of(config, "dim_ordering");
            first = first || format == "channels_first" || format == "th";
            last = last || format == "channels_last" || format == "tf";
            find_formats(config, first, last);
        } else if (layer.is_structured()) {
            find_formats(layer, first, last);
        }
    }
}

bool same_but_ones(const std::vector<long long>& dims, const shape& extent) {
    std::vector<long long> found;
    std::vector<long long> wanted;
    for (const long long cells : dims)
        if (cells != 1) found.push_back(cells);
    for (int axis = 0; axis < extent.rank; ++axis)
        if (extent[axis] != 1) wanted.push_back(extent[axis]);
    return found == wanted;
}

/// A weight's name in Keras 1 ends in a letter of its own.
bool is_called(const std::string& stored, const std::string& wanted) {
    if (stored == wanted) return true;
    const auto ends = [&](const std::string& end) {
        return stored.size() > end.size() &&
               stored.compare(stored.size() - end.size(), end.size(), end) == 0;
    };
    if (wanted == "kernel" || wanted == "depthwise_kernel") return ends("_W");
    if (wanted == "bias") return ends("_b");
    if (wanted == "gamma" || wanted == "beta") return ends("_" + wanted);
    if (wanted == "moving_mean") return ends("_running_mean");
    if (wanted == "moving_variance") return ends("_running_std"); // it is the variance
    return false;
}

} // namespace

const value& call::input() const {
    if (inputs.size() != 1)
        throw refusal("reads " + std::to_string(inputs.size()) + " tensors, expected 1");
    return inputs[0];
}

bool call::channels_first() const {
    const std::string format = options.text({"data_format", "dim_ordering"}, "channels_last");
    if (format == "channels_first" || format == "th") return true;
    if (format == "channels_last" || format == "tf" || format == "default") return false;
    throw refusal("its data_format is '" + printable(format) +
                  "', expected channels_last or channels_first");
}

importer::importer(model& to, const weight_source& weights, const read_options& options,
                   int version)
    : to_(to), weights_(weights), options_(options), version_(version), build_(to) {}

void importer::mark(const layer_place& place, const std::string& type) {
    build_.place = place.steps.empty()
                       ? "the model"
                       : "layer '" + printable(place.path()) + "' (" + printable(type) + ")";
}

void importer::run(const json& description) {
    const std::string& type = text_of(description, "class_name");
    mark({}, type);
    try {
        if (!is_model(type))
            throw refusal("is of the class '" + printable(type) +
                          "'; only Sequential and Functional models can be imported. A model whose "
                          "class is the user's own holds code: save a functional model that calls "
                          "its layers");
        bool first = false;
        bool last = false;
        find_formats(config_of(description), first, last);
        channels_first_ = first && !last;
        std::vector<value> outputs = run_model(description, {}, {}, 0);
        const json& config = config_of(description);
        std::vector<std::string> names;
        for (const reference& output : output_references(config)) names.push_back(output.layer);
        if (names.size() != outputs.size()) // a sequential model has one, named by its last layer
            names.assign(outputs.size(), to_.layers[at(outputs[0].layer)].name);
        for (const std::string& wanted : options_.outputs)
            if (std::count(names.begin(), names.end(), wanted) == 0)
                throw refusal("has no output '" + printable(wanted) +
                              "'; its outputs are named by "
                              "their layers");
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            if (!options_.outputs.empty() &&
                std::count(options_.outputs.begin(), options_.outputs.end(), names[i]) == 0)
                continue;
            value made = outputs[i];
            if (made.flattened.rank > 0) made = plain(made);
            const shape held = extent(made);
            source_order order{{1}, {}};
            for (int axis = 0; axis < held.rank; ++axis) {
                order.extents.push_back(
                    held[made.turned ? (axis + held.rank - 1) % held.rank : axis]);
                order.axes.push_back(made.turned ? (axis + 1) % held.rank + 1 : axis + 1);
            }
            to_.outputs.push_back({names[i], made.layer, std::move(order)});
        }
    } catch (const refusal& found) {
        throw import_error(to_.file, build_.place, found.what());
    } catch (const json::exception&) {
        throw import_error(to_.file, build_.place, "its description is damaged");
    }
    for (const auto& [type_dropped, count] : dropped_)
        to_.notes.push_back("left out " + std::to_string(count) + " " + printable(type_dropped) +
                            (count > 1 ? " layers: they do" : " layer: it does") +
                            " nothing outside training");
}

std::vector<value> importer::run_model(const json& description, const layer_place& place,
                                       const std::vector<value>& inputs, int depth) {
    if (depth > most_depth)
        throw refusal("models lie more than " + std::to_string(most_depth) + " deep in each other");
    const json& config = config_of(description);
    if (text_of(description, "class_name") == "Sequential" && !config.contains("input_layers"))
        return run_sequential(config, place, inputs, depth);
    return run_functional(config, place, inputs, depth);
}

value importer::add_input(const json& config, const std::string& name, bool automatic) {
    if (to_.layers.size() > 4096) throw refusal("there are too many inputs");
    const settings options(config);
    std::vector<long long> dims;
    const json* given = options.find({"batch_input_shape", "batch_shape", "build_input_shape"});
    if (given != nullptr && given->is_array())
        for (const json& extent : *given) {
            dims.push_back(-1);
            if (extent.is_number_integer()) dims.back() = extent.get<long long>();
        }
    const auto told = options_.inputs.find(name);
    if (told != options_.inputs.end()) {
        const long long batch = dims.empty() ? -1 : dims[0];
        dims = told->second;
        dims.insert(dims.begin(), batch);
    }
    if (dims.empty())
        throw refusal("input '" + printable(name) +
                      "' has no shape in the file: give it, as "
                      "--input " +
                      printable(name) + "=28,28,1");
    for (std::size_t i = 1; i < dims.size(); ++i)
        if (dims[i] < 1)
            throw refusal("input '" + printable(name) + "' has the shape " + spell(dims) +
                          ", which is not fixed: give it, batch left out, as --input " +
                          printable(name) + "=224,224,3");
    if (dims[0] > 1) to_.batch = dims[0];
    dims.erase(dims.begin());
    if (dims.empty()) throw refusal("input '" + printable(name) + "' has no axes but the batch");
    shape_of(dims);
    value made;
    made.turned = channels_first_ && dims.size() > 1;
    source_order order{dims, {}};
    order.extents.insert(order.extents.begin(), 1);
    const int rank = static_cast<int>(dims.size());
    for (int axis = 0; axis < rank; ++axis)
        order.axes.push_back(made.turned ? (axis + 1) % rank + 1 : axis + 1);
    if (made.turned) std::rotate(dims.begin(), dims.begin() + 1, dims.end());
    made.layer = build_.add_input(automatic ? "input" : name, shape_of(dims));
    to_.layers[at(made.layer)].order = std::move(order);
    return made;
}

std::vector<value> importer::run_sequential(const json& config, const layer_place& place,
                                            std::vector<value> inputs, int depth) {
    const json* list = &config; // Keras 1 and early 2: the list itself
    if (config.is_object()) list = config.contains("layers") ? &config["layers"] : nullptr;
    if (list == nullptr || !list->is_array() || list->empty())
        throw refusal("has no list of layers");
    if (inputs.size() > 1)
        throw refusal("is a sequential model and reads " + std::to_string(inputs.size()) +
                      " tensors");
    std::map<std::string, int> counts;
    for (const json& layer : *list) {
        const std::string& type = text_of(layer, "class_name");
        const std::string& name = name_of(layer);
        if (inputs.empty()) {
            if (is_model(type) && name_of(layer).empty())
                throw refusal("begins with a model that has no name");
            const bool given =
                settings(config_of(layer)).find({"batch_input_shape", "batch_shape"}) != nullptr;
            const bool own = type == "InputLayer";
            if (!is_model(type) || given) {
                // Keras calls it after the first layer if its user gave it no name.
                const std::string& next = own && list->size() > 1 ? name_of((*list)[1]) : name;
                const std::string usual = next + "_input";
                inputs = {add_input(given || own ? config_of(layer) : config, own ? name : usual,
                                    !own || name == usual)};
            }
        }
        if (type == "InputLayer") continue;
        layer_place inner = place;
        inner.steps.push_back({name, type, counts[type]++});
        inputs = run_layer(layer, inner, std::move(inputs), {}, false, depth);
    }
    mark(place, "Sequential");
    if (inputs.size() != 1) throw refusal("has no layers, or not one output");
    return inputs;
}

std::vector<value> importer::run_functional(const json& config, const layer_place& place,
                                            const std::vector<value>& inputs, int depth) {
    graph nodes(config);
    std::map<std::string, int> counts;
    std::map<std::string, int> numbers;
    for (const json& layer : nodes.layers()) {
        const std::string& type = text_of(layer, "class_name");
        numbers.emplace(name_of(layer), counts[type]++);
    }
    const std::vector<reference> entrances = input_references(config);
    if (!place.steps.empty() && entrances.size() != inputs.size())
        throw refusal("has " + std::to_string(entrances.size()) + " inputs and is called with " +
                      std::to_string(inputs.size()) + " tensors");
    const bool outermost = place.steps.empty();
    // All inputs come first, in the order in which the model lists them.
    for (std::size_t i = 0; i < entrances.size(); ++i) {
        const json* layer = nodes.find(entrances[i].layer);
        if (layer == nullptr)
            throw refusal("has an input '" + printable(entrances[i].layer) +
                          "' that is none of its layers");
        value from;
        if (outermost)
            from = add_input(config_of(*layer), entrances[i].layer, false);
        else
            from = inputs[i];
        nodes.give(entrances[i].layer, {from});
    }
    while (const graph_node* next = nodes.take()) {
        const json& layer = nodes.layer_of(*next);
        const std::string& name = name_of(layer);
        const std::string& type = text_of(layer, "class_name");
        layer_place inner = place;
        inner.steps.push_back({name, type, numbers[name]});
        mark(inner, type);
        std::vector<value> reads;
        for (const reference& read : next->reads) reads.push_back(nodes.get(read));
        nodes.give(*next, run_layer(layer, inner, std::move(reads), next->numbers,
                                    next->number_first, depth));
    }
    mark(place, "Functional");
    nodes.check();
    std::vector<value> outputs;
    for (const reference& output : output_references(config)) outputs.push_back(nodes.get(output));
    if (outputs.empty()) throw refusal("has no outputs");
    return outputs;
}

std::vector<value> importer::run_layer(const json& layer, const layer_place& place,
                                       std::vector<value> inputs, std::vector<double> numbers,
                                       bool number_first, int depth) {
    const std::string& type = text_of(layer, "class_name");
    mark(place, type);
    if (++calls_ > most_calls)
        throw refusal("the model calls layers more than " + std::to_string(most_calls) + " times");
    if (place.steps.back().name.empty()) throw refusal("a layer has no name");
    if (is_model(type)) return run_model(layer, place, inputs, depth + 1);
    const json& config = config_of(layer);
    const converter convert = find_converter(type);
    if (convert == nullptr) {
        if (type == "TimeDistributed")
            throw refusal("calls a layer for each step of a sequence, which is not supported. Put "
                          "the layer itself in its place where the model reads one step, or use a "
                          "convolution with a window of 1 along the time");
        if (type == "Lambda")
            throw refusal("holds Python code, which cannot be imported. Use layers of Keras, or "
                          "end the model before it");
        if (type == "Embedding" || type == "LSTM" || type == "GRU" || type == "SimpleRNN" ||
            type == "RNN" || type == "Bidirectional" || type == "ConvLSTM2D")
            throw refusal("looks up words or keeps a state, and the library has no such layers: "
                          "its networks are feed-forward and convolutional");
        throw refusal("this layer is not supported. Supported are " + supported_layers());
    }
    if (inputs.empty()) throw refusal("reads no tensor");
    const call made{
        config, type, place, std::move(inputs), std::move(numbers), number_first, settings(config)};
    value result = convert(*this, made);
    return {result};
}

value importer::channels_last(const value& from, bool first) {
    if (!first) return plain(from);
    if (from.flattened.rank > 0) return channels_last(plain(from), first);
    if (from.turned) return from;
    const int rank = extent(from).rank;
    std::vector<int> order;
    for (int axis = 1; axis < rank; ++axis) order.push_back(axis);
    order.push_back(0);
    return {build_.permuted(from.layer, order), true, {}};
}

value importer::plain(const value& from) {
    value result = from;
    if (from.flattened.rank > 0) {
        result = {build_.reshaped(from.layer, from.flattened), true, {}};
        result = plain(result);
        return {build_.reshaped(result.layer, shape{extent(from).elements()}), false, {}};
    }
    if (!from.turned) return from;
    const int rank = extent(from).rank;
    std::vector<int> order{rank - 1};
    for (int axis = 0; axis + 1 < rank; ++axis) order.push_back(axis);
    return {build_.permuted(from.layer, order), false, {}};
}

int importer::axis_of(const value& from, long long axis) {
    const int rank = extent(from).rank;
    const long long own = axis < 0 ? axis + rank : axis - 1;
    if (own < 0 || own >= rank || axis == 0)
        throw refusal("works along axis " + std::to_string(axis) + " of a tensor of shape " +
                      spell(extent(from)) + ", batch left out");
    if (!from.turned) return static_cast<int>(own);
    return own == 0 ? rank - 1 : static_cast<int>(own) - 1;
}

std::vector<std::vector<float>> importer::weights_of(const call& of, const descriptor& what,
                                                     const std::vector<int>& inputs,
                                                     const std::vector<std::string>& names) const {
    const outcome expected = build_.expected(what, inputs);
    std::vector<std::vector<float>> result;
    if (expected.problem || expected.weight_count == 0) return result;
    const std::vector<stored_weight> stored = weights_.of(of.place, expected);
    const auto wanted = [&](int i) {
        return at(i) < names.size()
                   ? names[at(i)]
                   : std::string(expected.weights[i].name.begin(), expected.weights[i].name.end());
    };
    std::vector<const h5_object*> found;
    for (int i = 0; i < expected.weight_count; ++i)
        for (const stored_weight& next : stored)
            if (is_called(next.name, wanted(i))) {
                found.push_back(next.data);
                break;
            }
    if (found.size() != at(expected.weight_count)) {
        found.clear();
        for (const stored_weight& next : stored) found.push_back(next.data);
    }
    if (found.size() < at(expected.weight_count) || stored.size() > at(expected.weight_count)) {
        std::string list;
        for (int i = 0; i < expected.weight_count; ++i)
            list += (i > 0 ? ", " : "") + wanted(i) + " " + spell(expected.weights[i].extent);
        throw refusal("the file has " + std::to_string(stored.size()) +
                      " weights for it, expected " + std::to_string(expected.weight_count) + ": " +
                      list);
    }
    for (int i = 0; i < expected.weight_count; ++i) {
        const h5_object& data = *found[at(i)];
        if (!same_but_ones(data.dims, expected.weights[i].extent))
            throw refusal("its weight '" + wanted(i) + "' has the shape " + spell(data.dims) +
                          ", expected " + spell(expected.weights[i].extent));
        result.push_back(data.cells);
    }
    return result;
}

int importer::add(const call& of, const descriptor& what, std::vector<int> inputs,
                  std::vector<std::string> names) {
    const std::string path = of.place.path();
    const auto before = owners_.find(path);
    if (before != owners_.end()) // called once more
        return build_.add(what, std::move(inputs), {}, "", before->second);
    std::vector<std::vector<float>> weights = weights_of(of, what, inputs, names);
    const bool weighted = !weights.empty();
    const bool fresh = names_.insert(path).second;
    const int made = build_.add(what, std::move(inputs), std::move(weights), fresh ? path : "");
    if (weighted) owners_[path] = made;
    return made;
}

value importer::activated(const call& of, descriptor what, const value& from, bool turned,
                          std::vector<std::string> names) {
    const json* setting = of.options.find({"activation"});
    value result{-1, turned, {}};
    if (setting == nullptr) {
        result.layer = add(of, what, {from.layer}, std::move(names));
        return result;
    }
    descriptor activation = activation_of(*setting, version_);
    const bool none = activation.kind == text{"linear"};
    const bool along = activation.kind == text{"softmax"} ||
                       activation.kind == text{"log_softmax"} || activation.kind == text{"glu"};
    const bool apart = (along && turned) || activation.kind == text{"glu"};
    if (!none && !apart) set_activation(to_, what, activation);
    result.layer = add(of, what, {from.layer}, std::move(names));
    if (none || !apart) return result;
    if (activation.kind == text{"softmax"})
        activation.options.along = axis_of(result, -1);
    else
        result = plain(result);
    result.layer = build_.add(activation, {result.layer});
    return result;
}

void importer::drop(const call& of) { ++dropped_[of.type]; }

} // namespace ctnn::tool::from_keras
