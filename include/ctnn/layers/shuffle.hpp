// SPDX-License-Identifier: BSL-1.0
// Layers in which channels change places with each other, or with the cells of small squares.
#pragma once

#include <ctnn/layers/window.hpp>
#include <ctnn/network/descriptor.hpp>

namespace ctnn {

namespace faults {
inline constexpr fault_kind square_does_not_divide{"square_does_not_divide"};
}
template <class... Facts>
__attribute__((
    unavailable("depth_to_space<B> and pixel_shuffle<B> make a square of B x B cells from B * B "
                "channels, space_to_depth<B> and pixel_unshuffle<B> the other way round, and there "
                "must be no remainder. Correct B, or the layer before"))) constexpr bool
    mistake<&faults::square_does_not_divide, Facts...> = reported;

constexpr outcome channel_shuffle_rule(const rule_call& call) noexcept {
    const int count = call.options.groups;
    outcome result = identity_rule(call);
    if (count < 1)
        result.fail(fault{faults::not_positive, fact{role::groups, {count}}});
    else if (call.input().channels() % count != 0)
        result.fail(fault{faults::groups_do_not_divide, fact{role::groups, {count}},
                          fact{role::channels, {call.input().channels()}}});
    return result;
}

/// Channels as a table of groups by members, transposed.
struct channel_shuffle_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int all = call.output_shape.channels();
        const int count = call.options.groups;
        const int members = all / count;
        const long long positions = call.output_shape.elements() / all;
        for (long long position = 0; position < positions; ++position) {
            const Cell* read = call.inputs[0] + position * all;
            Cell* write = call.output + position * all;
            for (int member = 0; member < members; ++member)
                for (int group = 0; group < count; ++group)
                    *write++ = read[group * members + member];
        }
    }
};

namespace detail {

/// target[0], the side of a square, or 1 where it is no such number.
constexpr int side_of(const rule_call& call) noexcept {
    return math::max(call.options.target[0], 1);
}

/// The checks of both rules; `whole` must be divisible by `part`.
constexpr void check_square(outcome& result, const rule_call& call, int axis, int whole,
                            int part) noexcept {
    const fact side{role::value, call.options.target};
    if (call.options.target[0] < 1) result.fail(fault{faults::not_positive, side});
    if (whole % part != 0)
        result.fail(fault{faults::square_does_not_divide, side, fact{role::receives, call.input()},
                          fact{role::axis, {axis}}});
}

} // namespace detail

constexpr outcome depth_to_space_rule(const rule_call& call) noexcept {
    const int side = detail::side_of(call);
    outcome result;
    result.problem = check_rank(call.input(), 2);
    const shape map = mend(result.problem, call.input(), 2);
    const int square = math::saturated_product(side, side);
    detail::check_square(result, call, 2, map[2], square);
    result.output = {shape{math::saturated_product(map[0], side),
                           math::saturated_product(map[1], side), math::max(map[2] / square, 1)},
                     call.inputs[0].cell};
    return result;
}

constexpr outcome space_to_depth_rule(const rule_call& call) noexcept {
    const int side = detail::side_of(call);
    outcome result;
    result.problem = check_rank(call.input(), 2);
    const shape map = mend(result.problem, call.input(), 2);
    for (int axis = 0; axis < 2; ++axis) {
        detail::check_square(result, call, axis, map[axis], side);
        result.reach.extent[axis] = result.reach.stride[axis] = side;
    }
    result.output = {
        shape{math::max(map[0] / side, 1), math::max(map[1] / side, 1), map[2] * side * side},
        call.inputs[0].cell};
    return result;
}

/// Which of the channels at a place is which cell of the square there: cell first (TensorFlow;
/// ONNX: DCR), or channel first (PyTorch; ONNX: CRD).
enum class square_order : unsigned char { cell_first, channel_first };

/// Both ways: the map of squares is the output, or the input.
template <bool ToSpace, square_order Order> struct square_reference {
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int side = call.options.target[0];
        const volume deep = ToSpace ? call.input_shapes[0] : call.output_shape;
        const volume wide = ToSpace ? call.output_shape : call.input_shapes[0];
        for_each_position(wide, [&](int, int h, int w) noexcept {
            const int cell = h % side * side + w % side;
            for (int c = 0; c < wide.channels; ++c) {
                const int depth = Order == square_order::cell_first ? cell * wide.channels + c
                                                                    : c * side * side + cell;
                const long long in_deep = deep.at(0, h / side, w / side, depth);
                const long long in_wide = wide.at(0, h, w, c);
                call.output[ToSpace ? in_wide : in_deep] =
                    call.inputs[0][ToSpace ? in_deep : in_wide];
            }
        });
    }
};

