// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on int8 on Cortex-M55, sixteen channels at a time, and the same in plain
// C++.
#pragma once

#include <ctnn/kernels/machine/mve_tile.hpp>

namespace ctnn::mve {

/// A call of `depthwise`: channels of pixels, sixteen at a time.
struct depthwise_call {
    const signed char* const* taps; ///< for each tap where its row of channels begins
    int offset;                     ///< from there to the pixel's channels
    int pairs;                      ///< of taps
    const byte* numbers;            ///< what sums begin with, weights, multipliers, shifts
    signed char* output;
    int zero;
    int count;  ///< channels of a pixel that are written
    int pixels; ///< one at least
    int skip;   ///< from the end of a pixel's channels to the next that is read
};

/// The channel whose sum is in a lane of the four vectors of sums of sixteen channels.
constexpr int channel_of_lane(int lane) noexcept {
    return lane % 4 * 4 + (lane / 4 % 2 * 2 + lane / 8);
}

#if defined(__ARM_FEATURE_MVE)

#define CTNN_SCALE(Q, CORRECT)                                                                     \
    "vldrw.u32 q4, [r4], #16\n"                                                                    \
    "vldrw.u32 q5, [r4], #16\n"                                                                    \
    "vqrdmulh.s32 " Q ", " Q ", q4\n" CORRECT(Q) "vrshl.s32 " Q ", " Q ", q5\n"                    \
                                                 "vadd.i32 " Q ", " Q ", r6\n"
#define CTNN_CORRECT(Q)                                                                            \
    "vand q6, " Q ", q5\n"                                                                         \
    "vshr.s32 q6, q6, #31\n"                                                                       \
    "vadd.i32 " Q ", " Q ", q6\n"
#define CTNN_LEAVE(Q)

/// Sums, scales and stores. Products of two taps fit into 16 bits together.
template <int = 0> [[CTNN_OWN_BODY]] void depthwise(const depthwise_call&) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "vpush {d8-d15}\n"
            "ldmia r0, {r1-r6, r9, r11, r12}\n"
            "0:\n"
            "vldrw.u32 q0, [r4], #16\n"
            "vldrw.u32 q1, [r4], #16\n"
            "vldrw.u32 q2, [r4], #16\n"
            "vldrw.u32 q3, [r4], #16\n"
            "mov r10, r1\n"
            "dls lr, r3\n"
            "1:\n"
            "ldrd r7, r8, [r10], #8\n"
            "add r7, r7, r2\n"
            "add r8, r8, r2\n"
            "vldrb.u8 q4, [r7]\n"
            "vldrb.u8 q5, [r4], #16\n"
            "vmullb.s8 q6, q4, q5\n"
            "vmullt.s8 q4, q4, q5\n"
            "vldrb.u8 q5, [r8]\n"
            "vldrb.u8 q7, [r4]\n"
            "vmullb.s8 q7, q5, q7\n"
            "vadd.i16 q6, q6, q7\n"
            "vldrb.u8 q7, [r4], #16\n"
            "vmullt.s8 q7, q5, q7\n"
            "vadd.i16 q4, q4, q7\n"
            "vmovlb.s16 q5, q6\n"
            "vmovlt.s16 q6, q6\n"
            "vadd.i32 q0, q0, q5\n"
            "vadd.i32 q1, q1, q6\n"
            "vmovlb.s16 q5, q4\n"
            "vmovlt.s16 q4, q4\n"
            "vadd.i32 q2, q2, q5\n"
            "vadd.i32 q3, q3, q4\n"
            "le lr, 1b\n"
            // What is negative is kept at the zero point then, however it is rounded.
            "cmn r6, #128\n"
            "beq 2f\n" CTNN_SCALE("q0", CTNN_CORRECT) CTNN_SCALE("q1", CTNN_CORRECT)
                CTNN_SCALE("q2", CTNN_CORRECT) CTNN_SCALE(
                    "q3",
                    CTNN_CORRECT) "b 3f\n"
                                  "2:\n" CTNN_SCALE("q0", CTNN_LEAVE) CTNN_SCALE("q1", CTNN_LEAVE)
                                      CTNN_SCALE("q2", CTNN_LEAVE)
                                          CTNN_SCALE("q3", CTNN_LEAVE) "3:\n"
                                                                       "vqmovnb.s32 q0, q0\n"
                                                                       "vqmovnt.s32 q0, q1\n"
                                                                       "vqmovnb.s32 q2, q2\n"
                                                                       "vqmovnt.s32 q2, q3\n"
                                                                       "vqmovnb.s16 q0, q0\n"
                                                                       "vqmovnt.s16 q0, q2\n"
                                                                       "vctp.8 r9\n"
                                                                       "vpst\n"
                                                                       "vstrbt.8 q0, [r5], #16\n"
                                                                       "add r2, r2, #16\n"
                                                                       "subs r9, r9, #16\n"
                                                                       "bgt 0b\n"
                                                                       // Behind the last sixteen is
                                                                       // what it has less of them.
                                                                       "add r2, r2, r9\n"
                                                                       "add r5, r5, r9\n"
                                                                       "add r2, r2, r12\n"
                                                                       "ldr r4, [r0, #12]\n"
                                                                       "ldr r9, [r0, #24]\n"
                                                                       "subs r11, r11, #1\n"
                                                                       "bne 0b\n"
                                                                       "vpop {d8-d15}\n"
                                                                       "pop {r4-r11, pc}\n");
}

#undef CTNN_LEAVE
#undef CTNN_CORRECT
#undef CTNN_SCALE

#else

/// One pixel.
template <int = 0>
void depthwise_pixel(const depthwise_call& call, int offset, signed char* output) noexcept {
    const byte* numbers = call.numbers;
    for (int begin = 0; begin < call.count; begin += lanes) {
        const byte* const weights = numbers + 4 * lanes;
        const byte* const factors = weights + 2LL * lanes * call.pairs;
        for (int lane = 0; lane < lanes; ++lane) {
            const int channel = channel_of_lane(lane);
            if (begin + channel >= call.count) continue;
            int sum = dsp::load_word(numbers + 4 * lane);
            for (int tap = 0; tap < 2 * call.pairs; ++tap)
                sum += call.taps[tap][offset + begin + channel] *
                       static_cast<signed char>(weights[tap * lanes + channel]);
            const byte* factor = factors + lane / 4 * 32 + lane % 4 * 4;
            output[begin + channel] =
                cell_of(sum, dsp::load_word(factor), dsp::load_word(factor + 16), call.zero);
        }
        numbers = factors + 8 * lanes;
    }
}

template <int = 0> void depthwise(const depthwise_call& call) noexcept {
    for (int p = 0; p < call.pixels; ++p)
        depthwise_pixel(call, call.offset + p * (call.count + call.skip),
                        call.output + p * call.count);
}

#endif

} // namespace ctnn::mve
