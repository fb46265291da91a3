// SPDX-License-Identifier: BSL-1.0
// A part of a tensor: cells from one index to another along one axis.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/layers/options.hpp>

namespace ctnn {

namespace faults {
inline constexpr fault_kind slice_exceeds_axis{"slice_exceeds_axis"};
inline constexpr fault_kind split_does_not_divide{"split_does_not_divide"};
inline constexpr fault_kind no_such_part{"no_such_part"};
} // namespace faults
template <class... Facts>
__attribute__((unavailable(
    "a slice begins and ends within its axis and holds at least one cell. Indices are counted "
    "from 0, or from the end where they are negative; the end itself is left out, and to_end "
    "lies behind the last cell"))) constexpr bool mistake<&faults::slice_exceeds_axis, Facts...> =
    reported;
template <class... Facts>
__attribute__((
    unavailable("split makes equal parts, and their number must divide the axis. Choose a divisor, "
                "or write slice<begin, end> for unequal parts"))) constexpr bool
    mistake<&faults::split_does_not_divide, Facts...> = reported;
template <class... Facts>
__attribute__((
    unavailable("split<parts, part> names a part that it does not make. Parts are counted from 0: "
                "split<2, 0> and split<2, 1> are the halves"))) constexpr bool
    mistake<&faults::no_such_part, Facts...> = reported;

/// Behind the last cell of an axis: `slice<1, to_end>`.
inline constexpr int to_end = 0x7fffffff;

namespace detail {

/// A tensor seen as rows along one axis: cell i of a row is `inner` cells long.
struct axis_rows {
    long long inner = 1;
    long long count = 1;

    constexpr axis_rows(const shape& map, int axis) noexcept {
        for (int i = axis + 1; i < map.rank; ++i) inner *= map[i];
        for (int i = 0; i < axis; ++i) count *= map[i];
    }
};

/// The first index of a slice and its cells along the axis.
struct cut {
    int begin = 0;
    int cells = 0; ///< less than 1 if there are none
};

constexpr int from_front(int index, int extent) noexcept {
    if (index == to_end) return extent;
    return index < 0 ? index + extent : index;
}

/// target: begin, end. The spatial stride is the step along the axis.
constexpr cut cut_of_slice(const attributes& options, int extent) noexcept {
    const int begin = from_front(options.target[0], extent);
    const int end = from_front(options.target[1], extent);
    const bool within = begin >= 0 && begin < extent && end > begin && end <= extent;
    return {begin,
            within ? math::ceil_div(end - begin, math::max(options.spatial.stride[0], 1)) : 0};
}

/// target: parts, part.
constexpr cut cut_of_split(const attributes& options, int extent) noexcept {
    const int cells = extent / math::max(options.target[0], 1);
    return {options.target[1] * cells, cells};
}

/// What both rules say when their own checks are done.
constexpr void cut_out(outcome& result, const rule_call& call, cut taken) noexcept {
    const int axis = call.options.axis_of(call.input());
    const int step = math::max(call.options.spatial.stride[0], 1);
    result.output.extent.extents[axis] = math::max(taken.cells, 1);
    if (axis < call.input().rank - 1 && axis < max_spatial) result.reach.stride[axis] = step;
}

} // namespace detail

constexpr outcome slice_rule(const rule_call& call) noexcept {
    const attributes& options = call.options;
    outcome result = identity_rule(call);
    result.problem = check_axis(options, call.input());
    if (result.problem) return result;
    const int axis = options.axis_of(call.input());
    const detail::cut taken = detail::cut_of_slice(options, call.input()[axis]);
    if (options.spatial.stride[0] < 1)
        result.fail(fault{faults::not_positive, fact{role::stride, {options.spatial.stride[0]}}});
    if (taken.cells < 1)
        result.fail(fault{faults::slice_exceeds_axis, fact{role::value, options.target},
                          fact{role::receives, call.input()}, fact{role::axis, {axis}}});
    detail::cut_out(result, call, taken);
    return result;
}

constexpr outcome split_rule(const rule_call& call) noexcept {
    const shape& wanted = call.options.target;
    outcome result = identity_rule(call);
    result.problem = check_axis(call.options, call.input());
    if (result.problem) return result;
    const int axis = call.options.axis_of(call.input());
    const int extent = call.input()[axis];
    if (wanted[0] < 1)
        result.fail(fault{faults::not_positive, fact{role::value, wanted}});
    else if (extent % wanted[0] != 0)
        result.fail(fault{faults::split_does_not_divide, fact{role::value, wanted},
                          fact{role::receives, call.input()}, fact{role::axis, {axis}}});
    if (wanted[1] < 0 || wanted[1] >= wanted[0])
        result.fail(fault{faults::no_such_part, fact{role::value, wanted}});
    detail::cut_out(result, call, detail::cut_of_split(call.options, extent));
    return result;
}

/// Copies what `Cut(attributes, extent)` takes.
template <detail::cut (*Cut)(const attributes&, int) noexcept> struct cut_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const shape& map = call.input_shapes[0];
        const int axis = call.options.axis_of(map);
        const detail::axis_rows rows{map, axis};
        const detail::cut taken = Cut(call.options, map[axis]);
        const long long step = call.options.spatial.stride[0];
        Cell* write = call.output;
        for (long long row = 0; row < rows.count; ++row)
            for (int i = 0; i < taken.cells; ++i) {
                const Cell* read =
                    call.inputs[0] + (row * map[axis] + taken.begin + i * step) * rows.inner;
                for (long long cell = 0; cell < rows.inner; ++cell) *write++ = read[cell];
            }
    }
};

