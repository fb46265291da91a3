// SPDX-License-Identifier: BSL-1.0
// From reset to main on a RISC-V: stack, floating point unit, .bss. The image is loaded to where it
// runs.
#include "../semihosting.hpp"

extern "C" {
extern unsigned bss_begin, bss_end;
int main();
[[noreturn, gnu::used]] void begin() noexcept;
[[noreturn, gnu::used]] void fault() noexcept;
}

asm(".section .text.reset, \"ax\"\n"
    ".globl reset\n"
    ".option push\n.option arch, +zicsr\n"
    ".balign 4\n"
    "reset:\n"
    ".option push\n.option norelax\n la gp, __global_pointer$\n.option pop\n"
    " la sp, stack_top\n"
    " la t0, fault\n"
    " csrw mtvec, t0\n"
#if defined(__riscv_flen)
    " li t0, 0x2000\n" // mstatus.FS: initial
    " csrs mstatus, t0\n"
    " csrw fcsr, zero\n"
#endif
    " j begin\n"
    ".option pop\n"
    ".text\n");

void begin() noexcept {
    for (volatile unsigned* to = &bss_begin; to != &bss_end;) *to++ = 0;
    board::end(main());
}

[[gnu::aligned(4)]] void fault() noexcept { board::end(99); }
