// SPDX-License-Identifier: BSL-1.0
// From reset to main on a Cortex-M: coprocessors on, .data copied, .bss cleared. Nothing here or in
// what it starts has static constructors; sections.ld refuses them.
#include "../semihosting.hpp"

extern "C" {
extern unsigned stack_top, data_begin, data_end, data_image, bss_begin, bss_end;
int main();
[[noreturn]] void reset() noexcept;
[[noreturn]] void fault() noexcept;
}

void reset() noexcept {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    // CPACR: full access to the floating point unit and the vector extension
    *reinterpret_cast<volatile unsigned*>(0xe000ed88) |= 0xfU << 20;
    asm volatile("dsb\nisb" ::: "memory");
#endif
#if defined(__ARM_FEATURE_MVE)
    // CCR: branch prediction and low-overhead loops
    *reinterpret_cast<volatile unsigned*>(0xe000ed14) |= 3U << 18;
    asm volatile("dsb\nisb" ::: "memory");
#endif
    // By volatile words: else the compiler calls memcpy, and a board may have none.
    const volatile unsigned* from = &data_image;
    for (volatile unsigned* to = &data_begin; to != &data_end;) *to++ = *from++;
    for (volatile unsigned* to = &bss_begin; to != &bss_end;) *to++ = 0;
    board::end(main());
}

void fault() noexcept { board::end(99); }

using handler = void (*)() noexcept;
struct vector_table {
    const void* stack;
    handler handlers[15];
};
// Reset, NMI, HardFault, MemManage, BusFault, UsageFault, SecureFault, 3 reserved, SVC,
// DebugMonitor, reserved, PendSV, SysTick
extern "C" [[gnu::section(".vectors")]] const vector_table vectors;
[[gnu::used]] const vector_table vectors{&stack_top,
                                         {reset, fault, fault, fault, fault, fault, fault, nullptr,
                                          nullptr, nullptr, fault, fault, nullptr, fault, fault}};
