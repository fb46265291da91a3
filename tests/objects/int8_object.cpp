// SPDX-License-Identifier: BSL-1.0
// A network on int8, run as firmware runs it: by kernels from weights that were packed elsewhere;
// and by its plain meaning.
#include <networks.hpp>

using net = embedded::int8_net;
constexpr ctnn::target machine = ctnn::this_machine;

extern "C" const unsigned char weights_elsewhere[ctnn::quantized_packed<net, machine>::extent];
static ctnn::quantized_arena<net, machine> memory;
static ctnn::quantized_arena<net> memory_of_meaning;

extern "C" void infer(const ctnn::int8 (&image)[7 * 6 * 3],
                      embedded::int8_results& results) noexcept {
    ctnn::run<net, machine>(ctnn::quantized_packed<net, machine>{weights_elsewhere}, image,
                            {results.pooled, results.gated, results.kinds}, memory);
}

extern "C" void infer_by_meaning(const ctnn::int8 (&kernels)[net::size.kernels],
                                 const ctnn::int8 (&image)[7 * 6 * 3],
                                 embedded::int8_results& results) noexcept {
    ctnn::run(ctnn::quantized_weights<net>{kernels, embedded::int8_biases.each}, image,
              {results.pooled, results.gated, results.kinds}, memory_of_meaning);
}
