// SPDX-License-Identifier: BSL-1.0
// Networks on int8 give at run time, by their plain meaning and by this machine's kernels, what the
// reference meaning gives in a constant expression, and so the same on every machine; their input
// may lie at any address.
#include "check.hpp"
#include "networks.hpp"

#ifdef CTNN_PAINTS_STACK
#include <stack.hpp>
#endif

using namespace embedded;

namespace {

/// Weights as a network's kernels read them.
template <class Network> struct packed_bytes {
    unsigned char each[quantized_packed<Network, this_machine>::extent]{};
    constexpr packed_bytes() noexcept {
        pack<Network, this_machine>(quantized_weights<Network>{int8_kernels.each, int8_biases.each},
                                    each);
    }
};

} // namespace

// With names that check_image.py finds.
extern "C" {
extern const packed_bytes<int8_net> weights_of_int8;
alignas(16) constexpr packed_bytes<int8_net> weights_of_int8;
quantized_arena<int8_net, this_machine> arena_of_int8;
}

namespace {

alignas(16) constexpr packed_bytes<int8_net_once> weights_once;

constexpr int8_results twice = run_int8<int8_net>();
constexpr int8_results once = run_int8<int8_net_once>();
static_assert(twice.hash() == 1229623799U && once.hash() == 169779454U);

using image_span = fixed_span<const ctnn::int8, 7 * 6 * 3>;

template <class Network> int8_results run_meaning() noexcept {
    static quantized_arena<Network> memory;
    int8_results made{};
    run(quantized_weights<Network>{int8_kernels.each, int8_biases.each},
        image_span{check::hidden(int8_image.each)}, {made.pooled, made.gated, made.kinds}, memory);
    return made;
}

template <class Network>
int8_results run_kernels(const packed_bytes<Network>& weights, const ctnn::int8* image,
                         quantized_arena<Network, this_machine>& memory) noexcept {
    int8_results made{};
    run<Network>(quantized_packed<Network, this_machine>{weights.each},
                 image_span{check::hidden(image)}, {made.pooled, made.gated, made.kinds}, memory);
    return made;
}

} // namespace

int main() {
    check::that(run_meaning<int8_net>() == twice, "rounded twice: as in a constant expression");
    check::that(run_meaning<int8_net_once>() == once, "rounded once: as in a constant expression");
    static quantized_arena<int8_net_once, this_machine> memory;
    check::that(run_kernels<int8_net_once>(weights_once, int8_image.each, memory) == once,
                "rounded once: by kernels");

    static ctnn::int8 unaligned[7 * 6 * 3 + 3];
    for (int offset = 0; offset < 4; ++offset) {
        for (int i = 0; i < 7 * 6 * 3; ++i) unaligned[i + offset] = int8_image.each[i];
        check::that(run_kernels<int8_net>(weights_of_int8, unaligned + offset, arena_of_int8) ==
                        twice,
                    "rounded twice: by kernels, from any address");
    }
#ifdef CTNN_PAINTS_STACK
    const volatile unsigned* const top = board::paint_stack();
    check::that(run_kernels<int8_net>(weights_of_int8, int8_image.each, arena_of_int8) == twice,
                "on a painted stack");
    const unsigned used = board::used_below(top);
    board::print("stack ");
    board::print(static_cast<unsigned long long>(used));
    board::print("\n");
    check::that(used <= stack_bytes<int8_net, this_machine>,
                "the stack is within its bound, layers by their meaning too");
#endif
    check::bytes("arena_of_int8", int8_plan_of<int8_net, this_machine>::value.arena_bytes);
    check::bytes("weights_of_int8", sizeof weights_of_int8.each);
    return check::status();
}
