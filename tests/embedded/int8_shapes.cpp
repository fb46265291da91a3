// SPDX-License-Identifier: BSL-1.0
// The kernels on int8 of this machine, as they are on it and not in plain C++, against their plain
// meaning: odd sizes, blocks that are not full, few and many groups of cells, every kind of kernel.
#include "check.hpp"
#include "made_up.hpp"

using namespace ctnn;

namespace {

constexpr int most_kernels = 2048;
constexpr int most_biases = 128;
constexpr int most_packed = 4096;

int8 kernels[most_kernels];
int biases[most_biases];
alignas(16) unsigned char packed[most_packed];

/// Of all networks: what is run is the same where kernels are, and where the meaning is.
template <class Network, int Zero> [[gnu::noinline]] void check_shape(const char* what) {
    using net = quantized<Network, made_up::int8_numbers<Network, Zero>>;
    constexpr int cells = static_cast<int>(net::input.elements());
    constexpr int results = static_cast<int>(net::output.elements());
    constexpr auto bytes = quantized_packed<net, this_machine>::extent;
    static_assert(net::size.kernels <= most_kernels && net::size.biases <= most_biases &&
                  bytes <= most_packed);
    made_up::sequence chance{cells};
    for (int i = 0; i < net::size.kernels; ++i) kernels[i] = static_cast<int8>(chance.whole(127));
    for (int i = 0; i < net::size.biases; ++i) biases[i] = chance.whole(2000);
    const quantized_weights<net> weights{fixed_span<const int8, net::size.kernels>{kernels},
                                         fixed_span<const int, net::size.biases>{biases}};
    pack<net, this_machine>(weights, fixed_span<unsigned char, bytes>{packed});

    int8 image[cells + 1];
    int8 made[results];
    int8 meant[results];
    for (int round = 0; round < 3; ++round) {
        for (int8& cell : image)
            cell = static_cast<int8>(round == 0 ? -128 : round == 1 ? 127 : chance.whole(127));
        const fixed_span<const int8, cells> input{check::hidden(image + round % 2)};
        {
            quantized_arena<net, this_machine> memory;
            run<net, this_machine>(fixed_span<const unsigned char, bytes>{packed}, input,
                                   fixed_span<int8, results>{made}, memory);
        }
        quantized_arena<net> memory;
        run<net>(weights, input, fixed_span<int8, results>{meant}, memory);
        unsigned differ = 0;
        for (int i = 0; i < results; ++i)
            if (made[i] != meant[i]) ++differ;
        check::equal(differ, 0, what);
    }
}

} // namespace

int main() {
    check_shape<network<input<7, 5, 3>, conv2d<6, 3, same, relu>,
                        conv2d<8, kernel<3, 2>, stride<2, 1>>, conv2d<12, 1>, conv2d<5, 3>>,
                -128>("convolutions");
    check_shape<network<input<6, 5, 12>, conv2d<4, 3, same>, conv2d<16, 1, relu>, conv2d<9, 1>,
                        conv2d<3, kernel<6, 5>>>,
                5>("convolutions of many cells");
    check_shape<network<input<9, 8, 4>, conv2d<20, 1, relu6>, depthwise_conv2d<3, same, relu>,
                        depthwise_conv2d<3, stride<2>>, conv2d<8, 1>>,
                -128>("depthwise convolutions");
    check_shape<network<input<7, 6, 8>, conv2d<8, 1>, depthwise_conv2d<5, same>,
                        depthwise_conv2d<3, same, stride<2>>>,
                -9>("depthwise convolutions with more rounding");
    check_shape<network<input<50>, dense<27, relu>, dense<16>, dense<3>, softmax>, -9>(
        "dense layers");
    check_shape<network<input<6, 6, 8>, residual<conv2d<8, 3, same, relu>, conv2d<8, 3, same>>,
                        relu, avg_pool2d<3, same>, residual<conv2d<8, 1>>, max_pool2d<2>>,
                -9>("sums and pools");
    return check::status();
}
