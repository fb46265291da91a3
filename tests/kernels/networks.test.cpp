// SPDX-License-Identifier: BSL-1.0
// Whole networks by their kernels, planned for machines of every width, against the oracle of
// doubles: what passes draw together, and where tensors are placed.
#include <memory>
#include <random>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace {

using namespace ctnn;

template <class Network> std::vector<float> random_weights() {
    std::vector<float> weights(std::size_t{Network::parameters});
    std::mt19937 numbers{7};
    std::uniform_real_distribution<float> uniform{-0.5F, 0.5F};
    for (const weight_entry* entry = weight_layout<Network>::begin();
         entry != weight_layout<Network>::end(); ++entry) {
        const std::string_view name(entry->name.characters,
                                    static_cast<std::size_t>(entry->name.size));
        const bool variance = name.ends_with("variance");
        for (long long i = 0; i < entry->elements(); ++i) {
            const float drawn = uniform(numbers);
            weights[static_cast<std::size_t>(entry->offset + i)] =
                variance ? 0.5F + std::abs(drawn) : drawn;
        }
    }
    return weights;
}

template <class Network, target Machine> double largest_error() {
    const auto weights = random_weights<Network>();
    const weights_span<Network> bound{weights.data()};
    const auto kernels = std::make_unique<model<Network, float, Machine>>(bound);
    const auto oracle = std::make_unique<model<Network, double>>(bound);
    std::mt19937 numbers{3};
    std::uniform_real_distribution<float> uniform{-1, 1};
    std::vector<float> image(std::size_t{Network::input.elements()});
    std::vector<float> got(std::size_t{Network::output.elements()});
    std::vector<double> expected(got.size());
    double worst = 0;
    for (int round = 0; round < 5; ++round) {
        for (float& cell : image) cell = uniform(numbers);
        const std::vector<double> cells(image.begin(), image.end());
        kernels->run(input_span<Network>{image.data()}, output_span<Network>{got.data()});
        oracle->run(input_span<Network, double>{cells.data()},
                    output_span<Network, double>{expected.data()});
        double error = 0;
        double largest = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            error = std::max(error, std::abs(static_cast<double>(got[i]) - expected[i]));
            largest = std::max(largest, std::abs(expected[i]));
        }
        worst = std::max(worst, error / largest);
    }
    return worst;
}

template <class Network> void check() {
    CHECK(largest_error<Network, targets::scalar>() < 1e-5);
    CHECK(largest_error<Network, targets::sse2>() < 1e-5);
    CHECK(largest_error<Network, targets::neon>() < 1e-5);
#if CTNN_WIDEST >= 16
    CHECK(largest_error<Network, targets::avx2>() < 1e-5);
    CHECK(largest_error<Network, targets::avx512>() < 1e-5);
#endif
}

} // namespace

TEST_CASE("skips, depthwise layers and curves") {
    check<network<input<12, 10, 3>, conv2d<8, 3, same, relu>, save<"skip">, max_pool2d<2>,
                  depthwise_conv2d<3, same, no_bias>, batch_norm<>, hard_swish, up_sampling2d<2>,
                  concat_with<"skip">,
                  residual<conv2d<16, 3, same, leaky_relu<>>, conv2d<16, 3, same>>,
                  global_avg_pool2d<>, dense<5, softmax>>>();
}

TEST_CASE("residuals whose sums and norms are drawn into convolutions") {
    check<network<
        input<9, 11, 5>, conv2d<12, 3, same, no_bias>, batch_norm<>, relu,
        residual<conv2d<12, 3, same>, batch_norm<>, relu6, conv2d<12, 3, same>, batch_norm<>>, relu,
        residual<conv2d<20, 3, same, stride<2>>, relu, conv2d<20, 3, same>,
                 shortcut<conv2d<20, 1, stride<2>>, batch_norm<>>>,
        relu, avg_pool2d<2>, flatten, dense<18, relu>, dense<3>>>();
}

