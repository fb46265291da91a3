// SPDX-License-Identifier: BSL-1.0
// The state of an import from Keras: models in models, layers that are called several times, and
// tensors that the file has with their channels first.
#pragma once

#include "../common/builder.hpp"
#include "../read.hpp"
#include "weights.hpp"

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace ctnn::tool::from_keras {

using json = nlohmann::json;

/// A tensor.
struct value {
    int layer = -1;
    bool turned = false; ///< the file has it as (C, spatial...), the layer as (spatial..., C)
    shape flattened;     ///< a turned map that was flattened as it lies here; rank 0: none such
};

/// The options of a layer. Names come in the order in which they are looked for: those of Keras 2,
/// then those of other versions.
class settings {
public:
    explicit settings(const json& config) : config_(config) {}

    using names = std::initializer_list<const char*>;
    const json* find(names of) const; ///< null where there is none, or null in the file
    long long integer(names of, long long usual) const;
    int whole(names of, long long usual) const;
    double real(names of, double usual) const;
    bool flag(names of, bool usual) const;
    std::string text(names of, const std::string& usual) const;
    /// As many numbers as there are axes; a single number is for all of them.
    std::vector<int> each(names of, int count, int usual) const;
    std::vector<int> list(names of) const; ///< a number, or a list of them

private:
    const json& config_;
};

/// A layer of the file and what it reads this time.
struct call {
    const json& config;
    const std::string& type;
    layer_place place;
    std::vector<value> inputs;
    std::vector<double> numbers; ///< arguments that are no tensors
    bool number_first;           ///< one of them comes before the first tensor
    settings options;

    const value& input() const;
    bool channels_first() const;
};

class importer {
public:
    importer(model& to, const weight_source& weights, const read_options& options, int version);

    /// The outermost model. Throws import_error.
    void run(const json& description);

    // --- for converters ---
    int version() const { return version_; } ///< of Keras: 1, 2 or 3
    builder& build() { return build_; }
    const shape& extent(const value& of) { return build_.extent(of.layer); }

    /// The tensor with its channels last, whatever the file has.
    value channels_last(const value& from, bool first);
    /// The tensor as the file has it.
    value plain(const value& from);
    /// The axis of the layer's tensor that is axis `axis` of the file's, where 0 is the batch.
    int axis_of(const value& from, long long axis);
    /// Adds the layer under its name, with weights from the file if it has some, and those of its
    /// first call after that. `names`: the weights' names in Keras, if they are not the library's.
    int add(const call& of, const descriptor& what, std::vector<int> inputs,
            std::vector<std::string> names = {});
    /// An activation as an option of the layer, or as a layer behind it.
    value activated(const call& of, descriptor what, const value& from, bool turned,
                    std::vector<std::string> names = {});
    /// Says that a layer is left out.
    void drop(const call& of);
    /// The weights of a layer, as the file has them.
    std::vector<stored_weight> stored(const call& of) const {
        return weights_.of(of.place, outcome());
    }

private:
    struct node;
    struct scope;

    std::vector<value> run_model(const json& description, const layer_place& place,
                                 const std::vector<value>& inputs, int depth);
    std::vector<value> run_sequential(const json& config, const layer_place& place,
                                      std::vector<value> inputs, int depth);
    std::vector<value> run_functional(const json& config, const layer_place& place,
                                      const std::vector<value>& inputs, int depth);
    std::vector<value> run_layer(const json& layer, const layer_place& place,
                                 std::vector<value> inputs, std::vector<double> numbers,
                                 bool number_first, int depth);
    value add_input(const json& config, const std::string& name, bool automatic);
    std::vector<std::vector<float>> weights_of(const call& of, const descriptor& what,
                                               const std::vector<int>& inputs,
                                               const std::vector<std::string>& names) const;
    void mark(const layer_place& place, const std::string& type);

    model& to_;
    const weight_source& weights_;
    const read_options& options_;
    int version_;
    builder build_;
    std::map<std::string, int> owners_;
    std::set<std::string> names_;
    std::map<std::string, int> dropped_;
    bool channels_first_ = false; ///< layers of the model have their channels first, all of them
    int calls_ = 0;
};

/// What makes layers of a class; null if nothing does.
using converter = value (*)(importer&, const call&);
converter find_converter(const std::string& type);
std::string supported_layers();

/// An activation by Keras' name; throws refusal. `of` is the setting.
descriptor activation_of(const json& of, int version);

value convert_conv(importer& by, const call& of);
value convert_dense(importer& by, const call& of);
value convert_pool(importer& by, const call& of);
value convert_global_pool(importer& by, const call& of);
value convert_adaptive_pool(importer& by, const call& of);
value convert_batch_norm(importer& by, const call& of);
value convert_layer_norm(importer& by, const call& of);
value convert_group_norm(importer& by, const call& of);
value convert_unit_norm(importer& by, const call& of);
value convert_normalization(importer& by, const call& of);
value convert_rescaling(importer& by, const call& of);
value convert_activation(importer& by, const call& of);
value convert_prelu(importer& by, const call& of);
value convert_softmax(importer& by, const call& of);
value convert_merge(importer& by, const call& of);
value convert_old_merge(importer& by, const call& of);
value convert_concatenate(importer& by, const call& of);
value convert_dot(importer& by, const call& of);
value convert_padding(importer& by, const call& of);
value convert_up_sampling(importer& by, const call& of);
value convert_resizing(importer& by, const call& of);
value convert_flatten(importer& by, const call& of);
value convert_reshape(importer& by, const call& of);
value convert_permute(importer& by, const call& of);
value convert_repeat_vector(importer& by, const call& of);
value convert_nothing(importer& by, const call& of);

} // namespace ctnn::tool::from_keras
