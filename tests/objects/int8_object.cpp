// SPDX-License-Identifier: BSL-1.0
// A network on int8, run as firmware runs it.
#include <networks.hpp>

using net = embedded::int8_net;

extern "C" const ctnn::int8 weights_elsewhere[net::size.kernels];
static ctnn::quantized_arena<net> memory;

extern "C" void infer(const ctnn::int8 (&image)[7 * 6 * 3],
                      embedded::int8_results& results) noexcept {
    ctnn::run(ctnn::quantized_weights<net>{weights_elsewhere, embedded::int8_biases.each}, image,
              {results.pooled, results.gated, results.kinds}, memory);
}
