// SPDX-License-Identifier: BSL-1.0
// A network run by its kernels as firmware runs it, from weights that were packed elsewhere; and
// packed.
#include "every_kernel.hpp"

using namespace ctnn;
using net = every_kernel;

extern "C" const float weights_elsewhere[packed_weights<net>::floats];
static arena<net, float, this_machine> memory;

extern "C" void infer(const float (&image)[768], float (&kind)[5], float (&features)[1296],
                      float (&copy)[1296], float (&scores)[10], float (&pooled)[1536]) noexcept {
    run<net>(weights_elsewhere, image, {kind, features, copy, scores, pooled}, memory);
}

extern "C" void run_model(model<net>& reads, const float (&image)[768], float (&kind)[5],
                          float (&features)[1296], float (&copy)[1296], float (&scores)[10],
                          float (&pooled)[1536]) noexcept {
    reads.run(image, {kind, features, copy, scores, pooled});
}

extern "C" void repack(const float (&blob)[net::parameters],
                       float (&packed)[packed_weights<net>::floats]) noexcept {
    pack<net>(blob, packed);
}
