// SPDX-License-Identifier: BSL-1.0
// The arena: buffers that live at the same time never overlap, and little is wasted.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

template <int Count> struct placement {
    buffer buffers[Count]{};
    long long size = 0;

    constexpr bool sound() const {
        for (int i = 0; i < Count; ++i)
            for (int j = 0; j < i; ++j) {
                const buffer& left = buffers[i];
                const buffer& right = buffers[j];
                const bool in_time = left.first <= right.last && right.first <= left.last;
                const bool in_space = left.offset < right.offset + right.bytes &&
                                      right.offset < left.offset + left.bytes;
                if (in_time && in_space) return false;
            }
        for (const buffer& each : buffers)
            if (each.offset % arena_alignment != 0 || each.offset + each.bytes > size) return false;
        return true;
    }
};
template <int Count> constexpr placement<Count> placed(const buffer (&given)[Count]) {
    placement<Count> result;
    for (int i = 0; i < Count; ++i) result.buffers[i] = given[i];
    int order[Count]{};
    result.size = place_buffers(result.buffers, order, Count).bytes;
    return result;
}

// A chain alternates between two places.
constexpr buffer chain[] = {{640, 0, 1}, {1280, 1, 2}, {640, 2, 3}, {1280, 3, 4}};
static_assert(placed(chain).sound() && placed(chain).size == 1920);

// A long-lived skip stays while the others come and go.
constexpr buffer skip[] = {{256, 0, 4}, {512, 1, 2}, {512, 2, 3}, {128, 3, 4}};
static_assert(placed(skip).sound() && placed(skip).size == 1280);

// Odd sizes are aligned.
constexpr buffer odd[] = {{1, 0, 1}, {65, 0, 1}, {3, 1, 2}};
static_assert(placed(odd).sound() && placed(odd).size == 256);

// A small one in between would leave no room for a large one beside it: placed at another end, it
// does.
constexpr buffer wedge[] = {{512, 0, 1}, {512, 1, 2}, {64, 2, 3}, {512, 3, 4}, {512, 4, 5}};
static_assert(placed(wedge).sound() && placed(wedge).size == 1024);

// Where no attempt reaches the most that lives at one time, here 1216 bytes, what is placed is
// sound all the same.
constexpr buffer awkward[] = {{384, 0, 2}, {384, 1, 1}, {384, 1, 3}, {192, 2, 3}, {256, 2, 5},
                              {384, 3, 3}, {320, 4, 4}, {256, 4, 7}, {256, 5, 5}, {64, 5, 7}};
static_assert(placed(awkward).sound() && placed(awkward).size == 1344);

// As deep a chain as networks have, beside a skip that lives through it and one that lives through
// its second half, stays far below the compilers' limits of constant evaluation.
template <int Count> constexpr long long size_of_chain() {
    buffer links[Count]{};
    for (int i = 0; i < Count; ++i) links[i] = {64 * (1 + i % 7), i, i + 1};
    links[0].last = Count;
    links[Count / 2].last = Count;
    int order[Count]{};
    return place_buffers(links, order, Count).bytes;
}
static_assert(size_of_chain<500>() == 64 * (1 + (1 + 250 % 7) + 6 + 7));

// A network of many buffers, at every time several: none overlaps another.
struct overlapping {
    buffer all[60]{};
    constexpr overlapping() {
        for (int i = 0; i < 60; ++i) all[i] = {64 * (1 + i * 37 % 11), i, i + 1 + i * 29 % 13};
    }
};
static_assert(placed(overlapping{}.all).sound());

using skipped = network<input<8, 8, 4>, conv2d<4, 3, same>,
                        residual<conv2d<4, 3, same>, conv2d<4, 3, same>>, conv2d<1, 1>>;
// Three maps of 1,024 bytes: what is kept for the sum, what is read, what is written.
static_assert(skipped::arena_bytes == 3 * 1024);
static_assert(skipped::peak_activation_bytes == 3 * 1024);

// Aliases take no room; an activation at the end of a layer works in place.
using aliased = network<input<8, 8, 4>, conv2d<4, 3, same, relu>, dropout<>, flatten,
                        reshape<8, 8, 4>, conv2d<1, 1>>;
static_assert(aliased::arena_bytes == 1024);
static_assert(plan_of<aliased>::value.step_count == 3);

// Normalisations and activations work in place, unless what they read is needed again.
using normalised = network<input<8, 8, 4>, conv2d<4, 3, same>, batch_norm<>, relu, conv2d<1, 1>>;
static_assert(normalised::arena_bytes == 1024);
static_assert(normalised::peak_activation_bytes == 2 * 1024);
using kept = network<input<8, 8, 4>, conv2d<4, 3, same>, save<"x">, batch_norm<>, relu,
                     add_with<"x">, conv2d<1, 1>>;
static_assert(kept::arena_bytes == 3 * 1024);
// Never in place on what comes from outside.
using outside = network<input<8, 8, 4>, relu, conv2d<1, 1>>;
static_assert(outside::arena_bytes == 1024);

} // namespace
