// SPDX-License-Identifier: BSL-1.0
// Copies against the layers' meaning: the same bits.
#include "property.hpp"

#include <ctnn/layers/arrange.hpp>
#include <ctnn/layers/merge.hpp>
#include <ctnn/layers/pad.hpp>
#include <ctnn/layers/resize.hpp>
#include <ctnn/layers/shuffle.hpp>
#include <ctnn/layers/slice.hpp>
#include <ctnn/plan/choose_kernel.hpp>

namespace {

using namespace ctnn;

template <int Lanes> constexpr auto every_way() noexcept {
    property::key_list<8> list;
    for (int way = 0; way < 6; ++way)
        list.insert(choose_copy({}, property::machine_of(Lanes), way).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = every_way<Lanes>();

template <int Lanes> kernel_function copy_of(int way) {
    return property::table_of<keys<Lanes>>::find(
        choose_copy({}, property::machine_of(Lanes), way).key);
}

/// Two maps one behind the other along the channels, and the first one out of them again.
template <int Lanes> void check_parts(property::random& random) {
    geometry g;
    g.out[1] = random.between(1, 5);
    g.out[2] = random.between(1, 5);
    const int widths[]{random.between(1, 40), random.between(1, 40)};
    const long long pixels = 1LL * g.out[1] * g.out[2];
    g.filters = widths[0] + widths[1];
    property::guarded left(pixels * widths[0]), right(pixels * widths[1]);
    property::guarded joined(pixels * g.filters), again(pixels * widths[0]);
    left.fill(random);
    right.fill(random);
    std::vector<float> expected(joined.size());
    const shape shapes[]{{g.out[1], g.out[2], widths[0]}, {g.out[1], g.out[2], widths[1]}};
    const shape whole{g.out[1], g.out[2], g.filters};
    const float* inputs[]{left.data(), right.data()};
    concat_reference::run<float>(
        {attributes{}, shapes, inputs, 2, whole, expected.data(), nullptr});
    operands o;
    o.output = joined.data();
    for (int i = 0; i < 2; ++i) {
        o.input = inputs[i];
        g.channels = widths[i];
        copy_of<Lanes>(copy_way::insert)(o, g);
        g.before[2] += widths[i];
    }
    CHECK(joined.intact());
    REQUIRE(std::equal(expected.begin(), expected.end(), joined.data()));
    g.channels = g.filters;
    g.filters = widths[0];
    g.before[2] = 0;
    o.input = joined.data();
    o.output = again.data();
    copy_of<Lanes>(copy_way::extract)(o, g);
    CHECK(again.intact());
    REQUIRE(std::equal(left.data(), left.data() + left.size(), again.data()));
}

template <int Lanes> void check_move(property::random& random, int way) {
    const bool repeat = way == copy_way::repeat;
    const int beyond = way == copy_way::border ? random.between(1, 3) : 0;
    geometry g;
    attributes options;
    options.spatial.axes = 3;
    options.spatial.beyond = static_cast<border>(beyond);
    g.divisor = beyond;
    if (way == copy_way::pad) options.alpha = random.between(0, 1) * -2.5;
    g.alpha = static_cast<float>(options.alpha);
    for (int axis = 0; axis < 3; ++axis) {
        g.in[axis] = random.between(1, 6);
        if (repeat) {
            g.window[axis] = random.between(1, 3);
            options.spatial.extent[axis] = g.window[axis];
            g.out[axis] = g.in[axis] * g.window[axis];
        } else {
            g.before[axis] = random.between(-g.in[axis], 3);
            if (way == copy_way::border)
                g.before[axis] = random.between(0, beyond == 1 ? g.in[axis] - 1 : 3);
            options.spatial.before[axis] = g.before[axis];
            g.out[axis] = random.between(1, g.in[axis] + 3);
            if (way == copy_way::border) // a reflection is shorter than the map
                g.out[axis] = g.before[axis] + random.between(1, 2 * g.in[axis] - 1);
        }
    }
    g.channels = g.filters = random.between(1, 20);
    property::guarded input(1LL * g.in[0] * g.in[1] * g.in[2] * g.channels);
    property::guarded output(1LL * g.out[0] * g.out[1] * g.out[2] * g.channels);
    input.fill(random);
    std::vector<float> expected(output.size());
    const shape read = property::shape_of(g.in, g.channels);
    const shape written = property::shape_of(g.out, g.channels);
    const float* inputs[]{input.data()};
    const reference_call<float> call{options, &read, inputs, 1, written, expected.data(), nullptr};
    if (repeat)
        resize_reference::run<float>(call);
    else
        pad_reference::run<float>(call);
    operands o;
    o.input = input.data();
    o.output = output.data();
    copy_of<Lanes>(way)(o, g);
    CAPTURE(Lanes, way, beyond, g.channels, g.in[2], g.out[2], g.before[2]);
    CHECK(output.intact());
    REQUIRE(std::equal(expected.begin(), expected.end(), output.data()));
}

/// A layer that says by a view which cells it takes.
template <int Lanes>
void check_view(property::random& random, const descriptor& layer, const attributes& options,
                const shape& map) {
    const tensor_type read{map};
    const outcome known = layer.rule({options, &read, 1});
    if (known.problem) return;
    property::guarded input(map.elements()), output(known.output.extent.elements());
    input.fill(random);
    std::vector<float> expected(output.size());
    const float* inputs[]{input.data()};
    layer.reference.single(
        {options, &map, inputs, 1, known.output.extent, expected.data(), nullptr});
    geometry g;
    detail::set_view(g, layer.view(options, map, known.output.extent));
    operands o;
    o.input = input.data();
    o.output = output.data();
    copy_of<Lanes>(copy_way::view)(o, g);
    CAPTURE(Lanes, std::string(layer.kind.data, static_cast<std::size_t>(layer.kind.size)), map[0],
            map[1], map[2]);
    CHECK(output.intact());
    REQUIRE(std::equal(expected.begin(), expected.end(), output.data()));
}

template <int Lanes> void check_views(property::random& random) {
    const int side = random.between(1, 3);
    const shape map{random.between(1, 4) * side, random.between(1, 5) * side,
                    random.between(1, 19) * side * side};
    const auto check = [&](const descriptor& layer, auto change) {
        attributes options = layer.options;
        change(options);
        check_view<Lanes>(random, layer, options, map);
    };
    const auto square = [&](attributes& options) { options.target = shape{side}; };
    check(depth_to_space<1>::info, square);
    check(space_to_depth<1>::info, square);
    check(pixel_shuffle<1>::info, square);
    check(pixel_unshuffle<1>::info, square);
    check(channel_shuffle<1>::info, [&](attributes& options) { options.groups = side * side; });
    check(permute<0, 1, 2>::info, [&](attributes& options) {
        const int first = random.between(0, 2);
        const int second = (first + random.between(1, 2)) % 3;
        options.target = shape{first, second, 3 - first - second};
    });
    check(slice<0, to_end>::info, [&](attributes& options) {
        options.along = random.between(0, 2);
        const int begin = random.between(0, map[options.along] - 1);
        options.target = shape{begin, random.between(begin + 1, map[options.along])};
        options.spatial.stride[0] = random.between(1, 3);
    });
    check(split<1, 0>::info, [&](attributes& options) {
        options.along = 2;
        options.target = shape{side, random.between(0, side - 1)};
    });
    check_view<Lanes>(random, repeat_vector<3>::info, repeat_vector<3>::info.options,
                      shape{map[2]});
}

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 500; ++i) {
        check_parts<Lanes>(random);
        for (const int way : {copy_way::repeat, copy_way::pad, copy_way::border})
            check_move<Lanes>(random, way);
        check_views<Lanes>(random);
    }
}

} // namespace

TEST_CASE("copies move every cell to its place", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}
