// SPDX-License-Identifier: BSL-1.0
// What only moves or bounds cells of int8.
#pragma once

#include <ctnn/network/descriptor.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// A layer that moves cells moves those of int8 too. A constant that it brings in is quantised.
template <class Meaning> struct move_int8 {
    static constexpr bool keeps_numbers = true;

    static constexpr void prepare(const quantized_setting&, rescale_list&) noexcept {}
    static constexpr void run(const quantized_call& call) noexcept {
        attributes options = call.options;
        options.alpha = quantized_cell(options.alpha, call.made);
        Meaning::template run<int8>({options, call.input_shapes, call.inputs, call.input_count,
                                     call.output_shape, call.output, nullptr});
    }
};

template <class Meaning>
inline constexpr quantized_meaning moves_int8 = quantized_of<move_int8<Meaning>>;

/// Keeps cells between two numbers, and may give them another scale (TensorFlow Lite: Relu, Relu6,
/// ReluN1To1; with no bounds Quantize from int8).
struct clamp_int8 {
    static constexpr bool keeps_numbers = false;

    static constexpr void prepare(const quantized_setting& known, rescale_list& list) noexcept {
        list.add(fixed::rescale_by(static_cast<double>(known.inputs[0].scale) /
                                       static_cast<double>(known.output.scale),
                                   known.rule));
    }
    static constexpr void run(const quantized_call& call) noexcept {
        const long long cells = call.output_shape.elements();
        for (long long i = 0; i < cells; ++i)
            call.output[i] = call.cell(fixed::scaled(call.inputs[0][i] - call.numbers[0].zero_point,
                                                     call.factors[0], call.rule));
    }
};

} // namespace ctnn
