// SPDX-License-Identifier: BSL-1.0
// Winograd's convolution against the layer's reference meaning.
#include <ctnn/kernels/winograd_few.hpp>

#include "conv_case.hpp"

namespace {

using namespace ctnn_test;

struct minimal {
    static constexpr double tolerance = 2e-5; // it is about 5e-6, ten times a direct convolution's
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        dice roll{seed * 977 + 13};
        for (int i = 0; i < 8; ++i) roll.next();
        geometry g;
        const int window = roll.one_in(3) ? 5 : 3;
        for (int axis = 1; axis < 3; ++axis) {
            g.window[axis] = window;
            g.before[axis] = roll.one_in(2) ? window / 2 : roll.from(0, 2);
            g.out[axis] = roll.from(4, 22);
            const int after = roll.one_in(2) ? window / 2 : roll.from(0, 2);
            g.in[axis] = g.out[axis] + window - 1 - g.before[axis] - after;
        }
        const int least = (16 + lanes - 1) / lanes;
        g.channels = lanes * (least + roll.from(0, 2));
        g.filters = lanes * (least + roll.from(0, 3));
        roll_ends(roll, g);
        return g;
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        const bool smaller = g.window[1] == 3 && g.in[1] % 2 == 0;
        return ctnn::choose_winograd(g, machine, 1 << 30, smaller ? 4 : 6);
    }
};

/// Weights that are asked for ahead.
struct minimal_streamed {
    static constexpr double tolerance = 2e-5;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        geometry g = minimal::roll(2 * seed + 1, lanes);
        for (int axis = 1; axis < 3; ++axis) {
            g.window[axis] = 3;
            g.before[axis] = 1;
            g.in[axis] = g.out[axis] = 9 + static_cast<int>(seed % 2) + axis;
        }
        g.channels = 80;
        g.filters = 112;
        return g;
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_winograd(g, machine, 1 << 30, g.in[1] % 2 == 0 ? 4 : 6);
    }
};

/// Any channels, filters of up to two vectors.
struct minimal_few {
    static constexpr double tolerance = 2e-5;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        geometry g = minimal::roll(seed, lanes);
        dice roll{seed * 1237 + 5};
        for (int i = 0; i < 8; ++i) roll.next();
        g.channels = roll.one_in(2) ? roll.from(6, 24) : roll.from(1, 3) * lanes;
        g.filters = roll.one_in(2) ? roll.from(1, lanes / 2) : roll.from(1, 2 * lanes);
        if (roll.one_in(4)) g.filters = lanes / 2;
        if (roll.one_in(3)) roll_pool(roll, g);
        return g;
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_winograd_few(g, machine, 1 << 30);
    }
};

template <int Lanes> int check() {
    return check_kernels<minimal, Lanes>(std::make_integer_sequence<int, 40>{});
}
template <int Lanes> int check_streamed() {
    return check_kernels<minimal_streamed, Lanes>(std::make_integer_sequence<int, 2>{});
}
template <int Lanes> int check_few() {
    return check_kernels<minimal_few, Lanes>(std::make_integer_sequence<int, 60>{});
}

} // namespace

TEST_CASE("Winograd's convolution, 4 lanes") { CHECK(check<4>() >= 40); }
TEST_CASE("Winograd's convolution with many weights, 4 lanes") { CHECK(check_streamed<4>() >= 2); }
TEST_CASE("Winograd's convolution to few channels, 4 lanes") { CHECK(check_few<4>() >= 40); }
#if CTNN_WIDEST >= 16
TEST_CASE("Winograd's convolution with many weights, 8 lanes") { CHECK(check_streamed<8>() >= 2); }
TEST_CASE("Winograd's convolution with many weights, 16 lanes") {
    CHECK(check_streamed<16>() >= 2);
}
TEST_CASE("Winograd's convolution, 8 lanes") { CHECK(check<8>() >= 40); }
TEST_CASE("Winograd's convolution, 16 lanes") { CHECK(check<16>() >= 40); }
TEST_CASE("Winograd's convolution to few channels, 8 lanes") { CHECK(check_few<8>() >= 40); }
TEST_CASE("Winograd's convolution to few channels, 16 lanes") { CHECK(check_few<16>() >= 40); }
#endif

TEST_CASE(
    "Winograd's convolution is for 3x3 and 5x5 windows of stride 1 and for weights that fit") {
    constexpr geometry g = minimal::roll(1, 16);
    constexpr auto kind = [](const geometry& numbers, long long bytes) {
        return ctnn::choose_winograd(numbers, ctnn::targets::avx512, bytes).key.kind;
    };
    CHECK(kind(g, 1 << 30) == ctnn::kernel_kind::winograd);
    CHECK(kind(g, 36LL * g.channels * g.filters) == ctnn::kernel_kind::none);
    geometry strided = g;
    strided.stride[1] = 2;
    CHECK(kind(strided, 1 << 30) == ctnn::kernel_kind::none);
    geometry wide = g;
    wide.window[2] = 8 - wide.window[1];
    CHECK(kind(wide, 1 << 30) == ctnn::kernel_kind::none);
}
