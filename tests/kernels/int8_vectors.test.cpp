// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 by vectors against the layers' meanings, for every machine that has them: by its
// instructions where this file is compiled for them, else in plain C++.
#include "int8_case.hpp"
#include "quantized_case.hpp"

#include <ctnn/kernels/int8/sum_vectors.hpp>

namespace {

using namespace ctnn;
using property::any_call;
using property::cells_that_differ;

/// Whether this file has the instructions of a machine, as far as they matter here.
constexpr bool has(const target& machine) noexcept {
    switch (dots_of(machine)) {
#if defined(__AVX512VNNI__)
    case dots::shifted_bytes: return true;
#endif
#if defined(__AVX512BW__)
    case dots::word_pairs: return true;
#elif defined(__AVX2__)
    case dots::word_pairs: return machine.lanes == 8;
#endif
#if defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)
    case dots::bytes: return true;
#endif
#if defined(__aarch64__)
    case dots::byte_pairs: return true;
#endif
    default: return false;
    }
}

constexpr int8_choice choose(const int8_geometry& g, const target& machine,
                             bool depthwise) noexcept {
    return depthwise ? choose_depthwise_vectors(g, machine) : choose_conv_vectors(g, machine);
}

/// From this seed on, convolutions whose windows share columns.
constexpr int first_shared = 100;

constexpr int8_geometry call_of(int seed, const target& machine, bool depthwise) noexcept {
    property::random random{static_cast<unsigned long long>(seed) * 977 + 5};
    for (;;) {
        const int8_geometry g = any_call(random, depthwise);
        const kernel_key key = choose(g, machine, depthwise).key;
        if (key.kind != kernel_kind::none && (seed < first_shared || key.window != 0)) return g;
    }
}

/// Calls of one kernel: what its key does not say is of chance.
template <target Machine, bool Depthwise, int Seed, class Meaning> int check_key() {
    static constexpr int8_geometry first = call_of(Seed, Machine, Depthwise);
    static constexpr kernel_key key = choose(first, Machine, Depthwise).key;
    property::random random{Seed + 100ULL};
    int checked = 0;
    for (int i = 0; checked < 30; ++i) {
        int8_geometry g = any_call(random, Depthwise);
        geometry& map = g.map;
        map.channels = first.map.channels;
        map.filters = first.map.filters;
        map.groups = first.map.groups;
        for (int axis = 1; axis < 3; ++axis) {
            if (Depthwise) {
                map.window[axis] = first.map.window[axis];
                map.before[axis] = random.between(0, map.window[axis] - 1);
                map.after[axis] = random.between(0, map.window[axis] - 1);
            }
            if (axis == 2) map.stride[axis] = first.map.stride[axis];
            if (axis == 2 && !Depthwise && key.window != 0) {
                map.window[axis] = key.window;
                map.dilation[axis] = 1;
            }
            const int span = (map.window[axis] - 1) * map.dilation[axis] + 1;
            map.in[axis] = random.between(0, 3) == 0 ? span : math::max(map.in[axis], span);
            map.out[axis] =
                (map.in[axis] + map.before[axis] + map.after[axis] - span) / map.stride[axis] + 1;
        }
        if (i % 3 == 0) g = first;
        if (i % 6 == 3) { // a row of pixels, longer than what is copied at a time
            if (Depthwise || key.window != 0 ||
                key.step != map.channels * bytes_of_cell(dots_of(Machine)))
                continue;
            for (int axis = 1; axis < 3; ++axis) {
                map.window[axis] = map.stride[axis] = map.dilation[axis] = 1;
                map.before[axis] = map.after[axis] = 0;
                map.in[axis] = map.out[axis] = axis == 1 ? 1 : random.between(1, 999);
            }
        }
        if (key.step == 0 && !Depthwise && map.out[2] != 1) continue;
        const int8_choice choice =
            Depthwise ? depthwise_vectors_of(g, key) : conv_vectors_of(g, key);
        ++checked;
        CAPTURE(Seed, i, g.map.channels, g.map.filters, g.map.in[1], g.map.in[2], g.map.window[1],
                g.map.window[2], g.map.stride[2], g.map.before[2], g.map.dilation[2]);
        REQUIRE(cells_that_differ<Meaning>(g, choice, int8_kernel_of<key>, random) == 0);
    }
    return checked;
}

template <target Machine, bool Depthwise, class Meaning, int... Seed>
void check_keys(std::integer_sequence<int, Seed...>) {
    const int checked = (0 + ... + check_key<Machine, Depthwise, Seed, Meaning>());
    CHECK(checked == 30 * sizeof...(Seed));
}

template <target Machine> void check_kernels() {
    using seeds = std::make_integer_sequence<int, has(Machine) ? 10 : 2>;
    check_keys<Machine, false, conv_int8>(seeds{});
    check_keys<Machine, true, depthwise_int8>(seeds{});
    if constexpr (Machine.lanes == 16)
        check_keys<Machine, false, conv_int8>(
            std::integer_sequence<int, first_shared, first_shared + 1, first_shared + 2>{});
}

template <class Network, target Machine> void check_network() {
    CHECK(property::bytes_that_differ<Network, Machine, 1>() == 0);
    CHECK(property::bytes_that_differ<Network, Machine, 4>() == 0);
    CHECK(property::bytes_that_differ<Network, Machine, 7>() == 0);
}

/// What kernels make of networks, sums and pools among them.
template <target Machine> void check_networks() {
    using block = residual<conv2d<8, 3, same, relu>, conv2d<8, 3, same>>;
    check_network<network<input<6, 7, 8>, block, relu, block, relu6, avg_pool2d<3, same>, block>,
                  Machine>();
    check_network<network<input<9, 7, 19>, max_pool2d<3, same, stride<2>>, relu,
                          depthwise_conv2d<3, same, relu>, avg_pool2d<2>, flatten, dense<70, relu>,
                          dense<5>, softmax>,
                  Machine>();
    check_network<
        network<input<5, 5, 70>, residual<conv2d<70, 1>>, avg_pool2d<5>, flatten, dense<130>>,
        Machine>();
}

} // namespace

