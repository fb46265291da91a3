// SPDX-License-Identifier: BSL-1.0
// Direct convolution against the layer's reference meaning, at every vector width.
#include <ctnn/kernels/conv_direct.hpp>

#include "conv_case.hpp"

namespace {

using namespace ctnn_test;

template <ctnn::dtype Stored> struct direct {
    static constexpr double tolerance = 1e-5;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        return random_conv(seed, lanes);
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_conv_direct(g, ctnn::with_weights(machine, Stored));
    }
};

/// Weights beyond the second cache: strips of the map, a window row by row, and weights that are
/// asked for ahead.
struct streamed {
    static constexpr double tolerance = 2e-5;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        dice roll{seed * 31 + 7};
        for (int i = 0; i < 8; ++i) roll.next();
        geometry g;
        const int kind = static_cast<int>(seed % 4);
        for (int axis = 1; axis < 3; ++axis) {
            g.window[axis] = kind == 0 ? 1 : 3;
            g.stride[axis] = kind == 0 ? 2 : roll.from(1, 2);
            g.dilation[axis] = kind == 3 ? axis : 1;
            g.before[axis] = kind == 0 ? 0 : g.dilation[axis];
            g.in[axis] = kind == 0 ? 23 : roll.from(3, 8);
            const int span = (g.window[axis] - 1) * g.dilation[axis] + 1;
            g.out[axis] = (g.in[axis] + 2 * g.before[axis] - span) / g.stride[axis] + 1;
        }
        g.channels = kind == 0 ? 1030 : kind == 1 ? 1100 : 523;
        g.filters = kind == 0 ? 140 : lanes * 2 + roll.from(0, lanes);
        if (kind == 2) g.filters = 71;
        roll_ends(roll, g);
        return g;
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_conv_direct(g, machine);
    }
};

template <int Lanes> int check_streamed() {
    return check_kernels<streamed, Lanes>(std::make_integer_sequence<int, 4>{});
}
template <int Lanes> int check() {
    return check_kernels<direct<ctnn::dtype::float32>, Lanes>(
        std::make_integer_sequence<int, 40>{});
}
template <int Lanes> int check_stored() {
    const auto seeds = std::make_integer_sequence<int, 10>{};
    return check_kernels<direct<ctnn::dtype::float16>, Lanes>(seeds) +
           check_kernels<direct<ctnn::dtype::bfloat16>, Lanes>(seeds);
}

/// For layers of any number of channels, as share_kernels makes keys.
struct shared : direct<ctnn::dtype::float32> {
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        kernel_choice choice = ctnn::choose_conv_direct(g, machine);
        choice.key.step = 0;
        return choice;
    }
};

template <int Lanes> int check_shared() {
    return check_kernels<shared, Lanes>(std::make_integer_sequence<int, 12>{});
}

} // namespace

TEST_CASE("direct convolution, 1 lane") { CHECK(check<1>() > 150); }
TEST_CASE("direct convolution with many weights, 4 lanes") { CHECK(check_streamed<4>() >= 4); }
TEST_CASE("direct convolution, 4 lanes") { CHECK(check<4>() > 150); }
#if CTNN_WIDEST >= 16
TEST_CASE("direct convolution with many weights, 8 lanes") { CHECK(check_streamed<8>() >= 4); }
TEST_CASE("direct convolution with many weights, 16 lanes") { CHECK(check_streamed<16>() >= 4); }
TEST_CASE("direct convolution, 8 lanes") { CHECK(check<8>() > 150); }
TEST_CASE("direct convolution, 16 lanes") { CHECK(check<16>() > 150); }
#endif

TEST_CASE("direct convolution with weights of 16 bits") {
    CHECK(check_stored<1>() > 60);
    CHECK(check_stored<4>() > 60);
#if CTNN_WIDEST >= 16
    CHECK(check_stored<8>() > 60);
    CHECK(check_stored<16>() > 60);
#endif
}

TEST_CASE("direct convolution of any number of channels") {
    CHECK(check_shared<4>() > 50);
#if CTNN_WIDEST >= 16
    CHECK(check_shared<16>() > 50);
#endif
}

TEST_CASE("a direct convolution keeps what is not a number") {
    static constexpr geometry g = [] {
        geometry made;
        made.in[2] = made.out[2] = 4;
        made.filters = 3;
        made.low = 0;
        made.high = 6;
        return made;
    }();
    static constexpr kernel_choice choice = ctnn::choose_conv_direct(g, ctnn::this_machine);
    const float weights[3]{1, 2, 3};
    const float input[4]{1, std::numeric_limits<float>::quiet_NaN(), -1,
                         std::numeric_limits<float>::infinity()};
    float output[12]{};
    room packed{choice.packed_floats};
    choice.pack({weights}, g, choice.key, packed.data());
    ctnn::kernel_of<choice.key>({input, nullptr, output, packed.data()}, g);
    for (int f = 0; f < 3; ++f) {
        CHECK(output[f] == static_cast<float>(f + 1));
        CHECK(std::isnan(output[3 + f]));
        CHECK(output[6 + f] == 0);
        CHECK(output[9 + f] == 6);
    }
}
