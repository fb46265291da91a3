// SPDX-License-Identifier: BSL-1.0
// What a test program asks of the machine that it runs on. It ends by returning from main: its
// result is the exit status of the emulator, too.
#pragma once

namespace board {

/// Writes text to the terminal of who started the program.
void print(const char* line) noexcept;

/// Writes a number, in decimal digits.
inline void print(unsigned long long number) noexcept {
    char digits[24]{};
    int at = 23;
    do {
        digits[--at] = static_cast<char>('0' + static_cast<int>(number % 10));
        number /= 10;
    } while (number != 0);
    print(digits + at);
}

} // namespace board