TEST_CASE("kernels on int8 for AVX-512 VNNI") { check_kernels<targets::avx512_vnni>(); }
TEST_CASE("kernels on int8 for AVX-512") { check_kernels<targets::avx512>(); }
TEST_CASE("kernels on int8 for AVX2") { check_kernels<targets::avx2>(); }
TEST_CASE("kernels on int8 for NEON") { check_kernels<targets::neon>(); }
TEST_CASE("kernels on int8 for NEON with dot products") { check_kernels<targets::neon_dots>(); }

TEST_CASE("networks on int8 by vectors") {
    check_networks<targets::avx512_vnni>();
    check_networks<targets::avx512>();
    check_networks<targets::avx2>();
    check_networks<targets::neon>();
    check_networks<targets::neon_dots>();
}

TEST_CASE("sums on int8 are scaled by vectors as by the rule") {
    property::random random{5};
    const auto check = [&]<int Lanes>() {
        for (int i = 0; i < 20'000; ++i) {
            simd::ints<Lanes> sums, by, shift;
            for (int lane = 0; lane < Lanes; ++lane) {
                const int size = random.between(0, 31);
                sums[lane] = static_cast<int>(random.next() << 1U ^ random.next()) >> size;
                const int edge = random.between(0, 9);
                if (edge == 0) sums[lane] = fixed::least;
                if (edge == 1) sums[lane] = fixed::greatest;
                // Halves are what is rounded differently.
                if (edge == 2) sums[lane] = (sums[lane] | 1) * (1 << random.between(0, 8));
                by[lane] = edge == 3  ? 0
                           : edge < 6 ? 1 << 30
                                      : 1 << 30 | random.between(0, 0x3fffffff);
                shift[lane] = random.between(-31, 5);
            }
            const simd::ints<Lanes> scaled = simd::lane_factors<Lanes>{by, shift}.scaled(sums);
            const simd::ints<Lanes> below = shift < 0 ? shift : shift - shift - 1;
            simd::ints<Lanes> even{}, odd{};
            for (int lane = 0; lane < Lanes; ++lane) {
                const unsigned long long added = simd::added_to_product(below[lane]);
                auto& own = lane % 2 == 0 ? even : odd;
                own[lane - lane % 2] = static_cast<int>(static_cast<unsigned>(added));
                own[lane - lane % 2 + 1] = static_cast<int>(static_cast<unsigned>(added >> 32));
            }
            const simd::short_factors<Lanes> factors{by, below, even, odd};
            const simd::ints<Lanes> shortly = factors.scaled(sums);
            const simd::ints<Lanes> above = factors.template scaled<false>(sums);
            for (int lane = 0; lane < Lanes; ++lane) {
                CAPTURE(sums[lane], by[lane], shift[lane]);
                REQUIRE(scaled[lane] == fixed::scaled(sums[lane], rescale{by[lane], shift[lane]}));
                const int wanted = fixed::scaled(sums[lane], rescale{by[lane], below[lane]});
                REQUIRE(shortly[lane] == wanted);
                REQUIRE(math::max(above[lane], 0) == math::max(wanted, 0));
            }
        }
    };
    check.template operator()<4>();
    check.template operator()<8>();
    check.template operator()<16>();
}
