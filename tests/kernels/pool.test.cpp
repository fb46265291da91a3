// SPDX-License-Identifier: BSL-1.0
// Pool kernels against the layers' meaning in double.
#include "property.hpp"

#include <ctnn/kernels/global_pool.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/layers/pool.hpp>

namespace {

using namespace ctnn;

constexpr geometry any_call(property::random& random) noexcept {
    geometry g;
    const bool deep = random.between(0, 9) == 0;
    const int least = random.between(0, 9);
    for (int axis = deep ? 0 : 1; axis < 3; ++axis) {
        g.window[axis] = least < 4 ? 2 : least < 7 ? 3 : random.between(1, 5);
        g.stride[axis] = random.between(1, 3);
        if (random.between(0, 9) == 0) g.dilation[axis] = 2;
        const int span = (g.window[axis] - 1) * g.dilation[axis] + 1;
        const bool pads = random.between(0, 1) == 0;
        g.before[axis] = pads ? random.between(0, g.window[axis] - 1) : 0;
        g.after[axis] = pads ? random.between(0, g.window[axis] - 1) : 0;
        g.in[axis] = random.between(span, span + 12);
        const int room = g.in[axis] + g.before[axis] + g.after[axis] - span;
        g.out[axis] = room / g.stride[axis] + 1;
        // Sometimes in ceil mode.
        if (room % g.stride[axis] != 0 && random.between(0, 1) == 0 &&
            g.out[axis] * g.stride[axis] < g.in[axis] + g.before[axis])
            ++g.out[axis];
    }
    const int sizes[]{1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 17, 19, 24, 31, 32, 33, 64, 70};
    g.channels = g.filters = g.groups = random.one_of(sizes);
    if (random.between(0, 2) == 0) g.low = 0;
    if (random.between(0, 2) == 0) g.high = 1.5F;
    g.divisor = random.between(-1, 1) * random.between(0, 3);
    if (g.divisor < -1) g.divisor = -1;
    return g;
}

template <int Lanes> constexpr auto some_keys() noexcept {
    property::key_list<30> list;
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 60; ++i)
        list.insert(choose_pool(any_call(random), property::machine_of(Lanes), i % 2).key);
    for (int way = 0; way < 2; ++way)
        list.insert(choose_global_pool({}, property::machine_of(Lanes), way).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = some_keys<Lanes>();

double error_of(const geometry& g, const kernel_key& key, kernel_function run,
                property::random& random) {
    const bool global = key.kind == kernel_kind::global_pool;
    property::guarded input(1LL * g.in[0] * g.in[1] * g.in[2] * g.channels);
    property::guarded output((global ? 1LL : 1LL * g.out[0] * g.out[1] * g.out[2]) * g.channels);
    input.fill(random);
    operands o;
    o.input = input.data();
    o.output = output.data();
    run(o, g);
    CHECK(output.intact());

    const std::vector<double> cells(input.data(), input.data() + input.size());
    std::vector<double> expected(output.size());
    const shape read = property::shape_of(g.in, g.channels);
    const shape written = global ? shape{g.channels} : property::shape_of(g.out, g.channels);
    const double* inputs[]{cells.data()};
    attributes options = property::options_of(g);
    for (int axis = 0; axis < 3; ++axis) options.spatial.after[axis] = g.after[axis];
    options.count_padding = g.divisor < 0;
    options.divisor = g.divisor > 0 ? g.divisor : 0;
    const reference_call<double> call{options, &read, inputs, 1, written, expected.data(), nullptr};
    if (global && key.detail == pool_way::mean)
        global_pool_reference<mean_of_cells>::run<double>(call);
    else if (global)
        global_pool_reference<greatest_cell>::run<double>(call);
    else if (key.detail == pool_way::mean)
        window_pool_reference<mean_of_cells>::run<double>(call);
    else
        window_pool_reference<greatest_cell>::run<double>(call);
    return property::difference(output.data(), expected, g);
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    int checked[4]{};
    for (int i = 0; i < 2000; ++i) {
        const geometry g = any_call(random);
        const target machine = property::machine_of(Lanes);
        const bool global = i % 4 > 1;
        const kernel_choice choice =
            global ? choose_global_pool(g, machine, i % 2) : choose_pool(g, machine, i % 2);
        const kernel_function run = property::table_of<keys<Lanes>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked[i % 4];
        CAPTURE(Lanes, i, g.channels, g.in[0], g.in[1], g.in[2], g.window[1], g.window[2],
                g.stride[2], choice.key.detail, global);
        REQUIRE(error_of(g, choice.key, run, random) < (i % 2 == 0 ? 1e-30 : 2e-5));
    }
    for (const int count : checked) CHECK(count > 200);
}

template <int Lanes> void check_not_a_number() {
    // One NaN on a map of 4 x 4: the windows that see it, and no others.
    geometry g;
    g.channels = g.filters = 3;
    g.in[1] = g.in[2] = 4;
    g.out[1] = g.out[2] = 2;
    g.window[1] = g.window[2] = g.stride[1] = g.stride[2] = 2;
    constexpr geometry same = [] {
        geometry plain;
        plain.channels = 3;
        plain.window[1] = plain.window[2] = 2;
        return plain;
    }();
    constexpr kernel_choice window = choose_pool(same, property::machine_of(Lanes), 0);
    constexpr kernel_choice global = choose_global_pool(same, property::machine_of(Lanes), 0);
    // As a model calls them: what is inlined here, g++ suspects of writing too far.
    volatile kernel_function pool_windows = kernel_of<window.key>;
    volatile kernel_function pool_whole = kernel_of<global.key>;
    for (int at = 0; at < 48; ++at) {
        float cells[48]{}, pooled[12]{}, greatest[3]{};
        cells[at] = std::nanf("");
        operands o;
        o.input = cells;
        o.output = pooled;
        pool_windows(o, g);
        o.output = greatest;
        pool_whole(o, g);
        const int pixel = at / 3;
        const int seen = (pixel / 8 * 2 + pixel % 4 / 2) * 3 + at % 3;
        for (int i = 0; i < 12; ++i) CHECK(std::isnan(pooled[i]) == (i == seen));
        for (int c = 0; c < 3; ++c) CHECK(std::isnan(greatest[c]) == (c == at % 3));
    }
}

} // namespace

TEST_CASE("pool kernels compute what the layers mean", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}

TEST_CASE("a NaN is the greatest cell", "[kernels]") {
    check_not_a_number<1>();
    check_not_a_number<4>();
    check_not_a_number<8>();
    check_not_a_number<16>();
}
