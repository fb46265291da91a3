// SPDX-License-Identifier: BSL-1.0
// Cells that are copied and filled by vectors on Cortex-M55, and the same in plain C++.
#pragma once

#include <ctnn/kernels/machine/dsp.hpp>

namespace ctnn::mve {

/// A call of `copy_windows`: rows of the windows of two pixels, one after the other.
struct windows_call {
    signed char* to;
    const signed char* from; ///< the first row of the first window
    int room;                ///< from one copy to the other
    int gap;                 ///< from one window to the other
    int run;                 ///< cells of a row of a window
    int rows;
    int stride; ///< from one row to the next
    int before; ///< rows until they go on at the first of `rows` that are kept
};

#if defined(__ARM_FEATURE_MVE)

/// Copies the windows of two pixels.
template <int = 0> [[CTNN_OWN_BODY]] void copy_windows(const windows_call&) noexcept {
    __asm__("push {r4-r11, lr}\n"
            "ldm r0, {r0-r7}\n"
            "mul r8, r5, r6\n"
            "1:\n"
            "add r9, r0, r4\n"
            "mov r10, r1\n"
            "add r11, r1, r3\n"
            "add r12, r0, r2\n"
            "dlstp.8 lr, r4\n"
            "2:\n"
            "vldrb.u8 q0, [r10], #16\n"
            "vldrb.u8 q1, [r11], #16\n"
            "vstrb.8 q0, [r0], #16\n"
            "vstrb.8 q1, [r12], #16\n"
            "letp lr, 2b\n"
            "mov r0, r9\n"
            "add r1, r1, r6\n"
            "subs r7, r7, #1\n"
            "it eq\n"
            "subeq r1, r1, r8\n"
            "subs r5, r5, #1\n"
            "bne 1b\n"
            "pop {r4-r11, pc}\n");
}

/// Copies cells; returns the end of what it wrote.
template <int = 0>
[[CTNN_OWN_BODY]] signed char* copy(signed char*, const signed char*, int) noexcept {
    __asm__("push {r4, lr}\n"
            "add r3, r0, r2\n"
            "wlstp.8 lr, r2, 2f\n"
            "1:\n"
            "vldrb.u8 q0, [r1], #16\n"
            "vstrb.8 q0, [r0], #16\n"
            "letp lr, 1b\n"
            "2:\n"
            "mov r0, r3\n"
            "pop {r4, pc}\n");
}

/// Writes the low byte of a number to cells; returns their end.
template <int = 0> [[CTNN_OWN_BODY]] signed char* fill(signed char*, int, int) noexcept {
    __asm__("push {r4, lr}\n"
            "add r3, r0, r2\n"
            "vdup.8 q0, r1\n"
            "wlstp.8 lr, r2, 2f\n"
            "1:\n"
            "vstrb.8 q0, [r0], #16\n"
            "letp lr, 1b\n"
            "2:\n"
            "mov r0, r3\n"
            "pop {r4, pc}\n");
}

#else

template <int = 0> void copy_windows(const windows_call& call) noexcept {
    const signed char* from = call.from;
    for (int row = 0; row < call.rows; ++row) {
        signed char* const to = call.to + row * call.run;
        for (int k = 0; k < call.run; ++k) {
            to[k] = from[k];
            to[call.room + k] = from[call.gap + k];
        }
        from += call.stride;
        if (row + 1 == call.before) from -= call.rows * call.stride;
    }
}

template <int = 0> signed char* copy(signed char* to, const signed char* from, int count) noexcept {
    for (; count > 0; --count) *to++ = *from++;
    return to;
}
template <int = 0> signed char* fill(signed char* to, int cell, int count) noexcept {
    for (; count > 0; --count) *to++ = static_cast<signed char>(cell);
    return to;
}

#endif

} // namespace ctnn::mve
