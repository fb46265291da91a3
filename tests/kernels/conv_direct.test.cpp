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

template <int Lanes> int check() {
    return check_kernels<direct<ctnn::dtype::float32>, Lanes>(
        std::make_integer_sequence<int, 40>{});
}
template <int Lanes> int check_stored() {
    const auto seeds = std::make_integer_sequence<int, 10>{};
    return check_kernels<direct<ctnn::dtype::float16>, Lanes>(seeds) +
           check_kernels<direct<ctnn::dtype::bfloat16>, Lanes>(seeds);
}

} // namespace

TEST_CASE("direct convolution, 1 lane") { CHECK(check<1>() > 150); }
TEST_CASE("direct convolution, 4 lanes") { CHECK(check<4>() > 150); }
#if CTNN_WIDEST >= 16
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
