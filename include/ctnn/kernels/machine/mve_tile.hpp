// SPDX-License-Identifier: BSL-1.0
// What Cortex-M55's own loops do on vectors of int8, in instructions throughout: a tile takes all
// registers that can hold a sum. The plain C++ beside each does the same on other machines.
#pragma once

#include <ctnn/core/fixed_point.hpp>
#include <ctnn/kernels/machine/dsp.hpp>

namespace ctnn::mve {

using byte = unsigned char;

inline constexpr int lanes = 16;

/// A call of `tile`: the windows of pixels, two at a time, by blocks of four filters.
struct tile_call {
    const signed char* cells; ///< 16 in a group
    int step;                 ///< from one window to the next
    int groups;
    signed char* output;
    int gap; ///< from one pixel of the output to the next: 0 to 65,535
    int blocks;
    int pairs;
    int zero;
};

/// A call of `row_tile`: one pixel by blocks of four filters. It is changed.
struct row_call {
    const signed char* cells; ///< 16 in a group
    int groups;
    signed char* output;
    int blocks;
    int zero;
};

#if defined(__ARM_FEATURE_MVE)

#define CTNN_LOAD                                                                                  \
    "vldrb.u8 q0, [r1], #16\n"                                                                     \
    "vldrb.u8 q1, [r3], #16\n"                                                                     \
    "vldrb.u8 q2, [r5], #16\n"                                                                     \
    "vldrb.u8 q3, [r5], #16\n"                                                                     \
    "vldrb.u8 q4, [r5], #16\n"                                                                     \
    "vldrb.u8 q5, [r5], #16\n"
#define CTNN_GROUP                                                                                 \
    CTNN_LOAD "vmladava.s8 r0, q0, q2\n"                                                           \
              "vmladava.s8 r2, q0, q3\n"                                                           \
              "vmladava.s8 r4, q0, q4\n"                                                           \
              "vmladava.s8 r6, q0, q5\n"                                                           \
              "vmladava.s8 r8, q1, q2\n"                                                           \
              "vmladava.s8 r10, q1, q3\n"                                                          \
              "vmladava.s8 r12, q1, q4\n"                                                          \
              "vmladava.s8 lr, q1, q5\n"

/// Sums, scales and stores. On the stack: cells of both windows, rounds of four groups, where the
/// first one begins, zero, weights, blocks, pairs, how far cells and output go on after a pair.
template <int = 0> [[CTNN_OWN_BODY]] void tile(const tile_call&, const byte*) noexcept {
    __asm__("push {r3-r11, lr}\n"
            "vpush {d8-d15}\n"
            "sub sp, sp, #40\n"
            "ldm r0, {r2, r3, r4, r6, r7, r8, r10, r12}\n"
            "mov r5, r1\n"
            "mov r9, r6\n"
            "mov r11, r8\n"
            "add r0, r2, r3\n"
            "strd r2, r0, [sp]\n"
            "strd r12, r1, [sp, #16]\n"
            "strd r8, r10, [sp, #24]\n"
            "lsl r3, r3, #1\n"
            "lsl r2, r7, #1\n"
            "sub r2, r2, r8, lsl #2\n"
            "strd r3, r2, [sp, #32]\n"
            // Where from the first pixel the cells of both are, in turn.
            "lsl r7, r7, #16\n"
            "mov r8, #0\n"
            "vidup.u16 q7, r8, #1\n"
            "vshr.u16 q7, q7, #1\n"
            "vdup.32 q0, r7\n"
            "vadd.i16 q7, q7, q0\n"
            // A round has 4 * 56 bytes. The first group stands before them, the first round may
            // have fewer than four, and there may be none.
            "adr r6, 2f\n"
            "rsb r10, r4, #1\n"
            "and r10, r10, #3\n"
            "mov r8, #56\n"
            "mla r6, r10, r8, r6\n"
            "cmp r4, #1\n"
            "it eq\n"
            "adreq r6, 4f\n"
            "orr r6, r6, #1\n"
            "add r10, r4, #2\n"
            "lsr r10, r10, #2\n"
            "strd r10, r6, [sp, #8]\n"
            "1:\n"
            "ldrd r1, r3, [sp]\n"
            "vldrw.u32 q6, [r5], #16\n" CTNN_LOAD "vmladav.s8 r0, q0, q2\n"
            "vmladav.s8 r2, q0, q3\n"
            "vmladav.s8 r4, q0, q4\n"
            "vmladav.s8 r6, q0, q5\n"
            "vmladav.s8 r8, q1, q2\n"
            "vmladav.s8 r10, q1, q3\n"
            "vmladav.s8 r12, q1, q4\n"
            "vmladav.s8 lr, q1, q5\n"
            "ldr r7, [sp, #8]\n"
            "ldr.w pc, [sp, #12]\n"
            ".balign 4\n"
            "2:\n" CTNN_GROUP CTNN_GROUP CTNN_GROUP CTNN_GROUP "subs r7, r7, #1\n"
            "bgt 2b\n"
            ".balign 4\n"
            "4:\n"
            "vmov q0[2], q0[0], r0, r4\n"
            "vmov q0[3], q0[1], r2, r6\n"
            "vmov q1[2], q1[0], r8, r12\n"
            "vmov q1[3], q1[1], r10, lr\n"
            "vldrw.u32 q2, [r5], #16\n"
            "vldrw.u32 q3, [r5], #16\n"
            "vadd.i32 q0, q0, q6\n"
            "vadd.i32 q1, q1, q6\n"
            "ldr r0, [sp, #16]\n"
            "vqrdmulh.s32 q0, q0, q2\n"
            "vqrdmulh.s32 q1, q1, q2\n"
            // What is negative is kept at the zero point then, however it is rounded.
            "cmn r0, #128\n"
            "beq 5f\n"
            "vand q4, q0, q3\n"
            "vand q5, q1, q3\n"
            "vshr.s32 q4, q4, #31\n"
            "vshr.s32 q5, q5, #31\n"
            "vadd.i32 q0, q0, q4\n"
            "vadd.i32 q1, q1, q5\n"
            "5:\n"
            "vrshl.s32 q0, q0, q3\n"
            "vrshl.s32 q1, q1, q3\n"
            "vadd.i32 q0, q0, r0\n"
            "vadd.i32 q1, q1, r0\n"
            "vqmovnb.s32 q0, q0\n"
            "vqmovnt.s32 q0, q1\n"
            "vqmovnb.s16 q0, q0\n"
            "vstrb.16 q0, [r9, q7]\n"
            "add r9, r9, #4\n"
            "subs r11, r11, #1\n"
            "bne 1b\n"
            "ldrd r1, r3, [sp]\n"
            "ldrd r2, r8, [sp, #32]\n"
            "ldrd r11, r0, [sp, #24]\n"
            "ldr r5, [sp, #20]\n"
            "add r1, r1, r2\n"
            "add r3, r3, r2\n"
            "add r9, r9, r8\n"
            "subs r0, r0, #1\n"
            "strd r1, r3, [sp]\n"
            "str r0, [sp, #28]\n"
            "bne 1b\n"
            "add sp, sp, #40\n"
            "vpop {d8-d15}\n"
            "pop {r3-r11, pc}\n");
}

#undef CTNN_GROUP
#undef CTNN_LOAD

/// The same for one pixel by two blocks at a time.
template <int = 0> [[CTNN_OWN_BODY]] const byte* row_tile(row_call&, const byte*) noexcept {
    __asm__("push {r3-r11, lr}\n"
            "vpush {d8-d15}\n"
            "mov r11, r0\n"
            "mov r5, r1\n"
            "1:\n"
            "ldrd r1, r7, [r11]\n"
            // Where the second block begins.
            "lsl r3, r7, #6\n"
            "add r3, r3, #48\n"
            "add r3, r3, r5\n"
            "vldrw.u32 q6, [r5], #16\n"
            "vldrw.u32 q7, [r3], #16\n"
            "mov r0, #0\n"
            "mov r2, #0\n"
            "mov r4, #0\n"
            "mov r6, #0\n"
            "mov r8, #0\n"
            "mov r10, #0\n"
            "mov r12, #0\n"
            "mov lr, #0\n"
            "2:\n"
            "vldrb.u8 q0, [r1], #16\n"
            "vldrb.u8 q1, [r5], #16\n"
            "vldrb.u8 q2, [r5], #16\n"
            "vldrb.u8 q3, [r5], #16\n"
            "vldrb.u8 q4, [r5], #16\n"
            "vmladava.s8 r0, q0, q1\n"
            "vmladava.s8 r2, q0, q2\n"
            "vmladava.s8 r4, q0, q3\n"
            "vmladava.s8 r6, q0, q4\n"
            "vldrb.u8 q1, [r3], #16\n"
            "vldrb.u8 q2, [r3], #16\n"
            "vldrb.u8 q3, [r3], #16\n"
            "vldrb.u8 q4, [r3], #16\n"
            "vmladava.s8 r8, q0, q1\n"
            "vmladava.s8 r10, q0, q2\n"
            "vmladava.s8 r12, q0, q3\n"
            "vmladava.s8 lr, q0, q4\n"
            "subs r7, r7, #1\n"
            "bne 2b\n"
            "vmov q0[2], q0[0], r0, r4\n"
            "vmov q0[3], q0[1], r2, r6\n"
            "vmov q1[2], q1[0], r8, r12\n"
            "vmov q1[3], q1[1], r10, lr\n"
            "vldrw.u32 q2, [r5], #16\n"
            "vldrw.u32 q3, [r5], #16\n"
            "vldrw.u32 q4, [r3], #16\n"
            "vldrw.u32 q5, [r3], #16\n"
            "vadd.i32 q0, q0, q6\n"
            "vadd.i32 q1, q1, q7\n"
            "vqrdmulh.s32 q0, q0, q2\n"
            "vqrdmulh.s32 q1, q1, q4\n"
            "vand q6, q0, q3\n"
            "vand q7, q1, q5\n"
            "vshr.s32 q6, q6, #31\n"
            "vshr.s32 q7, q7, #31\n"
            "vadd.i32 q0, q0, q6\n"
            "vadd.i32 q1, q1, q7\n"
            "ldrd r7, r0, [r11, #12]\n"
            "ldr r1, [r11, #8]\n"
            "vrshl.s32 q0, q0, q3\n"
            "vrshl.s32 q1, q1, q5\n"
            "vadd.i32 q0, q0, r0\n"
            "vadd.i32 q1, q1, r0\n"
            "vqmovnb.s32 q0, q0\n"
            "vqmovnb.s32 q1, q1\n"
            "vqmovnb.s16 q0, q0\n"
            "vqmovnb.s16 q1, q1\n"
            "mov r5, r3\n"
            "vstrb.32 q0, [r1], #4\n"
            "vstrb.32 q1, [r1], #4\n"
            "subs r7, r7, #2\n"
            "str r1, [r11, #8]\n"
            "str r7, [r11, #12]\n"
            "bne 1b\n"
            "mov r0, r5\n"
            "vpop {d8-d15}\n"
            "pop {r3-r11, pc}\n");
}

#else

[[gnu::always_inline]] inline signed char cell_of(int sum, int multiplier, int shift,
                                                  int zero) noexcept {
    return static_cast<signed char>(
        math::clamp(fixed::scaled(sum, {multiplier, shift}) + zero, -128, 127));
}

/// One pixel by a block of four filters; returns the block's end.
template <int = 0>
const byte* block_cells(const signed char* cells, int groups, int zero, const byte* weights,
                        signed char* to) noexcept {
    const byte* const factors = weights + 16 + 4LL * lanes * groups;
    for (int f = 0; f < 4; ++f) {
        int sum = dsp::load_word(weights + 4 * f);
        const byte* read = weights + 16 + lanes * f;
        for (int group = 0; group < groups; ++group, read += 4LL * lanes)
            for (int k = 0; k < lanes; ++k)
                sum += cells[group * lanes + k] * static_cast<signed char>(read[k]);
        to[f] = cell_of(sum, dsp::load_word(factors + 4 * f), dsp::load_word(factors + 16 + 4 * f),
                        zero);
    }
    return factors + 32;
}

template <int = 0> void tile(const tile_call& call, const byte* weights) noexcept {
    for (int p = 2 * call.pairs - 1; p >= 0; --p) {
        const byte* block = weights;
        for (int b = 0; b < call.blocks; ++b)
            block = block_cells(call.cells + p * call.step, call.groups, call.zero, block,
                                call.output + p * call.gap + 4 * b);
    }
}

template <int = 0> const byte* row_tile(row_call& call, const byte* weights) noexcept {
    for (; call.blocks > 0; --call.blocks, call.output += 4)
        weights = block_cells(call.cells, call.groups, call.zero, weights, call.output);
    return weights;
}

#endif

} // namespace ctnn::mve
