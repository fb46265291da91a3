// SPDX-License-Identifier: BSL-1.0
// Networks on int8 give at run time what the reference meaning gives in a constant expression, and
// the same on every machine; their input may lie at any address.
#include "check.hpp"
#include "networks.hpp"

using namespace embedded;

// With names that check_image.py finds.
extern "C" {
extern const made_up::int8_cells<int8_net::size.kernels> weights_of_int8;
constexpr made_up::int8_cells<int8_net::size.kernels> weights_of_int8 = int8_kernels;
quantized_arena<int8_net> arena_of_int8;
}

namespace {

constexpr int8_results twice = run_int8<int8_net>();
constexpr int8_results once = run_int8<int8_net_once>();
static_assert(twice.hash() == 1229623799U && once.hash() == 169779454U);

using image_span = fixed_span<const ctnn::int8, 7 * 6 * 3>;

template <class Network>
void run_again(const ctnn::int8* image, quantized_arena<Network>& memory,
               const int8_results& wanted, const char* what) noexcept {
    int8_results made{};
    run(quantized_weights<Network>{weights_of_int8.each, int8_biases.each},
        image_span{check::hidden(image)}, {made.pooled, made.gated, made.kinds}, memory);
    check::that(made == wanted, what);
}

} // namespace

static_assert(sizeof arena_of_int8 == int8_net::arena_bytes);

int main() {
    run_again(int8_image.each, arena_of_int8, twice, "rounded twice, as in a constant expression");
    static quantized_arena<int8_net_once> memory;
    run_again(int8_image.each, memory, once, "rounded once, as in a constant expression");

    static ctnn::int8 unaligned[7 * 6 * 3 + 3];
    for (int offset = 0; offset < 4; ++offset) {
        for (int i = 0; i < 7 * 6 * 3; ++i) unaligned[i + offset] = int8_image.each[i];
        run_again(unaligned + offset, arena_of_int8, twice, "from any address");
    }
    check::bytes("arena_of_int8", int8_net::arena_bytes);
    check::bytes("weights_of_int8", int8_net::size.kernels);
    return check::status();
}
