// SPDX-License-Identifier: BSL-1.0
// Steps that run together, some rows at a time, on random blocks: expand, filter, project, with and
// without a residual, planned so that all steps run together that can. Held against the oracle of
// doubles.
#include <memory>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "property.hpp"

namespace {

using namespace ctnn;

/// A block's numbers, drawn by its seed.
struct block_shape {
    int height, width, channels, expanded, window, step, filters, ways;
};

constexpr block_shape draw(int seed) {
    property::random roll{static_cast<unsigned long long>(seed) * 7919 + 5};
    for (int i = 0; i < 8; ++i) roll.next();
    block_shape b{};
    b.window = roll.one_of({3, 5, 3});
    b.step = roll.one_of({1, 2, 1});
    b.height = roll.between(b.window, 23);
    b.width = roll.between(b.window, 19);
    b.channels = roll.between(1, 24);
    b.expanded = roll.between(1, 40);
    b.filters = roll.between(1, 36);
    b.ways = seed % 8;
    return b;
}

template <int Seed> struct block {
    static constexpr block_shape b = draw(Seed);
    static constexpr int window = b.window;
    static constexpr int step = b.step;
    using padded = depthwise_conv2d<window, same, stride<step>, relu6>;
    using bare = depthwise_conv2d<window, stride<step>>;
    template <bool First, class One, class Other> struct choose { using type = One; };
    template <class One, class Other> struct choose<false, One, Other> { using type = Other; };
    using filter = typename choose<b.ways % 2 == 0, padded, bare>::type;
    using chain = sequence<conv2d<b.expanded, 1, relu6>, filter, conv2d<b.filters, 1>>;
    using residual_chain = residual<conv2d<b.expanded, 1, relu>, depthwise_conv2d<window, same>,
                                    conv2d<b.channels, 1>>;
    using filter_and_mix = residual<depthwise_conv2d<window, same, relu>, conv2d<b.channels, 1>>;
    using from_window = sequence<conv2d<b.expanded, 3, same, stride<step>>,
                                 depthwise_conv2d<3, same>, conv2d<b.filters, 1>>;
    using body = typename choose<b.ways / 2 == 0, chain,
                                 typename choose<b.ways / 2 == 1, residual_chain,
                                                 typename choose<b.ways / 2 == 2, filter_and_mix,
                                                                 from_window>::type>::type>::type;
    // Behind a layer that no run takes in, the block's own input and output lie in the arena.
    using net = network<input<b.height, b.width, b.channels>, silu, body, silu, flatten, dense<3>>;
    using open_net = network<input<b.height, b.width, b.channels>, body>;
};

constexpr target banded(int lanes, long long bytes) {
    target machine = property::machine_of(lanes);
    machine.band_bytes = bytes;
    machine.l2_bytes = 8 * 1024; // so that runs are taken that need a little more memory
    return machine;
}

template <class Network, target Machine> constexpr int count_joined() {
    const auto& plan = plan_of<Network, Machine>::value;
    int joined = 0;
    for (int i = 0; i < plan.step_count; ++i) joined += plan.steps[i].band_first >= 0;
    return joined;
}

template <class Network, target Machine> void check() {
    static_assert(Network::parameters > 0);
    std::vector<float> weights(std::size_t{Network::parameters});
    property::random roll{11};
    for (float& weight : weights) weight = roll.cell() / 4;
    std::vector<float> image(std::size_t{Network::input.elements()});
    for (float& cell : image) cell = roll.cell();
    const std::vector<double> cells(image.begin(), image.end());
    property::guarded got{Network::output.elements()};
    std::vector<double> expected(got.size());
    const weights_span<Network> bound{weights.data()};
    const auto kernels = std::make_unique<model<Network, float, Machine>>(bound);
    const auto oracle = std::make_unique<model<Network, double>>(bound);
    for (int again = 0; again < 2; ++again) {
        kernels->run(input_span<Network>{image.data()}, output_span<Network>{got.data()});
        oracle->run(input_span<Network, double>{cells.data()},
                    output_span<Network, double>{expected.data()});
        CHECK(property::difference(got.data(), expected) < 1e-5);
        CHECK(got.intact());
    }
}

template <int Seed, int Lanes> int check_block() {
    constexpr target few = banded(Lanes, 1);
    constexpr target some = banded(Lanes, 3 * 1024);
    using net = typename block<Seed>::net;
    using open_net = typename block<Seed>::open_net;
    INFO("seed " << Seed << ", lanes " << Lanes);
    check<net, few>();
    check<open_net, few>();
    if constexpr (Seed % 2 == 0) check<open_net, some>();
    return count_joined<net, few>() + count_joined<open_net, few>();
}

template <int... Seeds> void check_blocks(std::integer_sequence<int, Seeds...> /*seeds*/) {
    int joined = (check_block<Seeds, 1>() + ...);
    joined += (check_block<Seeds, 4>() + ...);
#if CTNN_WIDEST >= 16
    joined += (check_block<Seeds, 8>() + ...);
    joined += (check_block<Seeds, 16>() + ...);
#endif
    CHECK(joined > 2 * static_cast<int>(sizeof...(Seeds)));
}

} // namespace

TEST_CASE("random blocks, some rows at a time") {
    check_blocks(std::make_integer_sequence<int, 8>{});
}
