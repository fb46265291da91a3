// SPDX-License-Identifier: BSL-1.0
// Convolutions by planes against the layer's reference meaning.
#include <ctnn/kernels/conv_planar.hpp>

#include "conv_case.hpp"

namespace {

using namespace ctnn_test;

struct planar {
    static constexpr double tolerance = 2e-6;
    static constexpr geometry roll(std::uint64_t seed, int lanes) {
        dice roll{seed * 977 + 29};
        for (int i = 0; i < 8; ++i) roll.next();
        geometry g;
        roll_axis(roll, g, 1, 20, 7);
        roll_axis(roll, g, 2, 5 * lanes, 7);
        if (g.dilation[2] == 1 && g.stride[2] > 1) {
            g.out[2] += (g.stride[2] - 1) * (g.out[2] - 1);
            g.stride[2] = 1;
        }
        g.channels = roll.one_in(2) ? 1 : roll.from(2, 4);
        g.filters = roll.from(3, 12);
        if (roll.one_in(2)) roll_pool(roll, g);
        roll_ends(roll, g);
        return g;
    }
    static constexpr kernel_choice choose(const geometry& g, const ctnn::target& machine) {
        return ctnn::choose_conv_planar(g, machine, true);
    }
};

template <int Lanes> int check() {
    return check_kernels<planar, Lanes>(std::make_integer_sequence<int, 60>{});
}

} // namespace

TEST_CASE("convolutions by planes, 4 lanes") { CHECK(check<4>() >= 30); }
#if CTNN_WIDEST >= 16
TEST_CASE("convolutions by planes, 8 lanes") { CHECK(check<8>() >= 30); }
TEST_CASE("convolutions by planes, 16 lanes") { CHECK(check<16>() >= 30); }
#endif

TEST_CASE("a NaN stays one in a convolution with its pool") {
    static constexpr geometry g = [] {
        geometry lenet;
        lenet.in[1] = lenet.in[2] = lenet.out[1] = lenet.out[2] = 28;
        lenet.window[1] = lenet.window[2] = 5;
        lenet.before[1] = lenet.before[2] = 2;
        lenet.filters = 6;
        lenet.pool[1] = lenet.pool[2] = 2;
        lenet.low = 0;
        return lenet;
    }();
    static constexpr kernel_choice choice = ctnn::choose_conv_planar(g, machine<8>);
    static_assert(choice.key.kind == ctnn::kernel_kind::conv_planar);
    const conv_case test{g, 5, false, false};
    room packed{choice.packed_floats}, scratch{choice.scratch_floats};
    choice.pack(test.weights(), g, choice.key, packed.data());
    for (const int at : {0, 13 * 28 + 13, 20 * 28 + 9, 783}) {
        std::vector<float> input = test.input;
        input[static_cast<std::size_t>(at)] = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> output(14 * 14 * 6);
        ctnn::kernel_of<choice.key>(
            {input.data(), nullptr, output.data(), packed.data(), scratch.data()}, g);
        for (int i = 0; i < 14 * 14; ++i) {
            const int rows = at / 28 - i / 14 * 2;
            const int columns = at % 28 - i % 14 * 2;
            const bool sees = rows >= -2 && rows <= 3 && columns >= -2 && columns <= 3;
            for (int f = 0; f < 6; ++f)
                CHECK(std::isnan(output[static_cast<std::size_t>(i * 6 + f)]) == sees);
        }
    }
}
