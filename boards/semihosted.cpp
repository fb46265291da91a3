// SPDX-License-Identifier: BSL-1.0
#include "board.hpp"
#include "semihosting.hpp"

void board::print(const char* line) noexcept { call_host(write_text, line); }
