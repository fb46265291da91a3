// SPDX-License-Identifier: BSL-1.0
// What makes a type a layer: a static constexpr member `info` of type descriptor.
#pragma once

#include <ctnn/core/curve.hpp>
#include <ctnn/core/dtype.hpp>
#include <ctnn/core/strided_view.hpp>
#include <ctnn/core/text.hpp>
#include <ctnn/network/attributes.hpp>
#include <ctnn/network/fault.hpp>

namespace ctnn {

/// How the graph builder treats a descriptor. Only `leaf`, `branches`, `merge_with` and `input`
/// make tensors; the rest guide the walk.
enum class form : unsigned char {
    leaf,       ///< one node that reads the current tensor
    sequence,   ///< children one after the other, in a scope if it is named
    residual,   ///< children one after the other; a shortcut child reads what the first one read
    shortcut,   ///< the other path of a residual
    branches,   ///< every child reads the same tensor; the layer merges what they give
    repeat,     ///< children, `count` times
    save,       ///< gives the current tensor a name
    restore,    ///< goes on from a named tensor
    merge_with, ///< merges the current tensor with a named one
    again,      ///< a block or layer that was written before, with the same weights
    output,     ///< marks the current tensor as an output of the network
    input,      ///< a tensor that comes from outside
    expect,     ///< checks the shape of the current tensor, or what was counted so far
    invalid     ///< a type in the list that is not a layer
};

/// What a layer does to numbers. Passes and kernels look at this and at nothing finer.
enum class family : unsigned char {
    none,
    conv,
    depthwise,
    transposed,
    dense,
    pool,
    affine,     ///< a multiplication and an addition per channel; can write where it reads
    activation, ///< cell by cell, or row by row; can write where it reads
    merge,
    alias, ///< the same cells under another shape
    move,  ///< cells copied elsewhere: padding, cropping, upsampling
    custom
};

/// What a member of a family computes, where passes and kernels know it; all else is done by the
/// reference meaning.
enum class operation : unsigned char {
    other,
    clamp,       ///< an activation: max(min(x, options.beta), options.alpha)
    curve,       ///< an activation: descriptor::curve with the numbers options.alpha and beta
    softmax,     ///< an activation along an axis
    sum,         ///< a merge of its inputs
    difference,  ///< a merge of two inputs
    product,     ///< a merge, of a map and gates too
    mean,        ///< a merge, or a pool: the mean of the cells under a window
    greatest,    ///< a merge, or a pool: the greatest cell under a window
    least,       ///< a merge
    concat,      ///< a merge: inputs one after the other
    standard,    ///< mean 0 and variance 1 over the axes from options.along to the last
    mean_square, ///< mean of the squares 1 over these axes
    unit_length, ///< vectors of length 1 along options.along
    groups,      ///< mean 0 and variance 1 over a map and each group of channels
    normalise,   ///< an affine layer whose mean and variance may be known numbers
    gate,        ///< one half of an axis times the logistic of the other
    slopes,      ///< an activation: x, or a trained slope times x below zero
    separable,   ///< each channel filtered alone, then the channels mixed
    pad,         ///< a move: cells around a map, as its border and alpha say, or cells cut off
    repeat,      ///< a move: every cell as often as the window is large
    view         ///< a move: cells in the order that descriptor::view gives
};

inline constexpr int max_weights = 4;

/// One weight tensor of a layer, named and laid out as in Keras.
struct weight {
    text name;
    shape extent;
    bool trainable = true;
};

/// What a layer's rule says about given inputs: everything there is to know before weights come.
struct outcome {
    tensor_type output;
    weight weights[max_weights]{};
    int weight_count = 0;
    shape kernel;       ///< one kernel as written in a paper: 3 x 3 x 40
    long long macs = 0; ///< multiply-adds of kernel taps; no bias, no normalisation, batch 1
    window reach;       ///< window over the input that one output cell reads, for receptive fields
    bool reaches_all = false; ///< an output cell reads the whole map
    fault problem;