TEST_CASE("sums that kernels cannot take, merges of many, moves") {
    check<network<input<8, 7, 6>, residual<depthwise_conv2d<3, same>, batch_norm<>>, relu6,
                  add<branch<>, branch<conv2d<6, 1>>, branch<silu>>,
                  average<branch<>, branch<gelu>, branch<elu<>>>, zero_padding2d<1, 0, 2, 1>,
                  concat<branch<max_pool2d<2>>, branch<avg_pool2d<2>>, branch<max_pool2d<2>, relu>>,
                  multiply<branch<>, branch<global_avg_pool2d<keep_dims>, conv2d<18, 1, sigmoid>>>,
                  up_sampling2d<kernel<2, 3>>, cropping2d<1>, conv2d_transpose<3, 2, stride<2>>,
                  softmax>>();
}

TEST_CASE("pools that are drawn into convolutions") {
    check<network<input<28, 30, 1>, conv2d<6, 5, same, relu>, max_pool2d<2>, conv2d<16, 5>,
                  batch_norm<>, relu, avg_pool2d<2>, conv2d<7, 3, same, relu6>, max_pool2d<2>,
                  flatten, dense<10, softmax>>>();
}

TEST_CASE("norms and sums that must stay where they are") {
    // Read twice, after an activation, along another axis; a sum of one tensor with itself.
    check<network<input<6, 6, 4>, conv2d<4, 3, same>, save<"x">, batch_norm<>, add_with<"x">,
                  conv2d<4, 1, relu>, batch_norm<>, batch_norm<axis<0>>, save<"y">,
                  add<branch<>, branch<>>, conv2d<4, 3, same>, dropout<>, add_with<"y">,
                  residual<relu>, layer_scale, flatten, dense<6, ctnn::tanh>>>();
}

TEST_CASE("zeros around a map that windows take over") {
    check<network<input<9, 7, 5>, zero_padding2d<0, 1, 0, 1>, conv2d<12, 3, stride<2>, relu>,
                  zero_padding2d<2, 1>, depthwise_conv2d<3, same, stride<2>>, zero_padding2d<1>,
                  conv2d<20, 3, same>, zero_padding2d<3>, conv2d<4, 3>, flatten, dense<3>>>();
}

TEST_CASE("layers in stages, transposed convolutions, cells elsewhere") {
    check<
        network<input<12, 10, 6>, separable_conv2d<12, 3, same, relu>,
                residual<separable_conv2d<12, 3, same, no_bias>, batch_norm<>>, relu6,
                residual<separable_conv2d<12, 3, padding<1>, reflect>>,
                conv2d<8, 3, padding<2>, circular, relu>, depthwise_conv2d<3, depth_multiplier<2>>,
                channel_shuffle<4>, slice<2, 14>, space_to_depth<2>, permute<1, 0, 2>,
                reflection_pad2d<2>, conv2d_transpose<20, 3, stride<2>, same, no_bias>,
                batch_norm<>, relu, depthwise_conv2d<3, padding<1>, replicate>,
                constant_pad2d<0.25, 1>, concat<branch<split<2, 0>>, branch<split<2, 1>>>,
                pixel_shuffle<2>, conv2d_transpose<5, kernel<2, 3>, stride<2, 3>>>>();
}

TEST_CASE("windows as large as the map") {
    check<network<input<5, 4, 19>, avg_pool2d<kernel<5, 4>, divisor<3>>>>();
    check<network<input<5, 4, 19>, avg_pool2d<kernel<5, 4>, stride<7>, padding<1>>>>();
    check<network<input<5, 4, 19>, max_pool2d<kernel<5, 4>, stride<7>, padding<2>>>>();
}

TEST_CASE("norms of one example, gates, trained slopes, adaptive pools") {
    check<network<input<10, 7, 3>, normalization<mean<0.5, -0.25, 0>, variance<2, 0.5, 1>>,
                  conv2d<24, 3, same>, normalization<>, hard_sigmoid, conv2d<20, 1>, layer_norm<>,
                  relu, residual<group_norm<4>, conv2d<20, 3, same, hard_swish>>,
                  prelu<shared_axes<0, 1>>, instance_norm<>, glu<>, rms_norm<>,
                  adaptive_avg_pool2d<4, 7>, unit_norm<>, prelu<>, adaptive_max_pool2d<2, 7>,
                  relu_with<max_value<0.75>, negative_slope<0.125>>>>();
}
