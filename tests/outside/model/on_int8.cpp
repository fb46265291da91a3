// SPDX-License-Identifier: BSL-1.0
// Runs an imported model on int8: on_int8 IMAGE.i8, whose cells are those of the model.
#include <cstdio>

#include "tiny_int8_model.hpp"

static_assert(tiny_int8::input_numbers[0].zero_point == 3);

int main(int count, char** arguments) {
    ctnn::int8 image[tiny_int8::network::input.elements()]{};
    ctnn::int8 scores[tiny_int8::network::output.elements()];
    std::FILE* file = count > 1 ? std::fopen(arguments[1], "rb") : nullptr;
    if (file == nullptr || std::fread(image, sizeof image, 1, file) != 1) return 2;
    std::fclose(file);
    static tiny_int8_model reads;
    reads.run(image, scores);
    for (const ctnn::int8 score : scores) std::printf("%d\n", score);
}
