// SPDX-License-Identifier: BSL-1.0
// Norms, gates, trained slopes and adaptive pools against the layers' meaning in double.
#include "property.hpp"

#include <ctnn/kernels/gate.hpp>
#include <ctnn/kernels/group_norm.hpp>
#include <ctnn/kernels/uneven_pool.hpp>
#include <ctnn/layers/glu.hpp>
#include <ctnn/layers/normalisation.hpp>
#include <ctnn/layers/prelu.hpp>

namespace {

using namespace ctnn;

/// Few channels, and some about the multiples of lanes.
int any_channels(property::random& random) {
    return random.between(0, 1) == 0 ? random.between(1, 20) : random.between(21, 140);
}

constexpr geometry with_channels(int channels) noexcept {
    geometry g;
    g.channels = g.filters = channels;
    return g;
}

/// The kernels that `choose(geometry, machine)` finds for few and for many channels.
template <int Lanes, class Choose> constexpr auto keys_of() noexcept {
    property::key_list<16> list;
    for (int channels = 1; channels <= 16; ++channels)
        list.insert(Choose::of(with_channels(channels), property::machine_of(Lanes)).key);
    return list;
}
template <int Lanes, class Choose> inline constexpr auto keys = keys_of<Lanes, Choose>();

struct tensors {
    property::guarded input, output, gamma, beta;
    std::vector<double> expected;

    tensors(property::random& random, long long in, long long out, int weights)
        : input(in), output(out), gamma(weights), beta(weights),
          expected(static_cast<std::size_t>(out)) {
        for (property::guarded* each : {&input, &gamma, &beta}) each->fill(random);
        // Far from 0 beside their differences, as a norm has to expect.
        const float center = static_cast<float>(random.between(0, 2) * 20);
        for (std::size_t i = 0; i < input.size(); ++i) input.data()[i] += center;
    }

    template <class Meaning>
    void define(const attributes& options, const shape& read, const shape& written) {
        const std::vector<double> cells(input.data(), input.data() + input.size());
        const double* inputs[]{cells.data()};
        const float* weights[]{gamma.data(), beta.data()};
        Meaning::template run<double>(
            {options, &read, inputs, 1, written, expected.data(), weights});
    }

