// SPDX-License-Identifier: BSL-1.0
// How deep the stack was: the memory between .bss and the stack is filled with a pattern before,
// and looked at after. For machines without an operating system.
#pragma once

extern "C" unsigned stack_low, stack_top;

namespace board {

inline constexpr unsigned painted = 0xa5c3e187;

/// Fills what lies below the caller's frame.
[[gnu::noinline]] inline volatile unsigned* paint_stack() noexcept {
    // What this function needs itself lies within 64 bytes of its frame.
    auto* const top = static_cast<volatile unsigned*>(__builtin_frame_address(0)) - 16;
    for (volatile unsigned* word = &stack_low; word < top; ++word) *word = painted;
    return top;
}

/// Bytes of stack below `top` that were written to since.
inline unsigned used_below(const volatile unsigned* top) noexcept {
    const volatile unsigned* word = &stack_low;
    while (word < top && *word == painted) ++word;
    return static_cast<unsigned>(top - word) * 4;
}

} // namespace board
