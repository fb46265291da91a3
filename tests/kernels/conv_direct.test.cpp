// SPDX-License-Identifier: BSL-1.0
// Direct convolution against the layer's reference meaning, at every vector width.
#include <ctnn/kernels/conv_direct.hpp>

#include "conv_case.hpp"

namespace {

using namespace ctnn_test;

struct direct {
    static constexpr double tolerance = 2e-5;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        return random_conv(seed, lanes);
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_conv_direct(g, machine);
    }
};

template <int Lanes> int check() {
    return check_kernels<direct, Lanes>(std::make_integer_sequence<int, 40>{});
}

/// For layers of any number of channels, as share_kernels makes keys.
struct shared : direct {
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
TEST_CASE("direct convolution, 4 lanes") { CHECK(check<4>() > 150); }
#if CTNN_WIDEST >= 16
TEST_CASE("direct convolution, 8 lanes") { CHECK(check<8>() > 150); }
TEST_CASE("direct convolution, 16 lanes") { CHECK(check<16>() > 150); }
#endif

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