template <detail::cut (*Cut)(const attributes&, int) noexcept>
constexpr strided_view view_of_cut(const attributes& options, const shape& map,
                                   const shape&) noexcept {
    const int axis = options.axis_of(map);
    const detail::axis_rows rows{map, axis};
    const detail::cut taken = Cut(options, map[axis]);
    strided_view view{taken.begin * rows.inner};
    view.append(rows.count, map[axis] * rows.inner);
    view.append(taken.cells, options.spatial.stride[0] * rows.inner);
    view.append(rows.inner, 1);
    return view;
}

namespace detail {

template <class... Options>
constexpr descriptor cut_descriptor(descriptor plain, const shape& target,
                                    unsigned known) noexcept {
    plain.options.target = target;
    plain.options.spatial.axes = 1; // the one that is cut
    return with_options<Options...>(plain, known);
}

} // namespace detail

/// The cells Begin to End, End left out, along the last axis, or along axis<N> (ONNX: Slice;
/// NumPy: x[begin:end]). Negative indices count from the end; `to_end` is behind the last cell.
/// What lies outside the axis is a mistake; ONNX would clip it.
/// Options: axis, and stride<S>: every S-th cell.
template <int Begin, int End, class... Options> struct slice {
    using options = types<Options...>;
    static constexpr descriptor info = detail::cut_descriptor<Options...>(
        {.family = family::move,
         .operation = operation::view,
         .kind = "slice",
         .keras = "Slice",
         .rule = slice_rule,
         .reference = reference_of<cut_reference<detail::cut_of_slice>>,
         .view = view_of_cut<detail::cut_of_slice>},
        {Begin, End}, option_kind::axis | option_kind::stride);
};

/// Part number Part, counted from 0, of Parts equal parts along the last axis, or along axis<N>
/// (Keras: ops.split, PyTorch: chunk, ONNX: Split): split<2, 0> is the first half of the channels.
/// Options: axis.
template <int Parts, int Part, class... Options> struct split {
    using options = types<Options...>;
    static constexpr descriptor info = detail::cut_descriptor<Options...>(
        {.family = family::move,
         .operation = operation::view,
         .kind = "split",
         .keras = "Split",
         .rule = split_rule,
         .reference = reference_of<cut_reference<detail::cut_of_split>>,
         .view = view_of_cut<detail::cut_of_split>},
        {Parts, Part}, 0U | option_kind::axis);
};

} // namespace ctnn
