// SPDX-License-Identifier: BSL-1.0
// Sums of two tensors of int8 on Cortex-M55, four cells at a time, and the same in plain C++.
#pragma once

#include <ctnn/kernels/machine/mve_tile.hpp>

namespace ctnn::mve {

/// A call of `sum`. Shifts are 0 or less.
struct sum_call {
    signed char* output;
    const signed char* first;
    const signed char* second;
    int first_start; ///< less its zero point
    int first_multiplier;
    int first_shift;
    int second_start;
    int second_multiplier;
    int second_shift;
    int multiplier;
    int shift; ///< not 0
    int zero;
    int count; ///< of cells, a multiple of 4
};

#if defined(__ARM_FEATURE_MVE)

template <int = 0> [[CTNN_OWN_BODY]] void sum(const sum_call&) noexcept {
    __asm__("push {r3-r11, lr}\n"
            "vpush {d8-d15}\n"
            "mov r12, r0\n"
            "ldr r1, [r12, #20]\n"
            "ldr r2, [r12, #32]\n"
            "vdup.32 q3, r1\n"
            "vdup.32 q4, r2\n"
            "ldmia r12, {r0-r11}\n"
            "ldr r12, [r12, #48]\n"
            "lsr r12, r12, #2\n"
            "dls lr, r12\n"
            "1:\n"
            "vldrb.s32 q0, [r1], #4\n"
            "vldrb.s32 q1, [r2], #4\n"
            "vadd.i32 q0, q0, r3\n"
            "vadd.i32 q1, q1, r6\n"
            "vshl.i32 q0, q0, #20\n"
            "vshl.i32 q1, q1, #20\n"
            "vqrdmulh.s32 q0, q0, r4\n"
            "vqrdmulh.s32 q1, q1, r7\n"
            "vand q2, q0, q3\n"
            "vshr.s32 q2, q2, #31\n"
            "vadd.i32 q0, q0, q2\n"
            "vand q2, q1, q4\n"
            "vshr.s32 q2, q2, #31\n"
            "vadd.i32 q1, q1, q2\n"
            "vrshl.s32 q0, r5\n"
            "vrshl.s32 q1, r8\n"
            "vadd.i32 q0, q0, q1\n"
            "vqrdmulh.s32 q0, q0, r9\n"
            "vshr.s32 q2, q0, #31\n"
            "vadd.i32 q0, q0, q2\n"
            "vrshl.s32 q0, r10\n"
            "vadd.i32 q0, q0, r11\n"
            "vqmovnb.s32 q0, q0\n"
            "vqmovnb.s16 q0, q0\n"
            "vstrb.32 q0, [r0], #4\n"
            "le lr, 1b\n"
            "vpop {d8-d15}\n"
            "pop {r3-r11, pc}\n");
}

#else

template <int = 0> void sum(const sum_call& call) noexcept {
    for (int i = 0; i < call.count; ++i) {
        const int first = fixed::scaled((call.first[i] + call.first_start) * (1 << 20),
                                        {call.first_multiplier, call.first_shift});
        const int second = fixed::scaled((call.second[i] + call.second_start) * (1 << 20),
                                         {call.second_multiplier, call.second_shift});
        call.output[i] = cell_of(first + second, call.multiplier, call.shift, call.zero);
    }
}

#endif

} // namespace ctnn::mve
