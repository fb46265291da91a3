// SPDX-License-Identifier: BSL-1.0
// An imported model: layers in the order in which they run, in the library's terms.
#pragma once

#include <ctnn/ctnn.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// Where the axes of a tensor come from, where a source has them in another order: axis i of the
/// tensor is axis `axes[i]` of the source, whose extents are `extents`, batch included; -1: none,
/// and the axis has extent 1. Empty where nothing is known of it.
struct source_order {
    std::vector<long long> extents;
    std::vector<int> axes;
};

/// What a layer of an int8 network has beside what it is in real numbers.
struct int8_facts {
    quantization made;                  ///< of the tensor that it makes
    std::vector<float> kernel_scales{}; ///< one for each filter
    std::vector<signed char> kernel{};  ///< in the layout of the weight
    std::vector<int> bias{};            ///< in units of the input's scale times the filter's
};

/// A layer and the tensor that it makes; nothing makes more than one (a split is several slices).
/// An input of the network is a layer that reads nothing.
struct layer {
    descriptor
        what; ///< a copy of the library's, say `conv2d<1, 1>::info`, with `options` filled in
    std::string name{}; ///< as the source has it, scopes before it with '/': "stage1/conv"; may be
                        ///< empty
    std::vector<int> inputs{}; ///< indices of layers
    /// One for each weight of the rule's outcome, in its order and its layout (Keras'). Those of an
    /// int8 network are the numbers that its cells stand for.
    std::vector<std::vector<float>> weights{};
    int owner =
        -1; ///< a layer before this one whose weights this one uses; then `weights` is empty
    tensor_type output{}; ///< as the rule says
    source_order order{}; ///< of an input
    std::string place{};  ///< where the source has it, for messages: "node 'conv1' (Conv)"
    std::optional<int8_facts> on_int8{}; ///< of every layer of an int8 network, and of no other
};

/// A tensor that the network gives.
struct model_output {
    std::string name; ///< as the source has it
    int layer = -1;
    source_order order{};
};

/// What was read from a file. Not copied: descriptors point into it.
class model {
public:
    model() = default;
    model(const model&) = delete;
    model& operator=(const model&) = delete;

    std::string file;   ///< the path that was read
    std::string sha256; ///< of its bytes, in lower-case hexadecimal digits
    std::string format; ///< "ONNX opset 13", "Keras 2.3.0", "TensorFlow Lite 3"
    std::vector<layer> layers;
    std::vector<model_output> outputs; ///< in the order of the source
    long long batch = 1; ///< the first extent of the source's inputs, where 1 took its place
    std::vector<std::string> notes; ///< what was folded, dropped or changed, a line each

    /// Adds an input of shape `extent`: channels last, without the batch.
    int add_input(std::string name, const shape& extent);

    /// Adds a layer behind those that are there. Asks its rule for the output; throws import_error
    /// with `place` and the library's sentence if the rule finds a fault, and if the weights are
    /// not those that the rule asks for. Returns the layer's index.
    int add(layer next);

    /// What a layer's rule says.
    outcome outcome_of(const layer& subject) const;

    /// Whether this is an int8 network. A reader may meet both kinds of layers; what it gives is
    /// one or the other (check_int8).
    bool on_int8() const { return !layers.empty() && layers.front().on_int8.has_value(); }

    const shape& extent(int layer) const {
        return layers[static_cast<size_t>(layer)].output.extent;
    }

    /// Memory that descriptors may point to for as long as the model lives.
    text keep(std::string_view characters);
    const descriptor* keep(const descriptor& activation);
    const double* keep(std::vector<double> numbers);

private:
    std::deque<std::string> texts_;
    std::deque<descriptor> descriptors_;
    std::deque<std::vector<double>> numbers_;
};

/// Gives a layer an activation as an option, as `conv2d<8, 3, relu>` does.
void set_activation(model& owner, descriptor& layer, const descriptor& activation);

} // namespace ctnn::tool
