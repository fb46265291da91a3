// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 against the layers' meanings, cell by cell, and those against real numbers.
#include "int8_case.hpp"

#include <ctnn/core/fixed_curves.hpp>

namespace {

using namespace ctnn;
using property::any_call;
using property::cells_that_differ;

constexpr target machine = this_machine;

constexpr int8_choice choose(const int8_geometry& g, bool depthwise) noexcept {
    return depthwise ? choose_int8_depthwise(g, machine) : choose_int8_conv(g, machine);
}

template <bool Depthwise> constexpr auto some_keys() noexcept {
    property::key_list<24> list;
    property::random random{1};
    for (int i = 0; i < 60; ++i) list.insert(choose(any_call(random, Depthwise), Depthwise).key);
    return list;
}
template <bool Depthwise> inline constexpr auto keys = some_keys<Depthwise>();

template <const auto& Keys, class Sequence = std::make_integer_sequence<int, Keys.count>>
struct functions;
template <const auto& Keys, int... Index>
struct functions<Keys, std::integer_sequence<int, Index...>> {
    static int8_function find(const kernel_key& key) noexcept {
        static constexpr int8_function all[]{int8_kernel_of<Keys.keys[Index]>...};
        for (int i = 0; i < Keys.count; ++i)
            if (Keys.keys[i] == key) return all[i];
        return nullptr;
    }
};

template <bool Depthwise, class Meaning> void check_calls() {
    property::random random{2};
    int checked = 0;
    for (int i = 0; i < 1500; ++i) {
        const int8_geometry g = any_call(random, Depthwise);
        const int8_choice choice = choose(g, Depthwise);
        const int8_function run = functions<keys<Depthwise>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked;
        CAPTURE(i, g.map.channels, g.map.filters, g.map.in[1], g.map.in[2], g.map.window[1],
                g.map.window[2], g.map.stride[2], g.map.before[2], g.map.dilation[2]);
        REQUIRE(cells_that_differ<Meaning>(g, choice, run, random) == 0);
    }
    CHECK(checked > 700);
}

} // namespace

TEST_CASE("convolutions on int8") { check_calls<false, conv_int8>(); }
TEST_CASE("depthwise convolutions on int8") { check_calls<true, depthwise_int8>(); }

TEST_CASE("factors as integers") {
    for (const double factor : {1.0, 0.5, 0.75, 1e-3, 0.0123, 3.7, 1e-9, 200.0}) {
        const rescale by = fixed::rescale_by(factor);
        CAPTURE(factor);
        CHECK(std::abs(std::ldexp(by.multiplier, by.shift - 31) / factor - 1) < 1e-9);
        for (int sum = -100'000; sum <= 100'000; sum += 997) {
            if (std::abs(sum * factor) > 1e9) continue;
            CHECK(std::abs(fixed::scaled(sum, by) - sum * factor) <= 1);
            CHECK(std::abs(fixed::scaled(sum, by, rounding::once) - sum * factor) <= 0.5001);
        }
    }
    CHECK(fixed::rescale_by(1) == rescale{1 << 30, 1});
    CHECK(fixed::rescale_by(0) == rescale{});
    // A product is rounded with halves upwards, a power of two after it with halves away from 0.
    CHECK(fixed::scaled(5, fixed::rescale_by(0.5)) == 3);
    CHECK(fixed::scaled(-5, fixed::rescale_by(0.5)) == -2);
    CHECK(fixed::scaled(-5, fixed::rescale_by(0.5), rounding::once) == -2);
    CHECK(fixed::scaled(-6, fixed::rescale_by(0.25)) == -2);
    CHECK(fixed::scaled(-6, fixed::rescale_by(0.25), rounding::once) == -1);
    CHECK(fixed::multiply_high(fixed::least, fixed::least) == fixed::greatest);
}

TEST_CASE("curves of fixed-point numbers") {
    const double unit = std::ldexp(1, -31);
    for (int cell = -2000; cell <= 0; ++cell) {
        const double x = cell / 100.0;
        const int number = static_cast<int>(std::lround(std::ldexp(x, 26)));
        CHECK(std::abs(fixed::exp_of_negative(number, 5) * unit - std::exp(x)) < std::ldexp(1, -22));
    }
    for (int cell = -790; cell <= 790; ++cell) {
        const double x = cell / 100.0;
        const int number = static_cast<int>(std::lround(std::ldexp(x, 27)));
        CHECK(std::abs(fixed::logistic(number, 4) * unit - 1 / (1 + std::exp(-x))) < 1e-6);
        CHECK(std::abs(fixed::tanh(number, 4) * unit - std::tanh(x)) < 1e-6);
    }
}
