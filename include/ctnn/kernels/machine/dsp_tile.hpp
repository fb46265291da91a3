// SPDX-License-Identifier: BSL-1.0
// What Cortex-M's own loops do on pairs of 16-bit numbers. They are functions written in
// instructions throughout, since they use all registers that there are; the plain C++ beside each
// does the same on other machines.
//
// Two filters share a pair of weights: w0 + 256 * w1 for each of two cells of a window. Multiplied
// as it is, a word gives the sum s0 + 256 * s1; its low bytes alone give s0, and s1 is what
// remains, as long as it is less than 2^23 in size.
#pragma once

#include <ctnn/kernels/machine/dsp.hpp>

namespace ctnn::dsp {

using byte = unsigned char;

/// A call of `tile`: two pixels by blocks of four filters.
struct tile_call {
    const int* lanes; ///< for each pair of cells of the window a word of either pixel
    const int* end;   ///< a multiple of 8 words later
    signed char* first;
    signed char* second; ///< may be the first
    int blocks;
    int zero; ///< the output's zero point + 128
};

/// A call of `row_tile`: one pixel by blocks of eight filters.
struct row_call {
    const signed char* cells;
    const signed char* end; ///< a multiple of 8 cells later
    signed char* output;
    int blocks;
    int zero;
};

/// The sum of the second filter of a pair, from that of the pair and that of the first.
[[gnu::always_inline]] inline int second_sum(int both, int first) noexcept {
    return static_cast<int>(static_cast<unsigned>(both) - static_cast<unsigned>(first)) >> 8;
}

#if defined(CTNN_HAS_DSP) && defined(__thumb2__)

#define CTNN_STEP                                                                                  \
    "ldmia r1!, {r12, lr}\n"                                                                       \
    "ldmia r0!, {r10, r11}\n"                                                                      \
    "smlad r4, r10, r12, r4\n"                                                                     \
    "smlad r5, r11, r12, r5\n"                                                                     \
    "sxtb16 r12, r12\n"                                                                            \
    "smlad r8, r10, lr, r8\n"                                                                      \
    "smlad r9, r11, lr, r9\n"                                                                      \
    "sxtb16 lr, lr\n"                                                                              \
    "smlad r2, r10, r12, r2\n"                                                                     \
    "smlad r3, r11, r12, r3\n"                                                                     \
    "smlad r6, r10, lr, r6\n"                                                                      \
    "smlad r7, r11, lr, r7\n"

/// Sums, scales and stores; returns the end of what it read of the weights.
template <int = 0> [[CTNN_OWN_BODY]] const byte* tile(const tile_call&, const byte*) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "ldmia r0, {r2-r7}\n"
            // Eight steps in a round; the first round may be of four.
            "sub r8, r3, r2\n"
            "adr r9, 2f\n"
            "tst r8, #32\n"
            "it ne\n"
            "addne r9, r9, #(4f - 2f)\n"
            "orr r8, r9, #1\n"
            "push {r2-r8}\n"
            "1:\n"
            "ldmia r1!, {r2, r4, r6, r8}\n"
            "mov r3, r2\n"
            "mov r5, r4\n"
            "mov r7, r6\n"
            "mov r9, r8\n"
            "ldr r12, [sp, #24]\n"
            "ldr r0, [sp]\n"
            "bx r12\n"
            ".balign 4\n"
            "2:\n" CTNN_STEP CTNN_STEP CTNN_STEP CTNN_STEP
            "4:\n" CTNN_STEP CTNN_STEP CTNN_STEP CTNN_STEP "ldr r12, [sp, #4]\n"
            "cmp r0, r12\n"
            "bne 2b\n"
            "ldmia r1!, {r10, r11, r12, lr}\n"
            "sub r4, r4, r2\n"
            "sub r5, r5, r3\n"
            "sub r8, r8, r6\n"
            "sub r9, r9, r7\n"
            "asr r4, r4, #8\n"
            "asr r5, r5, #8\n"
            "asr r8, r8, #8\n"
            "asr r9, r9, #8\n"
            "ldr r0, [sp, #20]\n"
            "smmlar r2, r2, r10, r2\n"
            "smmlar r3, r3, r10, r3\n"
            "smmlar r4, r4, r11, r4\n"
            "smmlar r5, r5, r11, r5\n"
            "smmlar r6, r6, r12, r6\n"
            "smmlar r7, r7, r12, r7\n"
            "smmlar r8, r8, lr, r8\n"
            "smmlar r9, r9, lr, r9\n"
            "ldmia r1!, {r10, r11, r12, lr}\n"
            // What is negative is kept at the zero point then, however it is rounded.
            "cbz r0, 3f\n"
            "add r2, r2, r2, asr #31\n"
            "add r3, r3, r3, asr #31\n"
            "add r4, r4, r4, asr #31\n"
            "add r5, r5, r5, asr #31\n"
            "add r6, r6, r6, asr #31\n"
            "add r7, r7, r7, asr #31\n"
            "add r8, r8, r8, asr #31\n"
            "add r9, r9, r9, asr #31\n"
            "3:\n"
            "smmlar r2, r2, r10, r0\n"
            "smmlar r3, r3, r10, r0\n"
            "smmlar r4, r4, r11, r0\n"
            "smmlar r5, r5, r11, r0\n"
            "smmlar r6, r6, r12, r0\n"
            "smmlar r7, r7, r12, r0\n"
            "smmlar r8, r8, lr, r0\n"
            "smmlar r9, r9, lr, r0\n"
            "ldr r0, [sp, #16]\n"
            "ldrd r10, r11, [sp, #8]\n"
            "pkhbt r2, r2, r6, lsl #16\n"
            "pkhbt r3, r3, r7, lsl #16\n"
            "pkhbt r4, r4, r8, lsl #16\n"
            "pkhbt r5, r5, r9, lsl #16\n"
            "usat16 r2, #8, r2\n"
            "usat16 r3, #8, r3\n"
            "usat16 r4, #8, r4\n"
            "usat16 r5, #8, r5\n"
            "orr r2, r2, r4, lsl #8\n"
            "orr r3, r3, r5, lsl #8\n"
            "eor r2, r2, #0x80808080\n"
            "eor r3, r3, #0x80808080\n"
            "str r3, [r11], #4\n"
            "str r2, [r10], #4\n"
            "strd r10, r11, [sp, #8]\n"
            "subs r0, r0, #1\n"
            "str r0, [sp, #16]\n"
            "bne 1b\n"
            "mov r0, r1\n"
            "add sp, sp, #28\n"
            "pop {r4-r11, pc}\n");
}

