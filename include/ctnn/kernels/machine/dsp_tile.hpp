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

/// A call of `row_tile`: one pixel by blocks of eight filters, each of which is stored as a word.
struct row_call {
    const int* lanes;
    const int* end; ///< a multiple of 4 words later
    signed char* output;
    int blocks;
    int zero;
};

/// A sum times its factor, plus zero: `multiplier` is twice the factor's, and `power` 2^32 over
/// what it is divided by.
[[gnu::always_inline]] inline int scaled(int sum, int multiplier, int power, int zero) noexcept {
    const int high = add_high_product(sum, multiplier, sum);
    return add_high_product(wrapped_sum(high, high >> 31), power, zero);
}

/// Four numbers as cells of int8, once 128 is taken away.
[[gnu::always_inline]] inline int cells_of(int first, int second, int third, int fourth) noexcept {
    const auto even = static_cast<unsigned>(saturated_bytes(low_halves(first, third)));
    const auto odd = static_cast<unsigned>(saturated_bytes(low_halves(second, fourth)));
    return static_cast<int>((even | odd << 8) ^ 0x80808080U);
}

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
template <int = 0>
[[gnu::naked, gnu::noinline]] const byte* tile(const tile_call&, const byte*) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "ldmia r0, {r2-r7}\n"
            "push {r2-r7}\n"
            "1:\n"
            "ldmia r1!, {r2, r4, r6, r8}\n"
            "mov r3, r2\n"
            "mov r5, r4\n"
            "mov r7, r6\n"
            "mov r9, r8\n"
            "ldr r0, [sp]\n"
            "2:\n" CTNN_STEP CTNN_STEP CTNN_STEP CTNN_STEP "ldr r12, [sp, #4]\n"
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
            "add sp, sp, #24\n"
            "pop {r4-r11, pc}\n");
}

#undef CTNN_STEP

/// Cells of two pixels, a word of either at a time, as pairs; returns the end of the lanes.
template <int = 0>
[[gnu::naked, gnu::noinline]] int* widen(int*, const signed char*, const signed char*,
                                         int) noexcept {
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

#else

template <int = 0> const byte* tile(const tile_call& call, const byte* weights) noexcept {
    signed char* first = call.first;
    signed char* second = call.second;
    for (int block = 0; block < call.blocks; ++block, first += 4, second += 4) {
        int sums[2][4];
        for (int f = 0; f < 4; ++f, weights += 4) sums[0][f] = sums[1][f] = load_word(weights);
        for (const int* lanes = call.lanes; lanes != call.end; lanes += 2)
            for (int f = 0; f < 4; f += 2, weights += 4) {
                const int both = load_word(weights);
                for (int p = 0; p < 2; ++p) {
                    sums[p][f + 1] = multiply_add(lanes[p], both, sums[p][f + 1]);
                    sums[p][f] = multiply_add(lanes[p], even_bytes(both), sums[p][f]);
                }
            }
        for (int f = 0; f < 4; ++f, weights += 4)
            for (int p = 0; p < 2; ++p) {
                if (f % 2 == 1) sums[p][f] = second_sum(sums[p][f], sums[p][f - 1]);
            }
        weights -= 16;
        for (int f = 0; f < 4; ++f, weights += 4)
            for (int p = 0; p < 2; ++p)
                sums[p][f] =
                    scaled(sums[p][f], load_word(weights), load_word(weights + 16), call.zero);
        weights += 16;
        store_word(second, cells_of(sums[1][0], sums[1][1], sums[1][2], sums[1][3]));
        store_word(first, cells_of(sums[0][0], sums[0][1], sums[0][2], sums[0][3]));
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
