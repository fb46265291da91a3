// SPDX-License-Identifier: BSL-1.0
// Dense kernels against the layer's meaning in double.
#include "property.hpp"

#include <ctnn/kernels/dense.hpp>
#include <ctnn/layers/dense.hpp>

namespace {

using namespace ctnn;

constexpr geometry any_call(property::random& random) noexcept {
    geometry g;
    const int inputs[]{1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 65, 84, 120, 130, 257};
    const int units[]{1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 20, 31, 33, 50, 64, 84, 100, 129};
    g.channels = random.one_of(inputs);
    g.filters = random.one_of(units);
    // A single sum that happens to be near 0 says nothing: few units have several rows.
    g.in[2] = g.out[2] = g.filters < 16 ? 8 : random.between(0, 4) == 0 ? 3 : 1;
    if (random.between(0, 2) == 0) g.low = 0;
    if (random.between(0, 2) == 0) g.high = 1.5F;
    return g;
}

/// Half of them with weights of 16 bits.
constexpr target any_machine(int lanes, int number) noexcept {
    constexpr dtype stored[]{dtype::float32, dtype::float32, dtype::float16, dtype::bfloat16};
    return with_weights(property::machine_of(lanes), stored[number % 4]);
}

template <int Lanes> constexpr auto some_keys() noexcept {
    property::key_list<24> list;
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 80; ++i)
        list.insert(choose_dense(any_call(random), any_machine(Lanes, i)).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = some_keys<Lanes>();

double error_of(const geometry& g, const kernel_choice& choice, kernel_function run,
                property::random& random) {
    property::guarded input(1LL * g.in[2] * g.channels), output(1LL * g.out[2] * g.filters);
    property::guarded kernel(1LL * g.channels * g.filters), bias(g.filters);
    property::guarded other(1LL * g.out[2] * g.filters);
    input.fill(random);
    kernel.fill(random);
    bias.fill(random);
    other.fill(random);
    const bool adds = random.between(0, 2) == 0;
    property::aligned weights(choice.packed_floats);
    weight_source source;
    source.kernel = kernel.data();
    source.bias = bias.data();
    choice.pack(source, g, choice.key, weights.data());
    CHECK(weights.data()[choice.packed_floats - 1] != 1e30F); // no room is left
    operands o;
    o.input = input.data();
    o.other = adds ? other.data() : nullptr;
    o.output = output.data();
    o.weights = weights.data();
    run(o, g);
    CHECK(output.intact());

    property::round_stored(kernel.data(), kernel.size(), bias.size(), choice.key.weights);
    const std::vector<double> cells(input.data(), input.data() + input.size());
    std::vector<double> expected(output.size());
    const shape read{g.in[2], g.channels}, written{g.out[2], g.filters};
    const double* inputs[]{cells.data()};
    const float* factors[]{kernel.data(), bias.data()};
    dense_reference::run<double>(
        {attributes{}, &read, inputs, 1, written, expected.data(), factors});
    for (std::size_t i = 0; adds && i < expected.size(); ++i)
        expected[i] += static_cast<double>(other.data()[i]);
    return property::difference(output.data(), expected, g);
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    int ways[3][2]{};
    for (int i = 0; i < 4000; ++i) {
        const geometry g = any_call(random);
        const kernel_choice choice = choose_dense(g, any_machine(Lanes, i));
        const kernel_function run = property::table_of<keys<Lanes>>::find(choice.key);
        if (run == nullptr) continue;
        ++ways[static_cast<int>(choice.key.weights)][choice.key.detail];
        CAPTURE(Lanes, i, g.channels, g.filters, g.in[2], choice.key.detail, choice.key.vectors);
        REQUIRE(error_of(g, choice, run, random) < 1e-5);
    }
    for (const auto& way : ways) {
        CHECK(way[0] > 40);
        if (Lanes > 1) CHECK(way[dense_way::few] > 5);
    }
}

} // namespace

TEST_CASE("dense kernels compute what the layer means", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}
