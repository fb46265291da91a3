// SPDX-License-Identifier: BSL-1.0
// Twelve spoken words, as features of int8: prints what the network takes each for, and what it needs.
#include "clock.hpp"
#include "kws_model.hpp"

#include <board.hpp>
#include <stack.hpp>

using namespace ctnn;

// What this machine may spend on the network. More does not compile.
static_assert(fits<kws::network, this_machine, ram<16_KB>, flash<40_KB>>);

extern "C" const unsigned char spoken[];   // one after the other
extern "C" const unsigned char expected[]; // the scores that TensorFlow Lite gives

namespace {

constexpr const char* words[]{"down",  "go",   "left", "no",  "off",     "on",
                              "right", "stop", "up",   "yes", "silence", "unknown"};
constexpr int word_count = 12;
constexpr int features = static_cast<int>(kws::network::input.elements());

kws_model reads;
int8 cells[features];
int8 scores[word_count];

void say(const char* name, unsigned long long number) noexcept {
    board::print(name);
    board::print(number);
    board::print("\n");
}

[[gnu::noinline]] void run() noexcept { reads.run(cells, scores); }

} // namespace

int main() {
    const firmware::counter count;
    unsigned differ = 0;
    unsigned long long instructions = 0;
    unsigned stack = 0;
    for (int i = 0; i < word_count; ++i) {
        for (int k = 0; k < features; ++k) cells[k] = static_cast<int8>(spoken[features * i + k]);
        const volatile unsigned* const top = board::paint_stack();
        const unsigned begin = firmware::counter::now();
        run();
        instructions = count.instructions(begin, firmware::counter::now());
        stack = board::used_below(top);

        int best = 0;
        for (int k = 0; k < word_count; ++k) {
            if (scores[k] > scores[best]) best = k;
            if (scores[k] != static_cast<int8>(expected[word_count * i + k])) ++differ;
        }
        board::print(words[best]);
        board::print(i + 1 < word_count ? " " : "\n");
    }

    constexpr footprint needs = footprint_of<kws::network, this_machine>;
    say("bytes of scores that differ from TensorFlow Lite's: ", differ);
    say("instructions of a run: ", instructions);
    say("RAM of the network: ", needs.arena);
    say("constants of the network: ", needs.flash());
    say("stack of a run: ", stack);
    return differ == 0 ? 0 : 1;
}
