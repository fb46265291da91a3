// SPDX-License-Identifier: BSL-1.0
// A network with every kind of kernel, and layers that no kernel knows, run as firmware runs it:
// from weights that were packed elsewhere. `repack` packs them.
#include <ctnn/ctnn.hpp>

using namespace ctnn;

using net =
    network<input<16, 16, 3>, conv2d<8, 3, same, relu6>, batch_norm<>, save<"skip">, max_pool2d<2>,
            depthwise_conv2d<3, same>, gelu, up_sampling2d<2>, concat_with<"skip">,
            residual<conv2d<16, 3, same, ctnn::tanh>, conv2d<16, 3, same>>, batch_norm<>,
            layer_norm<>, conv2d<32, 3, same>, save<"wide">, conv2d<32, 1>, multiply_with<"wide">,
            conv2d<3, 3, same>, zero_padding2d<1>, conv2d_transpose<4, 2, stride<2>>, avg_pool2d<2>,
            save<"map">, global_avg_pool2d<>, dense<5, softmax>, output<"kind">, from<"map">,
            flatten, output<"features">, output<"the same again">, dropout<>,
            named<"head", dense<1296>>, again<"head">, dense<10, softmax>, output<"scores">>;

extern "C" const float weights[packed_weights<net>::floats];
static arena<net, float, this_machine> memory;

extern "C" void infer(const float (&image)[768], float (&kind)[5], float (&features)[1296],
                      float (&copy)[1296], float (&scores)[10]) noexcept {
    run<net>(weights, image, {kind, features, copy, scores}, memory);
}

extern "C" void run_model(model<net>& reads, const float (&image)[768], float (&kind)[5],
                          float (&features)[1296], float (&copy)[1296],
                          float (&scores)[10]) noexcept {
    reads.run(image, {kind, features, copy, scores});
}

extern "C" void repack(const float (&blob)[net::parameters],
                       float (&packed)[packed_weights<net>::floats]) noexcept {
    pack<net>(blob, packed);
}