#undef CTNN_STEP

#define CTNN_STEP(X)                                                                               \
    "ldmia r1!, {r10, r11}\n"                                                                      \
    "sxtb16 r12, " X "\n"                                                                          \
    "smlad r3, r12, r10, r3\n"                                                                     \
    "smlad r5, r12, r11, r5\n"                                                                     \
    "sxtb16 r10, r10\n"                                                                            \
    "sxtb16 r11, r11\n"                                                                            \
    "smlad r2, r12, r10, r2\n"                                                                     \
    "smlad r4, r12, r11, r4\n"                                                                     \
    "ldmia r1!, {r10, r11}\n"                                                                      \
    "smlad r7, r12, r10, r7\n"                                                                     \
    "smlad r9, r12, r11, r9\n"                                                                     \
    "sxtb16 r10, r10\n"                                                                            \
    "sxtb16 r11, r11\n"                                                                            \
    "smlad r6, r12, r10, r6\n"                                                                     \
    "smlad r8, r12, r11, r8\n"

/// The same for one pixel by blocks of eight filters.
template <int = 0> [[CTNN_OWN_BODY]] const byte* row_tile(const row_call&, const byte*) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "ldmia r0, {r2-r6}\n"
            "push {r2-r6}\n"
            "1:\n"
            "ldmia r1!, {r2-r9}\n"
            "ldr r0, [sp]\n"
            "2:\n"
            "ldr lr, [r0], #4\n" CTNN_STEP("lr")
                CTNN_STEP("lr, ror #8") "ldr lr, [r0], #4\n" CTNN_STEP("lr")
                    CTNN_STEP("lr, ror #8") "ldr r12, [sp, #4]\n"
                                            "cmp r0, r12\n"
                                            "bne 2b\n"
                                            "sub r3, r3, r2\n"
                                            "sub r5, r5, r4\n"
                                            "sub r7, r7, r6\n"
                                            "sub r9, r9, r8\n"
                                            "asr r3, r3, #8\n"
                                            "asr r5, r5, #8\n"
                                            "asr r7, r7, #8\n"
                                            "asr r9, r9, #8\n"
                                            "ldmia r1!, {r10, r11, r12, lr}\n"
                                            "smmlar r2, r2, r10, r2\n"
                                            "smmlar r3, r3, r11, r3\n"
                                            "smmlar r4, r4, r12, r4\n"
                                            "smmlar r5, r5, lr, r5\n"
                                            "ldmia r1!, {r10, r11, r12, lr}\n"
                                            "smmlar r6, r6, r10, r6\n"
                                            "smmlar r7, r7, r11, r7\n"
                                            "smmlar r8, r8, r12, r8\n"
                                            "smmlar r9, r9, lr, r9\n"
                                            "add r2, r2, r2, asr #31\n"
                                            "add r3, r3, r3, asr #31\n"
                                            "add r4, r4, r4, asr #31\n"
                                            "add r5, r5, r5, asr #31\n"
                                            "add r6, r6, r6, asr #31\n"
                                            "add r7, r7, r7, asr #31\n"
                                            "add r8, r8, r8, asr #31\n"
                                            "add r9, r9, r9, asr #31\n"
                                            "ldr r0, [sp, #16]\n"
                                            "ldmia r1!, {r10, r11, r12, lr}\n"
                                            "smmlar r2, r2, r10, r0\n"
                                            "smmlar r3, r3, r11, r0\n"
                                            "smmlar r4, r4, r12, r0\n"
                                            "smmlar r5, r5, lr, r0\n"
                                            "ldmia r1!, {r10, r11, r12, lr}\n"
                                            "smmlar r6, r6, r10, r0\n"
                                            "smmlar r7, r7, r11, r0\n"
                                            "smmlar r8, r8, r12, r0\n"
                                            "smmlar r9, r9, lr, r0\n"
                                            "ldrd r10, r11, [sp, #8]\n"
                                            "pkhbt r2, r2, r4, lsl #16\n"
                                            "pkhbt r3, r3, r5, lsl #16\n"
                                            "pkhbt r6, r6, r8, lsl #16\n"
                                            "pkhbt r7, r7, r9, lsl #16\n"
                                            "usat16 r2, #8, r2\n"
                                            "usat16 r3, #8, r3\n"
                                            "usat16 r6, #8, r6\n"
                                            "usat16 r7, #8, r7\n"
                                            "orr r2, r2, r3, lsl #8\n"
                                            "orr r3, r6, r7, lsl #8\n"
                                            "eor r2, r2, #0x80808080\n"
                                            "eor r3, r3, #0x80808080\n"
                                            "str r2, [r10], #4\n"
                                            "str r3, [r10], #4\n"
                                            "subs r11, r11, #1\n"
                                            "strd r10, r11, [sp, #8]\n"
                                            "bne 1b\n"
                                            "mov r0, r1\n"
                                            "add sp, sp, #20\n"
                                            "pop {r4-r11, pc}\n");
}

