// SPDX-License-Identifier: BSL-1.0
// Transposed convolutions against the layer's meaning in double.
#include "property.hpp"

#include <ctnn/kernels/transposed.hpp>
#include <ctnn/layers/conv_transpose.hpp>

namespace {

using namespace ctnn;

/// Any call: windows narrower and wider than their strides, dilations that share divisors with
/// them, cells cut off and added at the end.
constexpr geometry any_call(property::random& random) noexcept {
    geometry g;
    const int axes = random.between(0, 9) == 0 ? 3 : random.between(0, 9) == 0 ? 1 : 2;
    const bool plain = random.between(0, 2) == 0; // a window for each stride
    for (int axis = 3 - axes; axis < 3; ++axis) {
        g.stride[axis] = random.between(1, 3);
        g.window[axis] = plain ? g.stride[axis] : random.between(1, 5);
        if (!plain && random.between(0, 4) == 0) g.dilation[axis] = random.between(2, 4);
        g.in[axis] = random.between(1, axis < 2 ? 5 : random.between(0, 1) == 0 ? 9 : 40);
        const int span = (g.window[axis] - 1) * g.dilation[axis] + 1;
        const int full = (g.in[axis] - 1) * g.stride[axis] + span;
        if (!plain) g.before[axis] = random.between(0, span - 1);
        const int after = plain ? 0 : random.between(0, span - 1) - random.between(0, 2);
        g.out[axis] = full - g.before[axis] - after;
        if (g.out[axis] < 1) {
            g.before[axis] = 0;
            g.out[axis] = full;
        }
    }
    const int sizes[]{1, 2, 3, 5, 8, 17, 20};
    const int all_filters[]{1, 2, 3, 4, 7, 8, 16, 17, 24, 40, 70};
    g.groups = random.between(0, 5) == 0 ? random.between(2, 3) : 1;
    g.channels = random.one_of(sizes) * g.groups;
    g.filters = random.one_of(all_filters) * g.groups;
    if (random.between(0, 2) == 0) g.low = 0;
    if (random.between(0, 2) == 0) g.high = 1.5F;
    return g;
}

template <int Lanes> constexpr auto some_keys() noexcept {
    property::key_list<24> list;
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 40; ++i)
        list.insert(choose_transposed(any_call(random), property::machine_of(Lanes)).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = some_keys<Lanes>();

double error_of(const geometry& g, const kernel_choice& choice, kernel_function run,
                property::random& random) {
    attributes options = property::options_of(g);
    options.groups = g.groups;
    const long long taps = 1LL * g.window[0] * g.window[1] * g.window[2];
    return property::error_of<conv_transpose_reference>(
        g, choice, run, random, taps * g.filters / g.groups * g.channels, options);
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    int checked = 0;
    int apart = 0;
    for (int i = 0; i < 12000; ++i) {
        const geometry g = any_call(random);
        const kernel_choice choice = choose_transposed(g, property::machine_of(Lanes));
        const kernel_function run = property::table_of<keys<Lanes>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked;
        if (choice.key.detail != 0) ++apart;
        CAPTURE(Lanes, i, g.channels, g.filters, g.groups, g.in[1], g.in[2], g.out[1], g.out[2],
                g.window[1], g.window[2], g.stride[1], g.stride[2], g.dilation[1], g.dilation[2],
                g.before[1], g.before[2], choice.key.vectors, choice.key.pixels);
        REQUIRE(error_of(g, choice, run, random) < 2e-5);
    }
    CHECK(checked > 300);
    CHECK(apart > 20);
}

} // namespace

TEST_CASE("transposed convolutions compute what the layer means", "[kernels]") {
    check_width<1>();
    check_width<4>();
#if CTNN_WIDEST >= 16
    check_width<8>();
    check_width<16>();
#endif
}
