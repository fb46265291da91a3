// SPDX-License-Identifier: BSL-1.0
// A machine with an operating system and its C library.
#include "board.hpp"

#include <cstdio>

void board::print(const char* line) noexcept {
    std::fputs(line, stdout);
    std::fflush(stdout);
}