#undef CTNN_STEP

/// Cells of two pixels, a word of either at a time, as pairs; returns the end of the lanes.
template <int = 0>
[[CTNN_OWN_BODY]] int* widen(int*, const signed char*, const signed char*, int) noexcept {
    __asm__("push {r4-r7}\n"
            "tst r3, #1\n"
            "bne 2f\n"
            "1:\n"
            "ldr r6, [r1], #4\n"
            "ldr r7, [r2], #4\n"
            "sxtb16 r4, r6\n"
            "sxtb16 r5, r7\n"
            "sxtb16 r6, r6, ror #8\n"
            "sxtb16 r7, r7, ror #8\n"
            "stmia r0!, {r4-r7}\n"
            "2:\n"
            "ldr r6, [r1], #4\n"
            "ldr r7, [r2], #4\n"
            "sxtb16 r4, r6\n"
            "sxtb16 r5, r7\n"
            "sxtb16 r6, r6, ror #8\n"
            "sxtb16 r7, r7, ror #8\n"
            "stmia r0!, {r4-r7}\n"
            "subs r3, r3, #2\n"
            "bgt 1b\n"
            "pop {r4-r7}\n"
            "bx lr\n");
}

/// Copies cells, of which there are few; returns the end of what it wrote.
template <int = 0>
[[CTNN_OWN_BODY]] signed char* copy(signed char*, const signed char*, int) noexcept {
    __asm__("subs r2, r2, #4\n"
            "blt 2f\n"
            "1:\n"
            "ldr r3, [r1], #4\n"
            "str r3, [r0], #4\n"
            "subs r2, r2, #4\n"
            "bge 1b\n"
            "2:\n"
            "adds r2, r2, #4\n"
            "beq 4f\n"
            "3:\n"
            "ldrb r3, [r1], #1\n"
            "strb r3, [r0], #1\n"
            "subs r2, r2, #1\n"
            "bne 3b\n"
            "4:\n"
            "bx lr\n");
}

