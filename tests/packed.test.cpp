// SPDX-License-Identifier: BSL-1.0
// Weights that are packed before they are needed: in constant expressions, for any target, and run
// where they lie.
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/safetensors.hpp>
#include <digits/digits.hpp>

#include "catch.hpp"

// By ctnn_pack_weights.
using reader = digits::network;
constexpr ctnn::target far_machine = ctnn::with_weights(ctnn::targets::neon, ctnn::dtype::float16);
extern "C" const float digits_here[ctnn::packed_weights<reader>::floats];
extern "C" const float digits_far[ctnn::packed_weights<reader, far_machine>::floats];

namespace {

using namespace ctnn;

// No kernel knows a norm along the rows: it reads its weights as they are.
using small = network<input<6, 5, 2>, conv2d<3, 3, same, no_bias>, batch_norm<>, relu,
                      batch_norm<axis<0>>, depthwise_conv2d<3>, flatten, dense<4>>;

template <class Network, target Machine> constexpr bool has_raw_weights() {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    for (int i = 0; i < plan.step_count; ++i)
        if (plan.steps[i].call < 0 && raw_floats(Network::graph(), plan.steps[i]) > 0) return true;
    return false;
}
static_assert(has_raw_weights<small, this_machine>());

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

TEST_CASE("the build packs trained weights for this machine and for others") {
    const weights_result file =
        read_safetensors<reader>(CTNN_SOURCE_DIR "/examples/digits/digits.safetensors");
    REQUIRE(file);
    const weights_span<reader> blob{file.weights.data()};
    std::vector<float> far(packed_weights<reader, far_machine>::floats);
    pack<reader, far_machine>(
        blob, fixed_span<float, packed_weights<reader, far_machine>::floats>{far.data()});
    CHECK(std::memcmp(digits_far, far.data(), sizeof digits_far) == 0);

    static arena<reader, float, this_machine> memory;
    const auto image = some_image<reader>();
    const auto reads = std::make_unique<model<reader>>(blob);
    std::array<float, 10> expected{};
    std::array<float, 10> got{};
    reads->run(input_span<reader>{image.data()}, expected);
    run<reader>(digits_here, input_span<reader>{image.data()}, got, memory);
    CHECK(got == expected);
}
