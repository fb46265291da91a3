// SPDX-License-Identifier: BSL-1.0
// Reads embedded weights and runs a network with them.
#include <cstdio>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

using net = network<input<2, 2, 1>, flatten, dense<2>>;
static_assert(net::parameters == 10);

extern "C" const float weights[net::parameters]; // ctnn_embed

int main() {
    static model<net> reads{weights};
    const float image[4] = {1, 2, 3, 4};
    float scores[2];
    reads.run(image, scores);
    std::printf("%g %g\n", double{scores[0]}, double{scores[1]});
    return scores[0] == 30 && scores[1] == -1 ? 0 : 1; // 1*1 + 2*2 + 3*3 + 4*4; the bias
}