constexpr strided_view view_of_channel_shuffle(const attributes& options, const shape& map,
                                               const shape&) noexcept {
    const int members = map.channels() / options.groups;
    strided_view view;
    view.append(map.elements() / map.channels(), map.channels());
    view.append(members, 1);
    view.append(options.groups, members);
    return view;
}

template <bool ToSpace, square_order Order>
constexpr strided_view view_of_square(const attributes& options, const shape& map,
                                      const shape& made) noexcept {
    const long long side = options.target[0];
    const long long channels = (ToSpace ? made : map).channels();
    const long long all = map.channels();
    const long long row = map[1] * all;
    const bool by_cell = Order == square_order::cell_first;
    strided_view view;
    if (ToSpace) {
        view.append(map[0], row);
        view.append(side, by_cell ? side * channels : side);
        view.append(map[1], all);
        view.append(side, by_cell ? channels : 1);
        view.append(channels, by_cell ? 1 : side * side);
        return view;
    }
    view.append(made[0], side * row);
    view.append(made[1], side * all);
    if (!by_cell) view.append(channels, 1);
    view.append(side, row);
    view.append(side, all);
    if (by_cell) view.append(channels, 1);
    return view;
}

/// Channels of Groups groups taken in turn, so that the next grouped convolution sees all of them
/// (PyTorch: ChannelShuffle): the first of each group, then the second of each. Zhang et al.,
/// ShuffleNet, 2018. Keeps the shape.
template <int Groups> struct channel_shuffle {
    static constexpr descriptor info{.family = family::move,
                                     .operation = operation::view,
                                     .kind = "channel_shuffle",
                                     .keras = "ChannelShuffle",
                                     .options = {.groups = Groups},
                                     .rule = channel_shuffle_rule,
                                     .reference = reference_of<channel_shuffle_reference>,
                                     .view = view_of_channel_shuffle};
};

/// Channels become squares of Side x Side cells (TensorFlow: depth_to_space; ONNX: DepthToSpace,
/// mode DCR). Reads (height, width, C), gives (height * Side, width * Side, C / Side^2). All
/// channels of the square's first cell come first.
template <int Side> struct depth_to_space {
    static constexpr descriptor info{
        .family = family::move,
        .operation = operation::view,
        .kind = "depth_to_space",
        .keras = "DepthToSpace",
        .options = {.target = shape{Side}},
        .rule = depth_to_space_rule,
        .reference = reference_of<square_reference<true, square_order::cell_first>>,
        .view = view_of_square<true, square_order::cell_first>};
};

/// Squares of Side x Side cells become channels (TensorFlow: space_to_depth; ONNX: SpaceToDepth).
/// Reads (height, width, C), gives (height / Side, width / Side, C * Side^2). All channels of the
/// square's first cell come first.
template <int Side> struct space_to_depth {
    static constexpr descriptor info{
        .family = family::move,
        .operation = operation::view,
        .kind = "space_to_depth",
        .keras = "SpaceToDepth",
        .options = {.target = shape{Side}},
        .rule = space_to_depth_rule,
        .reference = reference_of<square_reference<false, square_order::cell_first>>,
        .view = view_of_square<false, square_order::cell_first>};
};

/// depth_to_space where the Side^2 cells of the first channel come first (PyTorch: PixelShuffle;
/// ONNX: DepthToSpace, mode CRD). Shi et al., Real-Time Single Image and Video Super-Resolution,
/// 2016.
template <int Side> struct pixel_shuffle {
    static constexpr descriptor info{
        .family = family::move,
        .operation = operation::view,
        .kind = "pixel_shuffle",
        .keras = "PixelShuffle",
        .options = {.target = shape{Side}},
        .rule = depth_to_space_rule,
        .reference = reference_of<square_reference<true, square_order::channel_first>>,
        .view = view_of_square<true, square_order::channel_first>};
};

/// space_to_depth where the Side^2 cells of the first channel come first (PyTorch: PixelUnshuffle).
template <int Side> struct pixel_unshuffle {
    static constexpr descriptor info{
        .family = family::move,
        .operation = operation::view,
        .kind = "pixel_unshuffle",
        .keras = "PixelUnshuffle",
        .options = {.target = shape{Side}},
        .rule = space_to_depth_rule,
        .reference = reference_of<square_reference<false, square_order::channel_first>>,
        .view = view_of_square<false, square_order::channel_first>};
};

} // namespace ctnn
