// SPDX-License-Identifier: BSL-1.0
// Depthwise kernels against the layer's meaning in double.
#include "property.hpp"

#include <ctnn/kernels/depthwise_multiple.hpp>
#include <ctnn/layers/depthwise_conv.hpp>

namespace {

using namespace ctnn;

/// Any call: odd sizes, windows, strides, dilations, paddings, channels about multiples of lanes.
constexpr geometry any_call(property::random& random) noexcept {
    geometry g;
    const bool deep = random.between(0, 19) == 0;
    const int shape_of_window = random.between(0, 9);
    for (int axis = deep ? 0 : 1; axis < 3; ++axis) {
        g.window[axis] = shape_of_window < 7 ? 3 : random.between(1, 5);
        g.stride[axis] = random.between(0, 2) == 0 ? 2 : 1;
        if (random.between(0, 11) == 0) g.dilation[axis] = 2;
        const int span = (g.window[axis] - 1) * g.dilation[axis] + 1;
        const int padding = random.between(0, 3);
        g.before[axis] = padding == 0 ? 0 : padding == 1 ? span / 2 : random.between(0, span - 1);
        const int after = padding == 0 ? 0 : padding == 1 ? span / 2 : random.between(0, span - 1);
        g.in[axis] = random.between(1, random.between(0, 1) == 0 ? 7 : 31);
        if (g.in[axis] + g.before[axis] + after < span) g.in[axis] = span;
        g.out[axis] = (g.in[axis] + g.before[axis] + after - span) / g.stride[axis] + 1;
    }
    const int sizes[]{1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 17, 19, 24, 31, 32, 33, 40};
    g.channels = g.filters = g.groups = random.one_of(sizes);
    if (random.between(0, 2) == 0) g.low = 0;
    if (random.between(0, 2) == 0) g.high = 1.5F;
    return g;
}

/// A last tile of one pixel beside the others, where two pixels miss taps.
constexpr geometry narrow_rest() noexcept {
    geometry g;
    g.channels = g.filters = g.groups = 17;
    for (int axis = 1; axis < 3; ++axis) {
        g.in[axis] = g.out[axis] = 31;
        g.window[axis] = 5;
        g.before[axis] = 2;
    }
    return g;
}

constexpr int short_channels[]{1, 3, 5, 8, 16, 17, 33};
/// Rows of one tile, several of them: two are computed at a time where registers suffice.
constexpr geometry short_rows(property::random& random, int channels) noexcept {
    geometry g;
    g.channels = g.filters = g.groups = channels;
    g.in[1] = g.out[1] = random.between(1, 12);
    g.in[2] = g.out[2] = 5;
    g.window[1] = g.window[2] = 3;
    g.before[1] = g.before[2] = 1;
    return g;
}

template <int Lanes> constexpr auto some_keys() noexcept {
    property::key_list<24> list;
    property::random random{static_cast<unsigned long long>(Lanes)};
    list.insert(choose_depthwise_any(narrow_rest(), property::machine_of(Lanes)).key);
    for (const int channels : short_channels)
        list.insert(
            choose_depthwise_any(short_rows(random, channels), property::machine_of(Lanes)).key);
    for (int i = 0; i < 60; ++i)
        list.insert(choose_depthwise_any(any_call(random), property::machine_of(Lanes)).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = some_keys<Lanes>();

double error_of(const geometry& g, const kernel_choice& choice, kernel_function run,
                property::random& random) {
    attributes options = property::options_of(g);
    options.depth_multiplier = g.filters / g.channels;
    const long long taps = 1LL * g.window[0] * g.window[1] * g.window[2];
    return property::error_of<depthwise_conv_reference>(g, choice, run, random, taps * g.filters,
                                                        options);
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    int checked = 0;
    int ways[4]{}, pairs = 0;
    for (int i = 0; i < 5000; ++i) {
        const geometry g = i == 0        ? narrow_rest()
                           : i % 20 == 1 ? short_rows(random, random.one_of(short_channels))
                                         : any_call(random);
        const kernel_choice choice = choose_depthwise_any(g, property::machine_of(Lanes));
        const kernel_function run = property::table_of<keys<Lanes>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked;
        ++ways[choice.key.detail];
        if (choice.key.vectors == 2) ++pairs;
        CAPTURE(Lanes, i, g.channels, g.in[1], g.in[2], g.out[1], g.out[2], g.window[1],
                g.window[2], g.stride[2], g.before[1], g.before[2], choice.key.detail,
                choice.key.pixels);
        REQUIRE(error_of(g, choice, run, random) < 2e-5);
    }
    CHECK(checked > 300);
    if (Lanes == 16) CHECK(pairs > 15);
    CHECK(ways[depthwise_way::tiled] > 15);
    CHECK(ways[depthwise_way::single] > 15);
    CHECK(ways[depthwise_way::any] > 15);
    if (Lanes > 1) CHECK(ways[depthwise_way::flat] > 15);
}

/// Several filters for each channel.
constexpr geometry several_filters(property::random& random) noexcept {
    geometry g = any_call(random);
    const int sizes[]{1, 2, 3, 5, 8};
    g.channels = g.groups = random.one_of(sizes);
    g.filters = g.channels * random.between(2, 3);
    return g;
}

template <int Lanes> constexpr auto several_keys() noexcept {
    property::key_list<8> list;
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 12; ++i)
        list.insert(choose_depthwise_any(several_filters(random), property::machine_of(Lanes)).key);
    return list;
}
template <int Lanes> inline constexpr auto keys_of_several = several_keys<Lanes>();

template <int Lanes> void check_several() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    int checked = 0;
    for (int i = 0; i < 2000; ++i) {
        const geometry g = several_filters(random);
        const kernel_choice choice = choose_depthwise_any(g, property::machine_of(Lanes));
        const kernel_function run = property::table_of<keys_of_several<Lanes>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked;
        CAPTURE(Lanes, i, g.channels, g.filters, g.in[2], g.out[2], choice.key.detail);
        REQUIRE(choice.key.kind == kernel_kind::depthwise_multiple);
        REQUIRE(error_of(g, choice, run, random) < 2e-5);
    }
    CHECK(checked > 30);
}

} // namespace

TEST_CASE("depthwise kernels compute what the layer means", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}

TEST_CASE("depthwise kernels with several filters for each channel", "[kernels]") {
    check_several<1>();
    check_several<4>();
    check_several<8>();
    check_several<16>();
}
