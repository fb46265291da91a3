// SPDX-License-Identifier: BSL-1.0
// The sentences: what a compiler prints for each mistake that the library itself finds.
//
// A mistake has two halves. `faults::NAME` is the value that a rule returns. The specialisation of
// `mistake` for it is unavailable: naming it makes exactly one error, whose first line holds the
// facts as template arguments and the sentence. A layer with a mistake of its own declares both
// halves beside itself, as here.
#pragma once

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/network/fault.hpp>

namespace ctnn {

/// Where a mistake is: index and name path of the layer, and the layer as it was written.
template <int Index, fixed_string Name, class Layer> struct at;
/// The layer that made what the mistaken one reads.
template <int Index, fixed_string Name, class Layer> struct after;
/// The map that a mistaken layer reads comes from outside.
struct after_input;

// Facts in a message. Extents are height, width, channels.
template <int... Extents> struct expects;
template <int... Extents> struct receives;
template <int... Extents> struct declares;
template <int... Extents> struct first_is;
template <int... Extents> struct second_is;
template <int... Factors> struct product_of;
template <int Number> struct equals;
template <int Axis> struct on_axis;
template <int... Extents> struct kernel_is;
template <int... Extents> struct spans;
template <int... Steps> struct stride_is;
template <int... Cells> struct padding_is;
template <int Channels> struct channels_are;
template <int Filters> struct filters_are;
template <int Groups> struct groups_are;
template <int... Values> struct value_is;
template <int Position> struct option_number;
template <int... Extents> struct target_is;

#if defined(__has_attribute) && __has_attribute(unavailable)
/// True where naming a mistake is an error by itself; elsewhere the static_assert fails.
inline constexpr bool reported = true;
#else
inline constexpr bool reported = false;
#endif

/// A kind of fault and its facts. Every kind has a specialisation with its sentence.
template <const fault_kind* Kind, class... Facts> constexpr bool mistake = false;

namespace faults {
inline constexpr fault_kind not_a_layer{"not_a_layer"};
}
template <class... Facts>
__attribute__((unavailable(
        "a type in the list is not a layer. A layer has a member `static constexpr "
        "ctnn::descriptor info`")))
constexpr bool mistake<&faults::not_a_layer, Facts...> = reported;

namespace faults {
inline constexpr fault_kind unknown_option{"unknown_option"};
}
template <class... Facts>
__attribute__((unavailable(
        "a layer does not know one of its options. Look at the option with this number, "
        "counted from 1")))
constexpr bool mistake<&faults::unknown_option, Facts...> = reported;

namespace faults {
inline constexpr fault_kind conflicting_options{"conflicting_options"};
}
template <class... Facts>
__attribute__((unavailable(
        "two options of a layer exclude each other. Keep one of same, valid and "
        "padding<...>")))
constexpr bool mistake<&faults::conflicting_options, Facts...> = reported;

namespace faults {
inline constexpr fault_kind no_input{"no_input"};
}
template <class... Facts>
__attribute__((unavailable(
        "a layer has nothing to read. Begin the list with input<height, width, "
        "channels>")))
constexpr bool mistake<&faults::no_input, Facts...> = reported;

namespace faults {
inline constexpr fault_kind not_positive{"not_positive"};
}
template <class... Facts>
__attribute__((unavailable(
        "a size that must be at least 1 is smaller")))
constexpr bool mistake<&faults::not_positive, Facts...> = reported;

namespace faults {
inline constexpr fault_kind wrong_rank{"wrong_rank"};
}
template <class... Facts>
__attribute__((unavailable(
        "a layer reads a tensor with another number of axes. A 2-D layer reads height, "
        "width and channels: give a grey image its channel axis, input<28, 28, 1>, and "
        "put 2-D layers before flatten")))
constexpr bool mistake<&faults::wrong_rank, Facts...> = reported;

namespace faults {
inline constexpr fault_kind channels_first{"channels_first"};
}
template <class... Facts>
__attribute__((unavailable(
        "the map looks channels first. ctnn puts channels last: write input<height, "
        "width, channels>, and reorder the data")))
constexpr bool mistake<&faults::channels_first, Facts...> = reported;

namespace faults {
inline constexpr fault_kind channel_mismatch{"channel_mismatch"};
}
template <class... Facts>
__attribute__((unavailable(
        "a layer declares with in<...> another number of channels than the map it reads "
        "has. A kernel is as deep as its map: correct in<...>, or the filters of the "
        "layer before")))
constexpr bool mistake<&faults::channel_mismatch, Facts...> = reported;

namespace faults {
inline constexpr fault_kind input_size_mismatch{"input_size_mismatch"};
}
template <class... Facts>
__attribute__((unavailable(
        "a dense layer declares with in<...> another number of inputs than it receives. "
        "Correct in<...>, or put flatten before it if it receives a map")))
constexpr bool mistake<&faults::input_size_mismatch, Facts...> = reported;

namespace faults {
inline constexpr fault_kind kernel_depth_mismatch{"kernel_depth_mismatch"};
}
template <class... Facts>
__attribute__((unavailable(
        "a kernel is as deep as the map it reads, and this one is written with another "
        "depth. Leave the depth out: kernel<height, width>")))
constexpr bool mistake<&faults::kernel_depth_mismatch, Facts...> = reported;

namespace faults {
inline constexpr fault_kind window_exceeds_map{"window_exceeds_map"};
}
template <class... Facts>
__attribute__((unavailable(
        "a kernel or pool, with its dilation, spans more cells than the padded map has. "
        "Use a smaller one, padding or same, or fewer pools before it")))
constexpr bool mistake<&faults::window_exceeds_map, Facts...> = reported;

namespace faults {
inline constexpr fault_kind padding_exceeds_window{"padding_exceeds_window"};
}
template <class... Facts>
__attribute__((unavailable(
        "a pool's padding must be smaller than its window: a window of padding alone "
        "has no value")))
constexpr bool mistake<&faults::padding_exceeds_window, Facts...> = reported;

namespace faults {
inline constexpr fault_kind reflection_exceeds_map{"reflection_exceeds_map"};
}
template <class... Facts>
__attribute__((unavailable(
        "reflected padding must be smaller than the map: there is nothing left to "
        "reflect")))
constexpr bool mistake<&faults::reflection_exceeds_map, Facts...> = reported;

namespace faults {
inline constexpr fault_kind groups_do_not_divide{"groups_do_not_divide"};
}
template <class... Facts>
__attribute__((unavailable(
        "groups must divide the channels that a convolution reads and its filters")))
constexpr bool mistake<&faults::groups_do_not_divide, Facts...> = reported;

namespace faults {
inline constexpr fault_kind normalised_channels_differ{"normalised_channels_differ"};
}
template <class... Facts>
__attribute__((unavailable(
        "a batch norm declares with in<...> another number of channels than the map it "
        "normalises has. Correct in<...>")))
constexpr bool mistake<&faults::normalised_channels_differ, Facts...> = reported;

namespace faults {
inline constexpr fault_kind cropping_exceeds_map{"cropping_exceeds_map"};
}
template <class... Facts>
__attribute__((unavailable(
        "cropping removes the whole map")))
constexpr bool mistake<&faults::cropping_exceeds_map, Facts...> = reported;

namespace faults {
inline constexpr fault_kind reshape_changes_size{"reshape_changes_size"};
}
template <class... Facts>
__attribute__((unavailable(
        "a reshape must keep the number of elements: the products of both shapes differ")))
constexpr bool mistake<&faults::reshape_changes_size, Facts...> = reported;

namespace faults {
inline constexpr fault_kind paths_differ{"paths_differ"};
}
template <class... Facts>
__attribute__((unavailable(
        "the tensors that are merged element by element have different shapes. Give the "
        "shortcut the same stride and filters as the path: shortcut<conv2d<filters, 1, "
        "stride<2>>>")))
constexpr bool mistake<&faults::paths_differ, Facts...> = reported;

namespace faults {
inline constexpr fault_kind silent_broadcast{"silent_broadcast"};
}
template <class... Facts>
__attribute__((unavailable(
        "the tensors that are merged have different shapes, and adding never broadcasts "
        "here. Repeat or reshape the smaller one first, or use multiply for a gate of 1 "
        "x 1 x channels")))
constexpr bool mistake<&faults::silent_broadcast, Facts...> = reported;

namespace faults {
inline constexpr fault_kind concat_extents_differ{"concat_extents_differ"};
}
template <class... Facts>
__attribute__((unavailable(
        "tensors can be concatenated along channels only if all other extents agree. An "
        "odd extent was rounded by a pool: pad or crop one of them")))
constexpr bool mistake<&faults::concat_extents_differ, Facts...> = reported;

namespace faults {
inline constexpr fault_kind too_few_paths{"too_few_paths"};
}
template <class... Facts>
__attribute__((unavailable(
        "a merge needs at least two paths")))
constexpr bool mistake<&faults::too_few_paths, Facts...> = reported;

namespace faults {
inline constexpr fault_kind misplaced_shortcut{"misplaced_shortcut"};
}
template <class... Facts>
__attribute__((unavailable(
        "a shortcut belongs directly into a residual, once")))
constexpr bool mistake<&faults::misplaced_shortcut, Facts...> = reported;

namespace faults {
inline constexpr fault_kind no_such_name{"no_such_name"};
}
template <class... Facts>
__attribute__((unavailable(
        "nothing was saved under this name before this place. Put save<\"name\"> after "
        "the layer whose output is meant")))
constexpr bool mistake<&faults::no_such_name, Facts...> = reported;

namespace faults {
inline constexpr fault_kind name_taken{"name_taken"};
}
template <class... Facts>
__attribute__((unavailable(
        "a name is saved again before its first tensor was used. Choose another name")))
constexpr bool mistake<&faults::name_taken, Facts...> = reported;

namespace faults {
inline constexpr fault_kind bad_name{"bad_name"};
}
template <class... Facts>
__attribute__((unavailable(
        "a name is empty, too long (127 characters with its path) or contains a slash")))
constexpr bool mistake<&faults::bad_name, Facts...> = reported;

namespace faults {
inline constexpr fault_kind expectation_failed{"expectation_failed"};
}
template <class... Facts>
__attribute__((unavailable(
        "expect names another shape than the one that arrives. Correct it, or the layer "
        "before")))
constexpr bool mistake<&faults::expectation_failed, Facts...> = reported;

namespace faults {
inline constexpr fault_kind parameters_differ{"parameters_differ"};
}
template <class... Facts>
__attribute__((unavailable(
        "expect_parameters names another number of parameters than the layers so far "
        "have")))
constexpr bool mistake<&faults::parameters_differ, Facts...> = reported;

namespace faults {
inline constexpr fault_kind path_through_nothing{"path_through_nothing"};
}
template <class... Facts>
__attribute__((unavailable(
        "repeat needs a count of at least 1 and at least one layer")))
constexpr bool mistake<&faults::path_through_nothing, Facts...> = reported;

namespace faults {
inline constexpr fault_kind too_large{"too_large"};
}
template <class... Facts>
__attribute__((unavailable(
        "a tensor or weight has more than 2,147,483,647 elements")))
constexpr bool mistake<&faults::too_large, Facts...> = reported;

} // namespace ctnn
