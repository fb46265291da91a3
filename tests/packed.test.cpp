// SPDX-License-Identifier: BSL-1.0
// Weights that are packed before they are needed: in constant expressions, for any target, and run
// where they lie.
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace {

using namespace ctnn;

using small = network<input<6, 5, 2>, conv2d<3, 3, same, no_bias>, batch_norm<>, relu, layer_norm<>,
                      depthwise_conv2d<3>, flatten, dense<4>>;

template <class Network> constexpr auto some_weights() {
    std::array<float, Network::parameters> weights{};
    unsigned state = 5;
    for (float& weight : weights) {
        state = state * 1664525 + 1013904223;
        weight = static_cast<float>(state >> 20) / 4096 + 0.125F; // variances are positive
    }
    return weights;
}

constexpr auto weights = some_weights<small>();
constexpr packed_weights<small> packed{weights}; // in read-only memory

template <class Network> std::vector<float> some_image() {
    std::vector<float> image(std::size_t{Network::input.elements()});
    unsigned state = 9;
    for (float& cell : image) {
        state = state * 1664525 + 1013904223;
        cell = static_cast<float>(state >> 16) / 32768 - 1;
    }
    return image;
}

template <target Machine> bool constant_is_the_same() {
    static constexpr packed_weights<small, Machine> constant{weights};
    const auto made = std::make_unique<packed_weights<small, Machine>>(weights);
    // Where a constant has zeros between two layers, the other one has anything.
    static std::array<float, packed_weights<small, Machine>::floats> zeroed;
    zeroed.fill(0);
    pack<small, Machine>(weights, zeroed);
    return std::memcmp(constant.data(), zeroed.data(), sizeof zeroed) == 0 &&
           made->data()[0] == constant.data()[0];
}

} // namespace

TEST_CASE("weights are packed in constant expressions as they are at run time, for any target") {
    CHECK(constant_is_the_same<targets::scalar>());
    CHECK(constant_is_the_same<targets::sse2>());
    CHECK(constant_is_the_same<targets::avx2>());
    CHECK(constant_is_the_same<targets::avx512>());
    CHECK(constant_is_the_same<targets::neon>());
}

TEST_CASE("packed weights run where they lie, those of layers without a kernel too") {
    static arena<small, float, this_machine> memory;
    const auto image = some_image<small>();
    const auto reads = std::make_unique<model<small>>(weights);
    std::array<float, 4> expected{};
    std::array<float, 4> got{};
    reads->run(input_span<small>{image.data()}, expected);
    run<small>(packed, input_span<small>{image.data()}, got, memory);
    CHECK(got == expected);
}

TEST_CASE("a model needs the network's weights only while it is made") {
    const auto image = some_image<small>();
    auto blob = weights;
    const auto reads = std::make_unique<model<small>>(blob);
    std::array<float, 4> expected{};
    std::array<float, 4> got{};
    reads->run(input_span<small>{image.data()}, expected);
    blob.fill(-1e9F);
    reads->run(input_span<small>{image.data()}, got);
    CHECK(got == expected);
}
