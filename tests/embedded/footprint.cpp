// SPDX-License-Identifier: BSL-1.0
// What a network is said to need, and what the image of a program has of it: check_image.py
// compares sizes of objects with the symbols, and constants with the linker's map.
#include "check.hpp"
#include "made_up.hpp"

#ifdef CTNN_PAINTS_STACK
#include <stack.hpp>
#endif

using namespace ctnn;

namespace {

using layers = network<input<10, 8, 4>, conv2d<16, 3, same, relu>, depthwise_conv2d<3, same, relu>,
                       conv2d<16, 1, relu>, save<"map">, conv2d<16, 1>, add_with<"map">,
                       avg_pool2d<2>, conv2d<10, 1>, flatten, dense<6>, softmax>;
using net = quantized<layers, made_up::int8_numbers<layers, -128>>;

constexpr footprint needs = footprint_of<net, this_machine>;
static_assert(needs.arena == arena_bytes<net, this_machine>);
static_assert(needs.flash() == flash_bytes<net, this_machine>);
static_assert(fits<net, this_machine, ram<needs.arena>, flash<needs.flash()>>);

struct packed_bytes {
    unsigned char each[quantized_packed<net, this_machine>::extent]{};
    constexpr packed_bytes() noexcept {
        constexpr made_up::int8_cells<net::size.kernels> kernels{1};
        constexpr made_up::ints<net::size.biases> biases{2, 2000};
        pack<net, this_machine>(quantized_weights<net>{kernels.each, biases.each}, each);
    }
};

} // namespace

// With names that check_image.py finds.
extern "C" {
extern const packed_bytes weights_of_net;
alignas(16) constexpr packed_bytes weights_of_net;
quantized_arena<net, this_machine> arena_of_net;
int8 image[10 * 8 * 4];
int8 kinds[6];
}

[[gnu::noinline]] static void infer() noexcept {
    run<net>(quantized_packed<net, this_machine>{weights_of_net.each},
             fixed_span<const int8, 320>{check::hidden(image)}, fixed_span<int8, 6>{kinds},
             arena_of_net);
}

int main() {
#ifdef CTNN_PAINTS_STACK
    const volatile unsigned* const top = board::paint_stack();
    infer();
    const unsigned used = board::used_below(top);
    board::print("stack ");
    board::print(static_cast<unsigned long long>(used));
    board::print("\n");
    check::that(used > 0 && used <= stack_bytes<net, this_machine>,
                "the stack is within its bound");
#else
    infer();
#endif
    check::bytes("arena_of_net", needs.arena);
    check::bytes("weights_of_net", needs.weights);
    board::print("constants ");
    board::print(static_cast<unsigned long long>(needs.flash()));
    board::print("\n");
    return check::status();
}
