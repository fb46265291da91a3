// SPDX-License-Identifier: BSL-1.0
#include "terminal.hpp"

#include <cstdio>

namespace digits {

namespace {

/// The character for a grey value, from paper to ink. A character is about twice as high as wide,
/// so one stands for two rows.
char ink(int first, int second) noexcept {
    static constexpr char shades[] = " .:-=+*#%@";
    return shades[(first + second) / 2 * 10 / 256];
}

} // namespace

void draw(std::span<const reading> readings) {
    for (int row = 0; row < rows; row += 2) {
        for (const reading& each : readings) {
            const unsigned char* cell = image(each.index) + row * columns;
            std::printf("  ");
            for (int column = 0; column < columns; ++column)
                std::printf("%c", ink(cell[column], cell[columns + column]));
        }
        std::printf("\n");
    }
    for (const reading& each : readings)
        std::printf("  %d, read as %d (%5.1f %%)%*s", each.label, each.read,
                    static_cast<double>(each.probability) * 100, columns - 22, "");
    std::printf("\n\n");
}

} // namespace digits
