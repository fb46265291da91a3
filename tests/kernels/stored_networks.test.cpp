// SPDX-License-Identifier: BSL-1.0
// Whole networks whose weights are stored in 16 bits, against the oracle with weights rounded so.
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include <zoo/mlperf_ad.hpp>
#include <zoo/mlperf_ic.hpp>

#include "catch.hpp"
#include "round_stored.hpp"

namespace {

using namespace ctnn;

/// As large as lets the numbers neither die out nor grow from layer to layer.
template <class Network> std::vector<float> random_weights() {
    std::vector<float> weights(std::size_t{Network::parameters});
    std::mt19937 numbers{11};
    std::uniform_real_distribution<float> uniform{-1, 1};
    for (const weight_entry* entry = weight_layout<Network>::begin();
         entry != weight_layout<Network>::end(); ++entry) {
        const std::string_view name(entry->name.characters,
                                    static_cast<std::size_t>(entry->name.size));
        const bool kernel = name.ends_with("kernel");
        const auto inputs = static_cast<float>(entry->elements() / entry->extent.channels());
        const float size = kernel ? std::sqrt(3 / inputs) : 0.3F;
        const bool around_1 = name.ends_with("variance") || name.ends_with("gamma");
        for (long long i = 0; i < entry->elements(); ++i)
            weights[static_cast<std::size_t>(entry->offset + i)] =
                size * uniform(numbers) + (around_1 ? 1.0F : 0.0F);
    }
    return weights;
}

/// The weights whose rounding is all that kernels do to them.
template <class Network, target Machine>
std::vector<float> round_weights(std::vector<float> weights, int& rounded) {
    constexpr auto& table = detail::packs_of<Network, Machine>;
    for (const pack_op& op : table.ops) {
        if (op.pack == nullptr || op.key.weights == dtype::float32) continue;
        const geometry& g = op.numbers;
        const auto at = [&](long long offset) {
            return offset < 0 ? nullptr : weights.data() + offset;
        };
        const weight_source source{at(op.kernel), at(op.bias),     at(op.gamma), at(op.beta),
                                   at(op.mean),   at(op.variance), op.epsilon};
        std::vector<double> scales;
        for (int f = 0; f < g.filters; ++f) scales.push_back(source.scale(f));
        const int elements = g.window[0] * g.window[1] * g.window[2] * (g.channels / g.groups);
        property::round_stored(at(op.kernel), static_cast<std::size_t>(elements * g.filters),
                               scales.size(), op.key.weights, scales.data());
        ++rounded;
    }
    return weights;
}

template <class Network, class Cell, target Machine>
std::vector<Cell> output_of(const std::vector<float>& weights) {
    const auto runs =
        std::make_unique<model<Network, Cell, Machine>>(weights_span<Network>{weights.data()});
    std::mt19937 numbers{5};
    std::uniform_real_distribution<float> uniform{-1, 1};
    std::vector<Cell> image(std::size_t{Network::input.elements()});
    for (Cell& cell : image) cell = static_cast<Cell>(uniform(numbers));
    std::vector<Cell> output(std::size_t{Network::output.elements()});
    runs->run(input_span<Network, Cell>{image.data()}, output_span<Network, Cell>{output.data()});
    return output;
}

/// The greatest difference over the greatest output.
double distance(const std::vector<float>& got, const std::vector<double>& expected) {
    double worst = 0;
    double largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double error = std::abs(static_cast<double>(got[i]) - expected[i]);
        worst = error <= worst ? worst : error; // a NaN is the worst
        largest = std::max(largest, std::abs(expected[i]));
    }
    return worst / largest;
}

constexpr target stored(target machine, dtype weights) noexcept {
    machine.winograd_bytes = 0;
    return with_weights(machine, weights);
}

template <class Network, target Machine> void check_target(int layers, double rounding) {
    const std::vector<float> weights = random_weights<Network>();
    int stored_layers = 0;
    const auto rounded = round_weights<Network, Machine>(weights, stored_layers);
    CHECK(stored_layers == layers);
    const auto got = output_of<Network, float, Machine>(weights);
    CHECK(distance(got, output_of<Network, double, targets::reference>(rounded)) < 1e-5);
    // That they are rounded is seen, and is no more than that.
    const double whole = distance(got, output_of<Network, double, targets::reference>(weights));
    CHECK(whole > 2e-5);
    CHECK(whole < rounding);
}

template <class Network, target Machine> void check(int layers) {
    check_target<Network, stored(Machine, dtype::float16)>(layers, 2e-3);
    check_target<Network, stored(Machine, dtype::bfloat16)>(layers, 1.6e-2);
}

template <class Network> void check_widths(int few_lanes, int eight, int sixteen) {
    check<Network, targets::scalar>(few_lanes);
    check<Network, targets::sse2>(few_lanes);
#if CTNN_WIDEST >= 16
    check<Network, targets::avx2>(eight);
    check<Network, targets::avx512>(sixteen);
#endif
    static_cast<void>(eight);
    static_cast<void>(sixteen);
}

using small =
    network<input<9, 11, 5>, conv2d<20, 3, same, no_bias>, batch_norm<>, relu,
            residual<conv2d<20, 3, same>, batch_norm<>, relu6, conv2d<20, 3, same, groups<2>>>,
            relu, conv2d<18, 1>, depthwise_conv2d<3>, flatten, dense<18, relu>, dense<3>>;

} // namespace

TEST_CASE("a small network with weights of 16 bits") { check_widths<small>(6, 6, 6); }
TEST_CASE("the autoencoder with weights of 16 bits") { check_widths<zoo::mlperf_ad>(10, 10, 10); }
TEST_CASE("ResNet-8 with weights of 16 bits") {
    // A convolution to few channels keeps float32, a dense layer of few units does not.
    check_widths<zoo::mlperf_ic>(10, 10, 10);
}
