// SPDX-License-Identifier: BSL-1.0
#include "confusion.hpp"

#include <cstdio>

namespace digits {

void print_confusion(std::span<const reading> readings) {
    int counts[classes][classes]{};
    for (const reading& each : readings) ++counts[each.label][each.read];

    std::printf("Confusion matrix (rows: the digit, columns: what was read)\n\n      ");
    for (int read = 0; read < classes; ++read) std::printf("%4d", read);
    std::printf("\n");
    for (int label = 0; label < classes; ++label) {
        std::printf("  %2d  ", label);
        for (int read = 0; read < classes; ++read) {
            if (counts[label][read] == 0)
                std::printf("   .");
            else
                std::printf("%4d", counts[label][read]);
        }
        std::printf("\n");
    }
    std::printf("\n");
}

} // namespace digits
