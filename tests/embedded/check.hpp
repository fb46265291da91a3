// SPDX-License-Identifier: BSL-1.0
// What is left of a test framework on 16 KB of RAM. A program's exit status is 0 if nothing failed.
#pragma once

#include <board.hpp>

namespace check {

inline unsigned failures = 0;

inline void that(bool holds, const char* what) noexcept {
    if (holds) return;
    board::print("FAILED: ");
    board::print(what);
    board::print("\n");
    ++failures;
}

inline void equal(unsigned found, unsigned wanted, const char* what) noexcept {
    that(found == wanted, what);
    if (found == wanted) return;
    board::print("  is ");
    board::print(found);
    board::print(", should be ");
    board::print(wanted);
    board::print("\n");
}

/// How large an object is by the library's figures: check_image.py compares that with the image.
inline void bytes(const char* symbol, long long number) noexcept {
    board::print("bytes ");
    board::print(symbol);
    board::print(" ");
    board::print(static_cast<unsigned long long>(number));
    board::print("\n");
}

inline int status() noexcept {
    board::print(failures == 0 ? "all is right\n" : "something is wrong\n");
    return failures == 0 ? 0 : 1;
}

/// An address of which the compiler has forgotten what lies there, so that all happens at run time.
template <class Cell> const Cell* hidden(const Cell* cells) noexcept {
    asm volatile("" : "+r"(cells) : : "memory");
    return cells;
}

} // namespace check