/// Writes the low byte of a number to a few cells; returns their end.
template <int = 0> [[CTNN_OWN_BODY]] signed char* fill(signed char*, int, int) noexcept {
    __asm__("and r1, r1, #255\n"
            "orr r1, r1, r1, lsl #8\n"
            "orr r1, r1, r1, lsl #16\n"
            "subs r2, r2, #4\n"
            "blt 2f\n"
            "1:\n"
            "str r1, [r0], #4\n"
            "subs r2, r2, #4\n"
            "bge 1b\n"
            "2:\n"
            "adds r2, r2, #4\n"
            "beq 4f\n"
            "3:\n"
            "strb r1, [r0], #1\n"
            "subs r2, r2, #1\n"
            "bne 3b\n"
            "4:\n"
            "bx lr\n");
}

#else

template <int = 0> signed char* copy(signed char* to, const signed char* from, int count) noexcept {
    for (; count > 0; --count) *to++ = *from++;
    return to;
}

template <int = 0> signed char* fill(signed char* to, int cell, int count) noexcept {
    for (; count > 0; --count) *to++ = static_cast<signed char>(cell);
    return to;
}

/// A word of the cells of some pixels by a block of filters.
template <int Pixels, int Block>
const byte* add_products(const int* lanes, const byte* weights, int (&sums)[Pixels][Block]) {
    for (int f = 0; f < Block; f += 2, weights += 4) {
        const int both = load_word(weights);
        for (int p = 0; p < Pixels; ++p) {
            sums[p][f + 1] = multiply_add(lanes[p], both, sums[p][f + 1]);
            sums[p][f] = multiply_add(lanes[p], even_bytes(both), sums[p][f]);
        }
    }
    return weights;
}

/// Scaled sums of one pixel: four in a word.
template <int Block>
void finish_block(int (&sums)[Block], const byte* factors, int zero, signed char* to) noexcept {
    for (int f = 0; f < Block; f += 2) sums[f + 1] = second_sum(sums[f + 1], sums[f]);
    for (int f = 0; f < Block; ++f)
        sums[f] =
            scaled(sums[f], load_word(factors + 4 * f), load_word(factors + 4 * (Block + f)), zero);
    for (int f = 0; f < Block; f += 4)
        store_word(to + f, cells_of(sums[f], sums[f + 1], sums[f + 2], sums[f + 3]));
}

template <int = 0> const byte* tile(const tile_call& call, const byte* weights) noexcept {
    for (int block = 0; block < call.blocks; ++block, weights += 32) {
        int sums[2][4];
        for (int f = 0; f < 4; ++f, weights += 4) sums[0][f] = sums[1][f] = load_word(weights);
        for (const int* lanes = call.lanes; lanes != call.end; lanes += 2)
            weights = add_products(lanes, weights, sums);
        finish_block(sums[1], weights, call.zero, call.second + 4 * block);
        finish_block(sums[0], weights, call.zero, call.first + 4 * block);
    }
    return weights;
}

template <int = 0> const byte* row_tile(const row_call& call, const byte* weights) noexcept {
    for (int block = 0; block < call.blocks; ++block, weights += 64) {
        int sums[1][8];
        for (int f = 0; f < 8; ++f, weights += 4) sums[0][f] = load_word(weights);
        for (const signed char* cells = call.cells; cells != call.end; cells += 4) {
            const int pairs[]{even_bytes(load_word(cells)), odd_bytes(load_word(cells))};
            for (const int pair : pairs) weights = add_products<1, 8>(&pair, weights, sums);
        }
        finish_block(sums[0], weights, call.zero, call.output + 8 * block);
    }
    return weights;
}

template <int = 0>
int* widen(int* lanes, const signed char* first, const signed char* second, int words) noexcept {
    for (int i = 0; i < words; ++i, first += 4, second += 4) {
        const int one = load_word(first);
        const int other = load_word(second);
        *lanes++ = even_bytes(one);
        *lanes++ = even_bytes(other);
        *lanes++ = odd_bytes(one);
        *lanes++ = odd_bytes(other);
    }
    return lanes;
}

#endif

} // namespace ctnn::dsp
