// SPDX-License-Identifier: BSL-1.0
// What can be wrong with a quantised network, and how a compiler says so.
#pragma once

#include <ctnn/network/network.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// A quantization in a message; the scale in millionths.
template <int Millionths, int ZeroPoint> struct quantized_as;

namespace faults {
inline constexpr fault_kind no_int8_meaning{"no_int8_meaning"};
inline constexpr fault_kind int8_activation_inside{"int8_activation_inside"};
inline constexpr fault_kind int8_merge_of_many{"int8_merge_of_many"};
inline constexpr fault_kind quantizations_differ_in_number{"quantizations_differ_in_number"};
inline constexpr fault_kind scales_differ_in_number{"scales_differ_in_number"};
inline constexpr fault_kind layer_keeps_quantization{"layer_keeps_quantization"};
inline constexpr fault_kind output_quantization_is_fixed{"output_quantization_is_fixed"};
inline constexpr fault_kind not_a_quantization{"not_a_quantization"};
} // namespace faults

template <class... Facts>
__attribute__((unavailable(
    "a layer has no meaning on int8. Fold a normalisation into the convolution before it; keep "
    "other layers outside of the quantised part"))) constexpr bool
    mistake<&faults::no_int8_meaning, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "an activation at the end of a layer on int8 must be a clamp, as relu and relu6 are. Others "
    "have a scale of their own: write them as layers, dense<10>, softmax"))) constexpr bool
    mistake<&faults::int8_activation_inside, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "a merge on int8 takes two paths, since each sum has a scale of its "
    "own. Merge two at a time"))) constexpr bool mistake<&faults::int8_merge_of_many, Facts...> =
    reported;
template <class... Facts>
__attribute__((unavailable(
    "a quantised network needs one quantization in Numbers::tensors for each input and each layer, "
    "in the order in which they are written"))) constexpr bool
    mistake<&faults::quantizations_differ_in_number, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "a quantised network needs one scale in Numbers::kernel_scales for each filter of each layer "
    "with a kernel; a scale for a whole kernel is repeated"))) constexpr bool
    mistake<&faults::scales_differ_in_number, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable("a layer that only moves or compares cells keeps their scale and zero "
                           "point, and is given others"))) constexpr bool
    mistake<&faults::layer_keeps_quantization, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "the output of a softmax or sigmoid on int8 has scale 1/256 and zero point -128, that of a "
    "tanh 1/128 and 0"))) constexpr bool mistake<&faults::output_quantization_is_fixed, Facts...> =
    reported;
template <class... Facts>
__attribute__((unavailable(
    "a quantization has a scale above 0 and a zero point from -128 to 127"))) constexpr bool
    mistake<&faults::not_a_quantization, Facts...> = reported;

namespace detail {

/// What a layer of a quantised network may be.
enum class quantized_problem : unsigned char {
    none,
    no_meaning,
    activation_inside,
    many_paths,
    keeps,
    fixed_output,
    no_number
};

struct found_problem {
    quantized_problem what{};
    int node = 0;
};

constexpr bool is_quantization(const quantization& numbers) noexcept {
    return numbers.scale > 0 && numbers.scale < __builtin_inff() &&
           numbers.zero_point >= least_int8 && numbers.zero_point <= greatest_int8;
}

/// What is wrong with a layer, whose inputs and output have these numbers.
constexpr quantized_problem problem_of(const descriptor& layer, const quantization* inputs,
                                       int count, const quantization& made) noexcept {
    if (!is_quantization(made)) return quantized_problem::no_number;
    if (count == 0) return quantized_problem::none;
    if (!layer.quantized.known) return quantized_problem::no_meaning;
    if (layer.options.has_activation && layer.options.activation->operation != operation::clamp)
        return quantized_problem::activation_inside;
    if (count > 2 && !layer.quantized.keeps_numbers) return quantized_problem::many_paths;
    for (int i = 0; i < count && layer.quantized.keeps_numbers; ++i)
        if (!(inputs[i] == made)) return quantized_problem::keeps;
    const bool tanh = layer.curve == curve::tanh;
    const quantization fixed = tanh ? quantization{1.0F / 128, 0} : quantization{1.0F / 256, -128};
    const bool fixes =
        tanh || layer.curve == curve::logistic || layer.operation == operation::softmax;
    return fixes && !(made == fixed) ? quantized_problem::fixed_output : quantized_problem::none;
}

constexpr quantized_problem problem_of(const graph_view& graph, const node& subject,
                                       const quantization* tensors,
                                       const quantization& made) noexcept {
    quantization inputs[max_inputs]{};
    for (int i = 0; i < subject.edge_count; ++i) inputs[i] = tensors[graph.input_of(subject, i)];
    return problem_of(*subject.layer, inputs, subject.edge_count, made);
}

template <class Network, class Numbers> constexpr found_problem find_problem() noexcept {
    constexpr graph_view graph = Network::graph();
    for (int i = 0; i < graph.node_count; ++i) {
        const quantized_problem what =
            problem_of(graph, graph.at(i), Numbers::tensors, Numbers::tensors[i]);
        if (what != quantized_problem::none) return {what, i};
    }
    return {};
}

constexpr const fault_kind* kind_of(quantized_problem what) noexcept {
    switch (what) {
    case quantized_problem::activation_inside: return &faults::int8_activation_inside;
    case quantized_problem::many_paths: return &faults::int8_merge_of_many;
    case quantized_problem::keeps: return &faults::layer_keeps_quantization;
    case quantized_problem::fixed_output: return &faults::output_quantization_is_fixed;
    case quantized_problem::no_number: return &faults::not_a_quantization;
    default: return &faults::no_int8_meaning;
    }
}

/// Names the mistake in a quantised network, which is an error; true if there is none.
// clang-format off
template <class Network, class Numbers, int Scales> constexpr bool can_be_quantized() noexcept {
    constexpr graph_view graph = Network::graph();
    constexpr int tensors = static_cast<int>(sizeof(Numbers::tensors) / sizeof(quantization));
    constexpr int scales = static_cast<int>(sizeof(Numbers::kernel_scales) / sizeof(float));
    if constexpr (tensors != graph.node_count) {
        return mistake<&faults::quantizations_differ_in_number, expects<graph.node_count>, counted<tensors>>;
    } else {
        constexpr found_problem found = find_problem<Network, Numbers>();
        if constexpr (found.what != quantized_problem::none) {
            constexpr node subject = graph.at(found.node);
            constexpr quantization made = Numbers::tensors[found.node];
            using layer = typename type_on_path<subject.path, typename Network::layers>::type;
            return mistake<kind_of(found.what), at<subject.layer_index, fixed<name_of(graph, subject)>, layer>, quantized_as<static_cast<int>(fixed::round(1e6 * static_cast<double>(made.scale))), made.zero_point>>;
        } else if constexpr (scales != Scales) {
            return mistake<&faults::scales_differ_in_number, expects<Scales>, counted<scales>>;
        } else {
            return true;
        }
    }
}
// clang-format on

} // namespace detail
} // namespace ctnn
