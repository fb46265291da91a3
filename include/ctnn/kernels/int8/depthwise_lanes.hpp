// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on int8, sixteen channels at a time: products of two taps are added in 16
// bits, then in 32.
//
// Packed: a byte for each sixteen channels, 0 where they need the rule in full; then for each what
// sums begin with, the weights of each tap, and of each vector of sums multipliers and shifts.
#pragma once

#include <ctnn/kernels/int8/padded_rows.hpp>
#include <ctnn/kernels/int8/pairs.hpp>
#include <ctnn/kernels/machine/mve_depthwise.hpp>

namespace ctnn {

namespace detail {

inline constexpr int most_lane_taps = 32;

/// The numbers of sixteen channels.
constexpr int lane_bytes(int taps) noexcept { return mve::lanes * (12 + taps); }

struct lane_room {
    int taps;     ///< an even number
    int pixels;   ///< that lie beside each other, taken as one: few channels fill the lanes then
    int channels; ///< of so many pixels
    int groups;   ///< of sixteen of them

    constexpr explicit lane_room(const geometry& map) noexcept
        : taps((map.window[1] * map.window[2] + 1) / 2 * 2),
          pixels(map.stride[2] == 1 && mve::lanes % map.channels == 0 ? mve::lanes / map.channels
                                                                      : 1),
          channels(map.channels * pixels), groups(math::ceil_div(channels, mve::lanes)) {}
    constexpr int head_bytes() const noexcept { return math::ceil_div(groups, 16) * 16; }
    constexpr int group_bytes() const noexcept { return lane_bytes(taps); }
};

constexpr void pack_depthwise_lanes(const int8_source& source, const int8_geometry& g,
                                    const kernel_key&, unsigned char* to) noexcept {
    const lane_room room{g.map};
    const int channels = g.map.channels;
    const int taps = g.map.window[1] * g.map.window[2];
    unsigned char* group = to + room.head_bytes();
    for (int b = 0; b < room.groups; ++b, group += room.group_bytes()) {
        unsigned char* const weights = group + 4 * mve::lanes;
        unsigned char* const factors = weights + mve::lanes * room.taps;
        bool exact = true;
        for (int lane = 0; lane < mve::lanes; ++lane) {
            const int own = mve::channel_of_lane(lane);
            const int channel = (mve::lanes * b + own) % channels;
            const bool real = mve::lanes * b + own < room.channels;
            const auto weight = [&](int tap) noexcept {
                return real && tap < taps ? source.kernel[tap * channels + channel] : int8{};
            };
            int sum = 0;
            for (int tap = 0; tap < room.taps; ++tap) {
                sum += weight(tap);
                weights[tap * mve::lanes + own] = static_cast<unsigned char>(weight(tap));
                exact = exact && !(weight(tap) == least_int8 && weight(tap ^ 1) == least_int8);
            }
            const int bias = real && source.bias ? source.bias[channel] : 0;
            const rescale factor = real ? source.factors[channel] : rescale{};
            write_int(group + 4 * lane, bias - g.input_zero * sum);
            write_int(factors + lane / 4 * 32 + lane % 4 * 4, factor.multiplier);
            write_int(factors + lane / 4 * 32 + lane % 4 * 4 + 16, factor.shift);
            exact = exact && factor.shift <= 0;
        }
        to[b] = exact ? 1 : 0;
    }
}

[[gnu::noinline, gnu::cold]] inline void depthwise_in_full(const mve::depthwise_call& call,
                                                           const int8_geometry& g) noexcept {
    const unsigned char* const weights = call.numbers + 4 * mve::lanes;
    const unsigned char* const factors = weights + 2 * mve::lanes * call.pairs;
    for (int lane = 0; lane < mve::lanes; ++lane) {
        const int channel = mve::channel_of_lane(lane);
        if (channel >= call.count) continue;
        int sum = dsp::load_word(call.numbers + 4 * lane);
        for (int tap = 0; tap < 2 * call.pairs; ++tap)
            sum += call.taps[tap][call.offset + channel] *
                   static_cast<int8>(weights[tap * mve::lanes + channel]);
        const unsigned char* factor = factors + lane / 4 * 32 + lane % 4 * 4;
        const rescale by{dsp::load_word(factor), dsp::load_word(factor + 16)};
        call.output[channel] =
            static_cast<int8>(math::clamp(fixed::scaled(sum, by) + g.output_zero, g.low, g.high));
    }
}

/// Pixels, sixteen channels at a time, by the rule in full where these need it.
[[gnu::noinline]] inline void depthwise_by_lanes(mve::depthwise_call& call, const int8_geometry& g,
                                                 const unsigned char* exact) noexcept {
    const int pixels = call.pixels;
    const int channels = call.count;
    const unsigned char* const groups = call.numbers;
    call.pixels = 1;
    for (int p = 0; p < pixels; ++p, call.offset += call.skip) {
        call.numbers = groups;
        for (int c = 0; c < channels; c += mve::lanes) {
            call.count = math::min(channels - c, mve::lanes);
            if (exact[c / mve::lanes] != 0)
                mve::depthwise(call);
            else
                depthwise_in_full(call, g);
            call.numbers += lane_bytes(2 * call.pairs);
            call.output += call.count;
            call.offset += call.count;
        }
    }
}

template <kernel_key Key>
[[gnu::noinline]] void depthwise_lanes_kernel(const int8_operands& o,
                                              const int8_geometry& g) noexcept {
    const geometry& map = g.map;
    const lane_room room{map};
    const int channels = map.channels;
    padded_rows rows{map, o.input, g.input_zero, reinterpret_cast<int8*>(o.scratch)};
    int8* output = o.output;
    bool even = true;
    for (int b = 0; b < room.groups; ++b) even = even && o.weights[b] != 0;
    const unsigned char* const groups = o.weights + room.head_bytes();
    for (int y = 0; y < map.out[1]; ++y) {
        rows.go_to(y);
        const int8* taps[most_lane_taps];
        const int8** tap = taps;
        for (int j = 0; j < map.window[1]; ++j) {
            const int8* row = rows.row(y, j);
            for (int k = 0; k < map.window[2]; ++k, row += channels) *tap++ = row;
        }
        *tap = taps[0]; // one more has weights of 0
        mve::depthwise_call call{taps,
                                 0,
                                 room.taps / 2,
                                 groups,
                                 output,
                                 g.output_zero,
                                 room.channels,
                                 map.out[2] / room.pixels,
                                 (map.stride[2] - 1) * channels};
        const int width = map.out[2] * channels;
        // Pixels taken as one, then those that are left, if any.
        for (int part = 0; part < 2 && call.pixels > 0; ++part) {
            const int done = call.pixels * call.count;
            if (even)
                mve::depthwise(call);
            else
                depthwise_by_lanes(call, g, o.weights);
            call.numbers = groups;
            call.offset = done;
            call.output = output + done;
            call.count = width - done;
            call.pixels = call.count > 0 ? 1 : 0;
        }
        output += width;
    }
    clamp_cells(o.output, map.out[1] * map.out[2] * channels, g);
}

} // namespace detail

constexpr int8_choice choose_depthwise_lanes(const int8_geometry& g,
                                             const target& machine) noexcept {
    int8_choice choice;
    const geometry& map = g.map;
    if (map.window[0] != 1 || map.in[0] != 1 || map.filters != map.channels ||
        map.dilation[1] != 1 || map.dilation[2] != 1 ||
        map.window[1] * map.window[2] + 1 > detail::most_lane_taps)
        return choice;
    choice.key.kind = kernel_kind::depthwise_lanes;
    choice.key.machine = machine.instructions;
    choice.key.weights = dtype::int8;
    choice.pack = &detail::pack_depthwise_lanes;
    const detail::lane_room room{map};
    choice.packed_bytes = room.head_bytes() + 1LL * room.groups * room.group_bytes();
    choice.kept_bytes = detail::padded_room{map}.bytes();
    choice.in_place = detail::padded_in_place(map);
    return choice;
}

template <kernel_key Key>
requires(Key.kind == kernel_kind::depthwise_lanes) inline constexpr int8_function
    int8_kernel_of<Key> = &detail::depthwise_lanes_kernel<Key>;

} // namespace ctnn
