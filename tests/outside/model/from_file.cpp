// SPDX-License-Identifier: BSL-1.0
// Runs an imported model with weights from a file: from_file WEIGHTS.safetensors.
#include <cstdio>

#include <ctnn/safetensors.hpp>

#include "small_model.hpp"

int main(int count, char** arguments) {
    const auto file =
        ctnn::read_safetensors<small::network>(count > 1 ? arguments[1] : "small.safetensors");
    if (!file) return std::fputs(file.message().c_str(), stderr), 1;
    static small_model reads{ctnn::weights_span<small::network>{file.weights.data()}};
    float image[small::network::input.elements()]{};
    float scores[small::network::output.elements()];
    reads.run(image, scores);
    for (const float score : scores) std::printf("%.6f\n", double{score});
}