    template <int Lanes, class Choose> double error(const geometry& g, bool in_place = false) {
        const kernel_choice choice = Choose::of(g, property::machine_of(Lanes));
        const auto run = property::table_of<keys<Lanes, Choose>>::find(choice.key);
        REQUIRE(run != nullptr);
        property::aligned packed(choice.packed_floats), scratch(choice.scratch_floats);
        weight_source source;
        source.gamma = gamma.data();
        source.beta = beta.data();
        if (choice.packed_floats > 0) choice.pack(source, g, choice.key, packed.data());
        operands o;
        o.input = input.data();
        o.output = in_place ? input.data() : output.data();
        o.weights = packed.data();
        o.scratch = scratch.data();
        run(o, g);
        CHECK(input.intact());
        CHECK(output.intact());
        return property::difference(o.output, expected, g);
    }
};

void any_ends(property::random& random, geometry& g) {
    if (random.between(0, 2) == 0) g.low = 0;
    if (random.between(0, 2) == 0) g.high = 0.5F;
}

template <int Way> struct row_norms {
    static constexpr kernel_choice of(const geometry& g, const target& machine) {
        return choose_row_norm(g, machine, Way);
    }
};
struct group_norms {
    static constexpr kernel_choice of(const geometry& g, const target& machine) {
        return choose_group_norm(g, machine);
    }
};
struct gates {
    static constexpr kernel_choice of(const geometry& g, const target& machine) {
        return choose_gate(g, machine);
    }
};
struct slope_kernels {
    static constexpr kernel_choice of(const geometry& g, const target& machine) {
        return choose_slopes(g, machine);
    }
};
template <int Way> struct uneven_pools {
    static constexpr kernel_choice of(const geometry& g, const target& machine) {
        return choose_uneven_pool(g, machine, Way);
    }
};

template <int Lanes, int Way, class Meaning> void check_rows(property::random& random) {
    geometry g = with_channels(any_channels(random));
    g.in[2] = g.out[2] = random.between(1, 6);
    g.alpha = 0.25F;
    any_ends(random, g);
    attributes options;
    options.epsilon = 0.25;
    const shape map{g.in[2], g.channels};
    tensors t{random, map.elements(), map.elements(), g.channels};
    if (Way == row_norm_way::mean_square)
        for (int i = 0; i < g.channels; ++i) t.beta.data()[i] = 0;
    if (Way == row_norm_way::length)
        for (int i = 0; i < g.channels; ++i) {
            t.gamma.data()[i] = 1;
            t.beta.data()[i] = 0;
        }
    t.define<Meaning>(options, map, map);
    CAPTURE(Lanes, Way, g.channels);
    REQUIRE(t.error<Lanes, row_norms<Way>>(g, random.between(0, 1) == 0) < 5e-6);
}

template <int Lanes> void check_groups(property::random& random) {
    const int groups = random.between(1, 5);
    geometry g = with_channels(groups * random.between(1, 12));
    g.groups = groups;
    g.in[2] = g.out[2] = random.between(1, 30);
    g.alpha = 0.25F;
    any_ends(random, g);
    attributes options;
    options.groups = groups;
    options.epsilon = 0.25;
    const shape map{g.in[2], g.channels};
    tensors t{random, map.elements(), map.elements(), g.channels};
    t.define<group_norm_reference>(options, map, map);
    CAPTURE(Lanes, g.channels, groups, g.in[2]);
    REQUIRE(t.error<Lanes, group_norms>(g) < 5e-6);
}

template <int Lanes> void check_gates(property::random& random) {
    geometry g = with_channels(any_channels(random));
    g.in[2] = g.out[2] = random.between(1, 6);
    any_ends(random, g);
    const shape read{g.in[2], 2 * g.filters};
    const shape written{g.in[2], g.filters};
    g.channels = 2 * g.filters;
    tensors t{random, read.elements(), written.elements(), 1};
    t.define<glu_reference>(attributes{}, read, written);
    CAPTURE(Lanes, g.filters);
    REQUIRE(t.error<Lanes, gates>(g) < 2e-6);
}

template <int Lanes> void check_slopes(property::random& random) {
    const shape map{random.between(1, 4), random.between(1, 4), any_channels(random)};
    attributes options;
    const int shared = random.between(0, 3); // leading axes
    for (int axis = 0; axis < shared; ++axis) options.target.append(axis);
    fault none;
    geometry g = with_channels(map[2]);
    g.channels = static_cast<int>(slopes_of(options, map, none).elements());
    g.in[2] = g.out[2] = map[0] * map[1];
    any_ends(random, g);
    tensors t{random, map.elements(), map.elements(), g.channels};
    for (std::size_t i = 0; i < t.input.size(); ++i) t.input.data()[i] -= 20;
    t.define<prelu_reference>(options, map, map);
    CAPTURE(Lanes, map[0], map[1], map[2], shared);
    REQUIRE(t.error<Lanes, slope_kernels>(g, random.between(0, 1) == 0) < 1e-6);
}

template <int Lanes, int Way, class Meaning> void check_uneven(property::random& random) {
    geometry g = with_channels(random.between(1, 40));
    for (int axis = 0; axis < 3; ++axis) {
        g.in[axis] = random.between(1, 9);
        g.out[axis] = random.between(1, 7);
    }
    any_ends(random, g);
    const shape read = property::shape_of(g.in, g.channels);
    const shape written = property::shape_of(g.out, g.channels);
    attributes options;
    options.target = shape{g.out[0], g.out[1], g.out[2]};
    tensors t{random, read.elements(), written.elements(), 1};
    t.define<adaptive_pool_reference<Meaning>>(options, read, written);
    CAPTURE(Lanes, Way, g.channels, g.in[2], g.out[2]);
    REQUIRE(t.error<Lanes, uneven_pools<Way>>(g) < 2e-6);
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 300; ++i) {
        check_rows<Lanes, row_norm_way::standard, layer_norm_reference>(random);
        check_rows<Lanes, row_norm_way::mean_square, rms_norm_reference>(random);
        check_rows<Lanes, row_norm_way::length, unit_norm_reference>(random);
        check_groups<Lanes>(random);
        check_gates<Lanes>(random);
        check_slopes<Lanes>(random);
        check_uneven<Lanes, pool_way::greatest, greatest_cell>(random);
        check_uneven<Lanes, pool_way::mean, mean_of_cells>(random);
    }
}

} // namespace

TEST_CASE("norms, gates, slopes and adaptive pools compute what the layers mean", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}
