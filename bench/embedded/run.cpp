// SPDX-License-Identifier: BSL-1.0
// Runs a network once, between two addresses that count.c is told, and says what it needed.
#include "model.hpp"

#include <board.hpp>
#include <made_up.hpp>
#include <stack.hpp>

extern "C" {
[[gnu::noinline]] void count_begin() noexcept { asm volatile("" ::: "memory"); }
[[gnu::noinline]] void count_end() noexcept { asm volatile("" ::: "memory"); }
}

static void say(const char* name, long long number) noexcept {
    board::print(name);
    board::print(" ");
    board::print(static_cast<unsigned long long>(number));
    board::print("\n");
}

int main() {
    const measured_network& network = measured();
    made_up::sequence numbers{3};
    if (network.floats) {
        auto* const cells = static_cast<float*>(network.input);
        for (int i = 0; i < network.input_bytes / 4; ++i) cells[i] = numbers.real();
    } else {
        auto* const cells = static_cast<ctnn::int8*>(network.input);
        for (int i = 0; i < network.input_bytes; ++i)
            cells[i] = static_cast<ctnn::int8>(numbers.whole(127));
    }
    const volatile unsigned* const top = board::paint_stack();
    count_begin();
    infer();
    count_end();
    say("stack", board::used_below(top));
    say("arena", network.arena_bytes);
    say("weights", network.weight_bytes);
    return 0;
}
