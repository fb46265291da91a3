// SPDX-License-Identifier: BSL-1.0
// Calls of the machine that emulates or debugs this one ("Semihosting for AArch32 and AArch64",
// Arm; "RISC-V Semihosting"). Nothing else of a board is needed to print and to end.
#pragma once

namespace board {

inline constexpr unsigned write_text = 0x04;    // SYS_WRITE0
inline constexpr unsigned exit_extended = 0x20; // SYS_EXIT_EXTENDED
inline constexpr unsigned long exit_by_program = 0x20026;

inline void call_host(unsigned operation, const void* argument) noexcept {
#if defined(__arm__)
    register unsigned r0 asm("r0") = operation;
    register const void* r1 asm("r1") = argument;
    asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory", "cc");
#elif defined(__riscv)
    register unsigned long a0 asm("a0") = operation;
    register const void* a1 asm("a1") = argument;
    // The three words are the call: uncompressed, and in one page.
    asm volatile(".option push\n.option norvc\n.balign 16\n"
                 "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                 : "+r"(a0)
                 : "r"(a1)
                 : "memory");
#endif
}

[[noreturn]] inline void end(int status) noexcept {
    const unsigned long reason[]{exit_by_program, static_cast<unsigned long>(status)};
    for (;;) call_host(exit_extended, reason);
}

} // namespace board
