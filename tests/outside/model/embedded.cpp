// SPDX-License-Identifier: BSL-1.0
// Runs an imported model: embedded IMAGE.f32, channels last.
#include <cstdio>

#include "tiny_model.hpp"

int main(int count, char** arguments) {
    float image[tiny::network::input.elements()]{};
    float scores[tiny::network::output.elements()];
    std::FILE* file = count > 1 ? std::fopen(arguments[1], "rb") : nullptr;
    if (file != nullptr) {
        if (std::fread(image, sizeof image, 1, file) != 1) return 2;
        std::fclose(file);
    }
    static tiny_model reads;
    reads.run(image, scores);
    for (const float score : scores) std::printf("%.6f\n", double{score});
}
