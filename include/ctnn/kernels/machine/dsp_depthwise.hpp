// SPDX-License-Identifier: BSL-1.0
// Depthwise convolutions on pairs of 16-bit numbers: a word holds one channel's cells of two rows
// of the map, one above the other; four channels lie side by side. As in dsp_tile.hpp, what
// Cortex-M does is written in instructions throughout, and beside it in plain C++.
#pragma once

#include <ctnn/kernels/machine/dsp_tile.hpp>

namespace ctnn::dsp {

/// A call of `join_rows`: words of four cells from two rows.
struct rows_call {
    const signed char* first;
    const signed char* second;
    int count;
    int first_step; ///< bytes from one to the next
    int second_step;
};

/// A call of `depthwise_row`: four channels of a row of the output.
struct depthwise_call {
    const int* first;  ///< the window of the first pixel: words of its upper pair of rows
    const int* second; ///< and of its lower one
    int step;          ///< bytes from a pixel's window to the next
    const int* end;    ///< where `first` is after the last pixel
    signed char* output;
    int stride;         ///< bytes from a pixel to the next
    const int* numbers; ///< what sums begin with, weights, multipliers, powers
    int zero;
};

/// Two words of four cells each as four words, one for each channel.
[[gnu::always_inline]] inline void join_words(int first, int second, int* to) noexcept {
    const int even[]{even_bytes(first), even_bytes(second)};
    const int odd[]{odd_bytes(first), odd_bytes(second)};
    to[0] = low_halves(even[0], even[1]);
    to[1] = low_halves(odd[0], odd[1]);
    to[2] = high_halves(even[0], even[1]);
    to[3] = high_halves(odd[0], odd[1]);
}

/// Pixels of a row by windows of any size: `pairs` of rows, `taps` of each.
template <class Finish>
[[gnu::always_inline]] inline void depthwise_pixels(const depthwise_call& call,
                                                    const int* const* rows, int pairs, int taps,
                                                    Finish finish) noexcept {
    signed char* output = call.output;
    const int step = call.step / 4;
    const int length = static_cast<int>(call.end - call.first);
    for (int x = 0; x < length; x += step, output += call.stride) {
        const int* weights = call.numbers + 4;
        int sums[4]{call.numbers[0], call.numbers[1], call.numbers[2], call.numbers[3]};
        for (int pair = 0; pair < pairs; ++pair) {
            const int* read = rows[pair] + x;
            for (int tap = 0; tap < taps; ++tap, read += 4, weights += 4)
                for (int c = 0; c < 4; ++c) sums[c] = multiply_add(read[c], weights[c], sums[c]);
        }
        finish(sums, weights, output);
    }
}

#if defined(CTNN_HAS_DSP) && defined(__thumb2__)

template <int = 0> [[CTNN_OWN_BODY]] void join_rows(int*, const rows_call&) noexcept {
    __asm__("push {r4-r10}\n"
            "ldmia r1, {r1-r5}\n"
            "1:\n"
            "ldr r10, [r1]\n"
            "ldr r12, [r2]\n"
            "add r1, r1, r4\n"
            "add r2, r2, r5\n"
            "sxtb16 r6, r10\n"
            "sxtb16 r9, r12\n"
            "sxtb16 r10, r10, ror #8\n"
            "sxtb16 r12, r12, ror #8\n"
            "pkhbt r7, r6, r9, lsl #16\n"
            "pkhbt r8, r10, r12, lsl #16\n"
            "pkhtb r9, r9, r6, asr #16\n"
            "pkhtb r10, r12, r10, asr #16\n"
            "stmia r0!, {r7-r10}\n"
            "subs r3, r3, #1\n"
            "bne 1b\n"
            "pop {r4-r10}\n"
            "bx lr\n");
}

#define CTNN_TAP                                                                                   \
    "ldmia r0!, {r6-r9}\n"                                                                         \
    "ldmia r1!, {r10, r11, r12, lr}\n"                                                             \
    "smlad r2, r6, r10, r2\n"                                                                      \
    "smlad r3, r7, r11, r3\n"                                                                      \
    "smlad r4, r8, r12, r4\n"                                                                      \
    "smlad r5, r9, lr, r5\n"

/// Windows of three rows by three columns, in two pairs of rows.
template <int = 0> [[CTNN_OWN_BODY]] void depthwise_row(const depthwise_call&) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "ldmia r0, {r2-r9}\n"
            "push {r2-r9}\n"
            "mov r0, r2\n"
            "1:\n"
            "ldr r1, [sp, #24]\n"
            "ldmia r1!, {r2-r5}\n" CTNN_TAP CTNN_TAP CTNN_TAP
            "ldr r0, [sp, #4]\n" CTNN_TAP CTNN_TAP CTNN_TAP "ldr r0, [sp, #28]\n"
            "ldmia r1!, {r6-r9}\n"
            "ldmia r1!, {r10, r11, r12, lr}\n"
            "smmlar r2, r2, r6, r2\n"
            "smmlar r3, r3, r7, r3\n"
            "smmlar r4, r4, r8, r4\n"
            "smmlar r5, r5, r9, r5\n"
            "ldm sp, {r6-r9}\n"
            "cbz r0, 2f\n"
            "add r2, r2, r2, asr #31\n"
            "add r3, r3, r3, asr #31\n"
            "add r4, r4, r4, asr #31\n"
            "add r5, r5, r5, asr #31\n"
            "2:\n"
            "smmlar r2, r2, r10, r0\n"
            "smmlar r3, r3, r11, r0\n"
            "smmlar r4, r4, r12, r0\n"
            "smmlar r5, r5, lr, r0\n"
            "ldrd r10, r11, [sp, #16]\n"
            "pkhbt r2, r2, r4, lsl #16\n"
            "pkhbt r3, r3, r5, lsl #16\n"
            "usat16 r2, #8, r2\n"
            "usat16 r3, #8, r3\n"
            "orr r2, r2, r3, lsl #8\n"
            "eor r2, r2, #0x80808080\n"
            "str r2, [r10]\n"
            "add r10, r10, r11\n"
            "str r10, [sp, #16]\n"
            "add r0, r6, r8\n"
            "add r7, r7, r8\n"
            "strd r0, r7, [sp]\n"
            "cmp r0, r9\n"
            "bne 1b\n"
            "add sp, sp, #32\n"
            "pop {r4-r11, pc}\n");
}

#undef CTNN_TAP

#else

/// A call of its own here too: what clang 19 makes of it inlined is wrong on some machines (Zen 5).
template <int = 0> [[gnu::noinline]] void join_rows(int* to, const rows_call& call) noexcept {
    for (int i = 0; i < call.count; ++i, to += 4)
        join_words(load_word(call.first + i * call.first_step),
                   load_word(call.second + i * call.second_step), to);
}

template <int = 0> void depthwise_row(const depthwise_call& call) noexcept {
    const int* const rows[]{call.first, call.second};
    depthwise_pixels(call, rows, 2, 3,
                     [&](const int* sums, const int* numbers, signed char* to) noexcept {
                         int cells[4];
                         for (int c = 0; c < 4; ++c)
                             cells[c] = scaled(sums[c], numbers[c], numbers[4 + c], call.zero);
                         store_word(to, cells_of(cells[0], cells[1], cells[2], cells[3]));
                     });
}

#endif

} // namespace ctnn::dsp
