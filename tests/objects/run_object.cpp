// SPDX-License-Identifier: BSL-1.0
// A network with every family of layers, run as firmware runs it: its own weights and arena.
#include <ctnn/ctnn.hpp>

using namespace ctnn;

using net =
    network<input<16, 16, 3>, conv2d<8, 3, same, relu6>, batch_norm<>, save<"skip">, max_pool2d<2>,
            depthwise_conv2d<3, same>, gelu, up_sampling2d<2>, concat_with<"skip">,
            residual<conv2d<16, 3, same, ctnn::tanh>, conv2d<16, 3, same>>, zero_padding2d<1>,
            conv2d_transpose<4, 2, stride<2>>, avg_pool2d<2>, flatten, output<"features">,
            output<"the same again">, dropout<>, named<"head", dense<1296>>, again<"head">,
            dense<10, softmax>, output<"scores">>;

extern const float weights_elsewhere[net::parameters];
static arena<net> memory;

extern "C" void infer(const float (&image)[768], float (&features)[1296], float (&copy)[1296],
                      float (&scores)[10]) noexcept {
    run<net>(weights_elsewhere, image, {features, copy, scores}, memory);
}
