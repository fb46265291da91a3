// SPDX-License-Identifier: BSL-1.0
// Runs a network that was compiled for several instruction sets with each of them that the machine
// has, and compares.
#include <cstdio>
#include <memory>
#include <vector>

#include "fast_digits.hpp"

namespace {

int failures = 0;

void compare(const char* name, const float (&got)[10], const float (&expected)[10]) {
    for (int i = 0; i < 10; ++i) {
        const float error = got[i] > expected[i] ? got[i] - expected[i] : expected[i] - got[i];
        if (error <= 1e-5F) continue;
        std::printf("%s: score %d is %g, not %g\n", name, i, double{got[i]}, double{expected[i]});
        ++failures;
    }
}

} // namespace

int main() {
    std::vector<float> weights(digits::parameters);
    std::vector<float> image(digits::input.elements());
    unsigned state = 1;
    const auto random = [&state] {
        state = state * 1664525 + 1013904223;
        return static_cast<float>(state >> 16) / 65536 - 0.5F;
    };
    for (float& weight : weights) weight = random();
    for (float& cell : image) cell = random();
    const ctnn::weights_span<digits> blob{weights.data()};
    const ctnn::input_span<digits> input{image.data()};

    const auto meaning = std::make_unique<ctnn::arena<digits>>();
    float expected[10];
    ctnn::run<digits>(blob, input, expected, *meaning);

    int sets = 0;
    for (const ctnn::isa most : {ctnn::isa::scalar, ctnn::isa::sse2, ctnn::isa::avx2,
                                 ctnn::isa::avx512, ctnn::isa::neon}) {
        const auto reads = std::make_unique<fast_digits>(blob, most);
        if (reads->instructions() == most) ++sets;
        float scores[10];
        reads->run(input, scores);
        compare("limited", scores, expected);
    }
    const auto reads = std::make_unique<fast_digits>(blob);
    if (reads->instructions() != ctnn::best_instructions()) {
        std::puts("the best instruction set was not chosen");
        ++failures;
    }
    std::printf("%d of %d instruction sets were run\n", sets, fast_digits::target_count);
    return failures == 0 && sets > 0 ? 0 : 1;
}