    constexpr void add_weight(text name, shape extent, bool trainable = true) noexcept {
        weights[weight_count++] = weight{name, extent, trainable};
    }
    /// Keeps the first fault.
    constexpr void fail(const fault& found) noexcept {
        if (!problem) problem = found;
    }
    constexpr long long parameters() const noexcept {
        long long sum = 0;
        for (int i = 0; i < weight_count; ++i) sum += weights[i].extent.elements();
        return sum;
    }
    constexpr long long trainable_parameters() const noexcept {
        long long sum = 0;
        for (int i = 0; i < weight_count; ++i)
            if (weights[i].trainable) sum += weights[i].extent.elements();
        return sum;
    }
};

/// What a rule is given.
struct rule_call {
    const attributes& options;
    const tensor_type* inputs;
    int input_count;
    long long parameters_before = 0; ///< of all layers written before this place

    constexpr const shape& input(int i = 0) const noexcept { return inputs[i].extent; }
};

/// A layer's shape rule. It never fails itself: it fills `outcome::problem` and still gives the
/// output that the layer declares, so that one mistake is reported once.
using rule_function = outcome (*)(const rule_call&) noexcept;

/// What a layer's reference meaning is given: shapes, cells and weights, each in row-major order.
template <class Cell> struct reference_call {
    const attributes& options;
    const shape* input_shapes;
    const Cell* const* inputs;
    int input_count;
    const shape& output_shape;
    Cell* output;
    const float* const* weights; ///< in the order of the rule's outcome
};

/// The plain meaning of a layer, for float cells and for the oracle's double cells.
struct reference_functions {
    void (*single)(const reference_call<float>&) noexcept = nullptr;
    void (*twice)(const reference_call<double>&) noexcept = nullptr;

    template <class Cell> constexpr auto get() const noexcept {
        if constexpr (sizeof(Cell) == sizeof(float))
            return single;
        else
            return twice;
    }
};

/// `reference_of<conv_reference>`: both instances of `conv_reference::run<Cell>`.
template <class Meaning>
inline constexpr reference_functions reference_of{&Meaning::template run<float>,
                                                  &Meaning::template run<double>};

/// Which cells of its input, of shape `map`, a layer's output, of shape `made`, is.
using view_function = strided_view (*)(const attributes& options, const shape& map,
                                       const shape& made) noexcept;

/// Pointers to descriptors. Counted, not ended by a null pointer: where sanitizers or an option
/// keep null checks, g++ does not take the comparison of an inline object's address with null for
/// constant.
struct descriptor_list {
    const descriptor* const* items = nullptr;
    int count = 0;

    constexpr const descriptor& operator[](int index) const noexcept { return *items[index]; }
};

/// The value behind a layer type. `struct my_layer { static constexpr ctnn::descriptor info{...};
/// }` is a layer: no base class, no registration.
struct descriptor {
    ctnn::form form = form::leaf;
    ctnn::family family = family::custom;
    ctnn::operation operation = operation::other;
    ctnn::curve curve = curve::none; ///< of an activation that is one
    text kind{};                     ///< the type's name, the root of automatic names: "conv2d"
    text keras{};                    ///< Keras' class name: "Conv2D"
    attributes options{};
    rule_function rule = nullptr;
    reference_functions reference{};
    view_function view = nullptr; ///< of operation::view
    descriptor_list children{};   ///< of a block
    text name{};                  ///< of a block, a named layer, a saved tensor
    int count = 1;                ///< of a repeat
    fault problem{};              ///< found in the layer's own arguments
};

/// A list of types, for blocks: `using children = types<...>`.
template <class... Types> struct types;

/// A type with a descriptor called `info`: what may stand in a network.
template <class Type>
concept layer_type = requires {
    static_cast<const descriptor*>(&Type::info);
};

/// The rule of what leaves a tensor as it is.
constexpr outcome identity_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    return result;
}

/// Stands in the list for a type that is no layer, so that the walk can name it and go on.
inline constexpr descriptor not_a_layer_info{
    .form = form::invalid, .family = family::none, .kind = "unknown", .rule = identity_rule};

/// The descriptor of a type in a list of layers.
template <class Type> constexpr const descriptor* describe() noexcept {
    if constexpr (layer_type<Type>)
        return &Type::info;
    else
        return &not_a_layer_info;
}

namespace detail {
template <class... Layers>
inline constexpr const descriptor* described[sizeof...(Layers) + 1] = {describe<Layers>()...};
} // namespace detail

/// The descriptors of a list of types: a block's `children`.
template <class... Layers>
inline constexpr descriptor_list describe_all{detail::described<Layers...>, sizeof...(Layers)};

} // namespace ctnn
