// SPDX-License-Identifier: BSL-1.0
// Operators of TensorFlow Lite one by one, in files that are made here, and damaged files.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../catch.hpp"
#include "orders.hpp"
#include "tflite_file.hpp"

#include <cmath>
#include <utility>

#include "tflite_generated.h"

namespace {

using namespace ctnn;
namespace format = tool::from_tflite::format;
using Catch::Matchers::Contains;
using tool::error_of;
using tool::file;
using tool::ints;
using tool::product;
using numbers = std::vector<double>;

numbers run(const file& made, const std::vector<numbers>& inputs, std::size_t output = 0) {
    tool::model network;
    tool::read_tflite(network, made.bytes(), "m.tflite", {});
    return tool::evaluate_as_source(network, inputs).at(output);
}

/// 0, 1, 2... around 0, in halves.
numbers ramp(const ints& dims) {
    numbers result;
    for (int i = 0; i < product(dims); ++i) result.push_back((i * 7 % 11 - 5) / 2.0);
    return result;
}
std::vector<float> floats(const numbers& from) { return {from.begin(), from.end()}; }

bool close(const numbers& left, const numbers& right) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (!(std::abs(left[i] - right[i]) < 1e-5)) return false;
    return true;
}

/// One operator with one input, and constants behind it.
template <class Options>
numbers single(int code, const ints& dims, const ints& made, const Options& options,
               const std::vector<ints>& constants = {}) {
    file f;
    ints reads{f.input(dims)};
    for (const ints& values : constants) reads.push_back(f.whole(values));
    f.add(code, reads, {f.output(made)}, options);
    return run(f, {ramp(dims)});
}
numbers single(int code, const ints& dims, const ints& made,
               const std::vector<ints>& constants = {}) {
    file f;
    ints reads{f.input(dims)};
    for (const ints& values : constants) reads.push_back(f.whole(values));
    f.add(code, reads, {f.output(made)});
    return run(f, {ramp(dims)});
}

TEST_CASE("tflite: CONV_2D, its kernel turned") {
    file f;
    const ints map{1, 3, 4, 2};
    const int in = f.input(map);
    const numbers kernel = ramp({3, 1, 2, 2});
    const int weights = f.constant({3, 1, 2, 2}, floats(kernel));
    const int bias = f.constant<float>({3}, {0.5F, -1, 2});
    format::Conv2DT options;
    options.padding = 1;
    options.stride_h = 2;
    options.stride_w = 1;
    options.activation = 3;
    f.add(3, {in, weights, bias}, {f.output({1, 2, 3, 3})}, options);
    const numbers image = ramp(map);
    numbers expected;
    for (std::size_t y = 0; y < 2; ++y)
        for (std::size_t x = 0; x < 3; ++x)
            for (std::size_t o = 0; o < 3; ++o) {
                double sum = std::vector<double>{0.5, -1, 2}[o];
                for (std::size_t k = 0; k < 2; ++k)
                    for (std::size_t c = 0; c < 2; ++c)
                        sum += image[(2 * y * 4 + x + k) * 2 + c] * kernel[(o * 2 + k) * 2 + c];
                expected.push_back(std::min(std::max(sum, 0.0), 6.0));
            }
    CHECK(close(run(f, {image}), expected));
}

TEST_CASE("tflite: DEPTHWISE_CONV_2D, of one channel a convolution") {
    for (const int channels : {1, 2}) {
        file f;
        const ints map{1, 2, 2, channels};
        const int in = f.input(map);
        const numbers kernel = ramp({1, 2, 2, 2 * channels});
        format::DepthwiseConv2DT options;
        options.padding = 1;
        options.stride_h = options.stride_w = 1;
        f.add(4, {in, f.constant({1, 2, 2, 2 * channels}, floats(kernel))},
              {f.output({1, 1, 1, 2 * channels})}, options);
        const numbers image = ramp(map);
        numbers expected;
        for (int q = 0; q < 2 * channels; ++q) {
            double sum = 0;
            for (int k = 0; k < 4; ++k)
                sum += image[static_cast<std::size_t>(k * channels + q / 2)] *
                       kernel[static_cast<std::size_t>(k * 2 * channels + q)];
            expected.push_back(sum);
        }
        CHECK(close(run(f, {image}), expected));
    }
}

TEST_CASE("tflite: TRANSPOSE_CONV gives the extents that it is told") {
    // One cell of 1 spreads the kernel: what is cut off shows.
    const auto spread = [](int extent, int padding) {
        file f;
        format::TransposeConvT options;
        options.padding = static_cast<std::int8_t>(padding);
        options.stride_h = 1;
        options.stride_w = 2;
        const int size = f.whole({1, 1, extent, 1});
        const int kernel = f.constant<float>({1, 1, 3, 1}, {1, 2, 3});
        f.add(67, {size, kernel, f.input({1, 1, 2, 1})}, {f.output({1, 1, extent, 1})}, options);
        return run(f, {{1, 10}});
    };
    // 1 2 3+10 20 30
    CHECK(close(spread(5, 1), {1, 2, 13, 20, 30}));
    CHECK(close(spread(4, 0), {1, 2, 13, 20}));
    CHECK(close(spread(3, 0), {2, 13, 20}));
}

TEST_CASE("tflite: FULLY_CONNECTED flattens and turns its weights") {
    file f;
    const int in = f.input({1, 1, 2, 2});
    format::FullyConnectedT options;
    options.activation = 1;
    f.add(9,
          {in, f.constant<float>({2, 4}, {1, 2, 3, 4, -1, -1, -1, -1}),
           f.constant<float>({2}, {0.5F, 1})},
          {f.output({1, 2})}, options);
    CHECK(close(run(f, {{1, 1, 2, 2}}), {17.5, 0}));
}

TEST_CASE("tflite: pools") {
    format::Pool2DT options;
    options.padding = 1;
    options.filter_h = 1;
    options.filter_w = 2;
    options.stride_h = options.stride_w = 1;
    const numbers x = ramp({1, 1, 3, 1}); // -2.5, 1, -1
    CHECK(close(single(17, {1, 1, 3, 1}, {1, 1, 2, 1}, options), {1, 1}));
    CHECK(close(single(1, {1, 1, 3, 1}, {1, 1, 2, 1}, options),
                {(x[0] + x[1]) / 2, (x[1] + x[2]) / 2}));
    options.padding = 0; // the cell beyond the edge does not count
    CHECK(close(single(1, {1, 1, 3, 1}, {1, 1, 3, 1}, options),
                {(x[0] + x[1]) / 2, (x[1] + x[2]) / 2, x[2]}));
}

TEST_CASE("tflite: arithmetic, broadcast too") {
    const numbers x = ramp({1, 2, 3});
    const auto with = [&](int code, const ints& dims, const std::vector<float>& cells, bool first) {
        file f;
        const int in = f.input({1, 2, 3});
        const int other = f.constant(dims, cells);
        f.add(code, first ? ints{other, in} : ints{in, other}, {f.output({1, 2, 3})});
        return run(f, {x});
    };
    const auto each = [&](auto turn) {
        numbers result;
        for (std::size_t i = 0; i < x.size(); ++i) result.push_back(turn(x[i], i));
        return result;
    };
    const std::vector<float> row{1, 2, 4};
    const auto of_row = [&](std::size_t i) { return static_cast<double>(row[i % 3]); };
    CHECK(close(with(0, {3}, row, false),
                each([&](double a, std::size_t i) { return a + of_row(i); })));
    CHECK(close(with(41, {1, 1, 3}, row, false),
                each([&](double a, std::size_t i) { return a - of_row(i); })));
    CHECK(close(with(41, {3}, row, true),
                each([&](double a, std::size_t i) { return of_row(i) - a; })));
    CHECK(close(with(18, {3}, row, false),
                each([&](double a, std::size_t i) { return a * of_row(i); })));
    CHECK(close(with(42, {3}, row, false),
                each([&](double a, std::size_t i) { return a / of_row(i); })));
    CHECK(close(with(42, {1}, {8}, true), each([&](double a, std::size_t) { return 8 / a; })));
    CHECK(close(with(18, {2, 1}, {3, -1}, false),
                each([&](double a, std::size_t i) { return i < 3 ? 3 * a : -a; })));
    CHECK(close(with(0, {1, 2, 3}, {1, 2, 3, 4, 5, 6}, false),
                each([&](double a, std::size_t i) { return a + static_cast<double>(i) + 1; })));
    CHECK(close(with(55, {}, {0.5F}, false),
                each([&](double a, std::size_t) { return std::max(a, 0.5); })));
    CHECK(close(with(57, {}, {0.5F}, false),
                each([&](double a, std::size_t) { return std::min(a, 0.5); })));

    // Two tensors: of one shape, a gate for each channel, a map of one channel, and a row.
    const auto join = [&](int code, const ints& dims, const numbers& cells, bool first) {
        file f;
        const int in = f.input({1, 2, 1, 3}, "a");
        const int other = f.input(dims, "b");
        f.add(code, first ? ints{other, in} : ints{in, other}, {f.output({1, 2, 1, 3})});
        return run(f, {x, cells});
    };
    const numbers same = ramp({6});
    CHECK(close(join(0, {1, 2, 1, 3}, same, false),
                each([&](double a, std::size_t i) { return a + same[i]; })));
    CHECK(close(join(41, {1, 2, 1, 3}, x, false), each([&](double, std::size_t) { return 0.0; })));
    CHECK(close(join(42, {1, 2, 1, 3}, {1, 2, 4, 8, -1, 2}, false),
                each([&](double a, std::size_t i) { return a / numbers{1, 2, 4, 8, -1, 2}[i]; })));
    for (const bool first : {false, true}) {
        CHECK(close(join(18, {1, 1, 1, 3}, {1, 2, 4}, first),
                    each([&](double a, std::size_t i) { return a * of_row(i); })));
        CHECK(close(join(18, {1, 2, 1, 1}, {3, -1}, first),
                    each([&](double a, std::size_t i) { return i < 3 ? 3 * a : -a; })));
        CHECK(close(join(0, {1, 2, 1, 1}, {3, -1}, first),
                    each([&](double a, std::size_t i) { return i < 3 ? a + 3 : a - 1; })));
        CHECK(close(join(0, {1, 3}, {1, 2, 4}, first),
                    each([&](double a, std::size_t i) { return a + of_row(i); })));
    }
    CHECK(close(join(41, {1, 3}, {1, 2, 4}, true),
                each([&](double a, std::size_t i) { return of_row(i) - a; })));
    CHECK(close(join(55, {1, 2, 1, 3}, same, false),
                each([&](double a, std::size_t i) { return std::max(a, same[i]); })));
}

TEST_CASE("tflite: activations") {
    const numbers x = ramp({1, 11});
    const auto matches = [&](int code, double (*turn)(double)) {
        numbers expected;
        for (const double cell : x) expected.push_back(turn(cell));
        return close(single(code, {1, 11}, {1, 11}), expected);
    };
    CHECK(matches(19, [](double a) { return std::max(a, 0.0); }));
    CHECK(matches(20, [](double a) { return std::min(std::max(a, -1.0), 1.0); }));
    CHECK(matches(21, [](double a) { return std::min(std::max(a, 0.0), 6.0); }));
    CHECK(matches(28, [](double a) { return std::tanh(a); }));
    CHECK(matches(14, [](double a) { return 1 / (1 + std::exp(-a)); }));
    CHECK(matches(111, [](double a) { return a < 0 ? std::exp(a) - 1 : a; }));
    CHECK(matches(117, [](double a) { return a * std::min(std::max(a + 3, 0.0), 6.0) / 6; }));
    CHECK(matches(47, [](double a) { return std::exp(a); }));
    CHECK(matches(59, [](double a) { return -a; }));
    CHECK(matches(92, [](double a) { return a * a; }));
    CHECK(matches(150, [](double a) { return 0.5 * a * (1 + std::erf(a / std::sqrt(2.0))); }));
    format::LeakyReluT leaky;
    leaky.alpha = 0.1F;
    numbers bent;
    for (const double cell : x) bent.push_back(cell < 0 ? 0.1 * cell : cell);
    CHECK(close(single(98, {1, 11}, {1, 11}, leaky), bent));
    format::SoftmaxT soft;
    soft.beta = 2;
    double sum = 0;
    for (const double cell : x) sum += std::exp(2 * cell);
    numbers shares;
    for (const double cell : x) shares.push_back(std::exp(2 * cell) / sum);
    CHECK(close(single(25, {1, 11}, {1, 11}, soft), shares));
    double plain = 0;
    for (const double cell : x) plain += std::exp(cell);
    numbers logs;
    for (const double cell : x) logs.push_back(cell - std::log(plain));
    CHECK(close(single(50, {1, 11}, {1, 11}), logs));
}

TEST_CASE("tflite: PRELU shares slopes where the file does") {
    for (const ints& dims : {ints{1, 1, 2}, ints{2, 2, 2}}) {
        file f;
        const int in = f.input({1, 2, 2, 2});
        const numbers slopes = ramp(dims);
        f.add(54, {in, f.constant(dims, floats(slopes))}, {f.output({1, 2, 2, 2})});
        const numbers x = ramp({8});
        numbers expected;
        for (std::size_t i = 0; i < 8; ++i)
            expected.push_back(x[i] < 0 ? x[i] * slopes[i % slopes.size()] : x[i]);
        CHECK(close(run(f, {x}), expected));
    }
}

TEST_CASE("tflite: shapes") {
    const numbers x = ramp({24});
    CHECK(single(22, {1, 2, 3, 4}, {1, 4, 6}, format::ReshapeT(), {{1, -1, 6}}) == x);
    CHECK(single(22, {1, 2, 3, 4}, {6, 4}, format::ReshapeT(), {{6, 4}}) == x);
    CHECK(single(43, {1, 1, 1, 24}, {24}) == x);
    CHECK(single(70, {1, 24}, {1, 1, 24}, {{1}}) == x);
    const auto cell = [&](int i) { return x[static_cast<std::size_t>(i)]; };
    numbers turned;
    for (int c = 0; c < 4; ++c)
        for (int h = 0; h < 2; ++h)
            for (int w = 0; w < 3; ++w) turned.push_back(cell((h * 3 + w) * 4 + c));
    CHECK(single(39, {1, 2, 3, 4}, {1, 4, 2, 3}, {{0, 3, 1, 2}}) == turned);
    CHECK(single(39, {1, 2, 3, 4}, {4, 2, 3, 1}, {{3, 1, 2, 0}}) == turned);
    CHECK(single(39, {1, 6, 1, 4}, {1, 6, 4, 1}, {{0, 1, 3, 2}}) == x);
}

TEST_CASE("tflite: cuts and joins") {
    const numbers x = ramp({12});
    format::StridedSliceT cut;
    CHECK(close(single(45, {1, 4, 3}, {1, 2, 2}, cut, {{0, 1, 0}, {1, 4, 3}, {1, 2, 2}}),
                {x[3], x[5], x[9], x[11]}));
    cut.begin_mask = 7;
    cut.end_mask = 5;
    cut.shrink_axis_mask = 2;
    CHECK(close(single(45, {1, 4, 3}, {1, 3}, cut, {{0, -1, 9}, {0, 0, 0}, {1, 1, 1}}),
                {x[9], x[10], x[11]}));
    CHECK(close(single(65, {1, 4, 3}, {1, 2, 1}, {{0, 1, 2}, {1, 2, -1}}), {x[5], x[8]}));
    for (const bool sized : {false, true}) {
        file f;
        const int in = f.input({1, 2, 6});
        const int axis = f.whole({2});
        const int first = f.output({1, 2, sized ? 1 : 3});
        const int second = f.output({1, 2, sized ? 5 : 3});
        if (sized)
            f.add(102, {in, f.whole({1, -1}), axis}, {first, second});
        else
            f.add(49, {axis, in}, {first, second});
        CHECK(run(f, {x}, 0).size() == (sized ? 2U : 6U));
        CHECK(run(f, {x}, 1)[0] == x[sized ? 1 : 3]);
        CHECK(run(f, {x}, 1).back() == x[11]);
    }
    file f;
    const int left = f.input({1, 2, 2}, "a");
    const int right = f.input({1, 2, 1}, "b");
    format::ConcatenationT join;
    join.axis = -1;
    join.activation = 1;
    f.add(2, {left, right}, {f.output({1, 2, 3})}, join);
    CHECK(run(f, {{1, 2, 3, 4}, {-5, 6}}) == numbers{1, 2, 0, 3, 4, 6});
    file p;
    format::StackT pack;
    pack.axis = 2;
    pack.values_count = 2;
    const int a = p.input({1, 2}, "a");
    const int b = p.input({1, 2}, "b");
    p.add(83, {a, b}, {p.output({1, 2, 2})}, pack);
    CHECK(run(p, {{1, 2}, {3, 4}}) == numbers{1, 3, 2, 4});
}

TEST_CASE("tflite: padding, of channels too") {
    const auto pad = [](int code, const ints& cells, const ints& made, int mode = -1) {
        file f;
        const int in = f.input({1, 2, 1, 2});
        ints reads{in, f.constant<int>({4, 2}, cells, format::CellType_int32)};
        if (code == 60) reads.push_back(f.constant<float>({1}, {9}));
        format::MirrorPadT options;
        options.mode = static_cast<std::int8_t>(mode);
        if (mode >= 0)
            f.add(code, reads, {f.output(made)}, options);
        else
            f.add(code, reads, {f.output(made)});
        return run(f, {{1, 2, 3, 4}});
    };
    CHECK(pad(34, {0, 0, 1, 0, 0, 0, 0, 0}, {1, 3, 1, 2}) == numbers{0, 0, 1, 2, 3, 4});
    CHECK(pad(34, {0, 0, 0, 0, 0, 0, 0, 1}, {1, 2, 1, 3}) == numbers{1, 2, 0, 3, 4, 0});
    CHECK(pad(60, {0, 0, 0, 0, 0, 1, 1, 0}, {1, 2, 2, 3}) ==
          numbers{9, 1, 2, 9, 9, 9, 9, 3, 4, 9, 9, 9});
    CHECK(pad(100, {0, 0, 1, 1, 0, 0, 0, 0}, {1, 4, 1, 2}, 0) == numbers{3, 4, 1, 2, 3, 4, 1, 2});
}

TEST_CASE("tflite: reductions") {
    format::ReducerT drop;
    format::ReducerT keep;
    keep.keep_dims = true;
    const numbers x = ramp({1, 2, 2, 3});
    const auto mean = [&](const std::vector<std::size_t>& cells) {
        double sum = 0;
        for (const std::size_t i : cells) sum += x[i];
        return sum / static_cast<double>(cells.size());
    };
    const numbers channels{mean({0, 3, 6, 9}), mean({1, 4, 7, 10}), mean({2, 5, 8, 11})};
    CHECK(close(single(40, {1, 2, 2, 3}, {1, 3}, drop, {{1, 2}}), channels));
    CHECK(close(single(40, {1, 2, 2, 3}, {1, 1, 1, 3}, keep, {{2, 1}}), channels));
    CHECK(close(
        single(40, {1, 2, 2, 3}, {1, 2, 3}, drop, {{2}}),
        {mean({0, 3}), mean({1, 4}), mean({2, 5}), mean({6, 9}), mean({7, 10}), mean({8, 11})}));
    CHECK(close(single(40, {1, 2, 2, 3}, {1, 2, 2, 1}, keep, {{-1}}),
                {mean({0, 1, 2}), mean({3, 4, 5}), mean({6, 7, 8}), mean({9, 10, 11})}));
    CHECK(close(single(74, {1, 2, 2, 3}, {1, 2}, drop, {{1, 3}}),
                {6 * mean({0, 1, 2, 6, 7, 8}), 6 * mean({3, 4, 5, 9, 10, 11})}));
    CHECK(close(single(40, {1, 2, 2, 3}, {}, drop, {{0, 1, 2, 3}}),
                {mean({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})}));
    CHECK(close(single(82, {1, 2, 2, 3}, {1, 2}, drop, {{1, 3}}),
                {std::max({x[0], x[1], x[2], x[6], x[7], x[8]}),
                 std::max({x[3], x[4], x[5], x[9], x[10], x[11]})}));
}

TEST_CASE("tflite: resized maps") {
    format::ResizeNearestT near;
    CHECK(single(97, {1, 1, 2, 1}, {1, 1, 4, 1}, near, {{1, 4}}) == numbers{-2.5, -2.5, 1, 1});
    // floor(x * 3 / 5): 0, 0, 1, 1, 2
    CHECK(single(97, {1, 1, 3, 1}, {1, 1, 5, 1}, near, {{1, 5}}) == numbers{-2.5, -2.5, 1, 1, -1});
    near.half_pixel_centers = true; // floor((x + 0.5) * 3 / 5): 0, 0, 1, 2, 2
    CHECK(single(97, {1, 1, 3, 1}, {1, 1, 5, 1}, near, {{1, 5}}) == numbers{-2.5, -2.5, 1, -1, -1});
    format::ResizeBilinearT line;
    CHECK(close(single(23, {1, 1, 2, 1}, {1, 1, 4, 1}, line, {{1, 4}}), {-2.5, -0.75, 1, 1}));
    line.half_pixel_centers = true;
    CHECK(close(single(23, {1, 1, 2, 1}, {1, 1, 4, 1}, line, {{1, 4}}), {-2.5, -1.625, 0.125, 1}));
    line.half_pixel_centers = false;
    line.align_corners = true;
    CHECK(close(single(23, {1, 1, 2, 1}, {1, 1, 3, 1}, line, {{1, 3}}), {-2.5, -0.75, 1}));
}

TEST_CASE("tflite: blocks and norms") {
    format::DepthBlockT wide;
    wide.block_size = 2;
    const numbers x = ramp({8});
    CHECK(single(5, {1, 1, 1, 8}, {1, 2, 2, 2}, wide) == x);
    format::BlockT deep;
    deep.block_size = 2;
    CHECK(single(26, {1, 2, 2, 2}, {1, 1, 1, 8}, deep) == x);
    const double length = std::sqrt(x[0] * x[0] + x[1] * x[1]);
    CHECK(close(single(11, {1, 2}, {1, 2}), {x[0] / length, x[1] / length}));
    format::LocalResponseNormalizationT local;
    local.radius = 1;
    local.bias = 2;
    local.alpha = 0.5F;
    local.beta = 1;
    const auto square = [&](std::size_t i) { return x[i] * x[i]; };
    CHECK(close(single(13, {1, 1, 1, 3}, {1, 1, 1, 3}, local),
                {x[0] / (2 + 0.5 * (square(0) + square(1))),
                 x[1] / (2 + 0.5 * (square(0) + square(1) + square(2))),
                 x[2] / (2 + 0.5 * (square(1) + square(2)))}));
}

TEST_CASE("tflite: weights of half precision, and extents that are computed") {
    file f;
    const int in = f.input({1, 2, 2});
    const int half = f.constant<std::uint16_t>({2}, {0x3C00, 0xC100}, format::CellType_float16);
    const int full = f.tensor({2});
    f.add(6, {half}, {full}); // 1 and -2.5
    const int scaled = f.tensor({1, 2, 2});
    f.add(18, {in, full}, {scaled});
    const int extents = f.tensor({3});
    f.add(77, {scaled}, {extents});
    const int batch = f.tensor({});
    format::StridedSliceT first;
    first.shrink_axis_mask = 1;
    f.add(45, {extents, f.whole({0}), f.whole({1}), f.whole({1})}, {batch}, first);
    const int wanted = f.tensor({2});
    format::StackT pack;
    pack.values_count = 2;
    f.add(83, {batch, f.constant<int>({}, {4}, format::CellType_int32)}, {wanted}, pack);
    f.add(22, {scaled, wanted}, {f.output({1, 4})});
    CHECK(close(run(f, {{1, 2, 3, 4}}), {1, -5, 3, -10}));
}

TEST_CASE("tflite: batches and extents that are open") {
    file f;
    const int in = f.input({1, 1, 1, 2});
    f.tensor_at(in).shape_signature = {-1, -1, -1, 2};
    f.add(19, {in}, {f.output({1, 1, 1, 2})});
    CHECK_THAT(error_of(f.bytes()), Contains("(None, None, None, 2)") && Contains("--input in="));
    tool::model network;
    tool::read_options options;
    options.inputs["in"] = {4, 5, 2};
    tool::read_tflite(network, f.bytes(), "m", options);
    CHECK(network.extent(0) == shape{4, 5, 2});
    file g;
    const int many = g.input({8, 3});
    g.add(19, {many}, {g.output({8, 3})});
    tool::model single_one;
    tool::read_tflite(single_one, g.bytes(), "m", {});
    CHECK(single_one.batch == 8);
    CHECK(single_one.extent(0) == shape{3});
}

TEST_CASE("tflite: errors say the operator and what to do") {
    file f;
    f.add(16, {f.input({1, 2})}, {f.output({1, 2})});
    CHECK_THAT(error_of(f.bytes()), Contains("m.tflite: operator 0 (LSTM) 'out': this operator is "
                                             "not supported. Supported are ADD, "));
    file g;
    g.add(19, {g.input({1, 2})}, {g.output({1, 3})});
    CHECK_THAT(error_of(g.bytes()), Contains("would give a tensor of shape (1, 2), and the file "
                                             "says (1, 3)"));
    file q;
    const int in = q.input({1, 2});
    q.tensor_at(in).type = format::CellType_int8;
    q.tensor_at(in).quantization = std::make_unique<format::QuantizationT>();
    q.tensor_at(in).quantization->scale = {0.5F};
    q.add(19, {in}, {q.output({1, 2})});
    CHECK_THAT(error_of(q.bytes()), Contains("of int8 and computes in float32"));
    file c;
    c.add(3, {c.input({1, 2, 2, 1}), 99, -1}, {c.output({1, 2, 2, 1})}, format::Conv2DT());
    CHECK_THAT(error_of(c.bytes()), Contains("names a tensor that is none"));
}

TEST_CASE("tflite: damaged files are read or refused") {
    file f;
    const int in = f.input({1, 3, 3, 2});
    const int mid = f.tensor({1, 3, 3, 2});
    format::Conv2DT options;
    options.stride_h = options.stride_w = 1;
    f.add(3, {in, f.constant({2, 3, 3, 2}, floats(ramp({36})))}, {mid}, options);
    f.add(40, {mid, f.whole({1, 2})}, {f.output({1, 2})}, format::ReducerT());
    const std::string bytes = f.bytes();
    CHECK(error_of(bytes).empty());
    for (std::size_t size = 0; size < bytes.size(); size += 3)
        CHECK(!error_of(bytes.substr(0, size)).empty());
    CHECK(!error_of(std::string(1000, 'x')).empty());
    std::uint32_t state = 1;
    const auto random = [&state] {
        state = state * 1664525 + 1013904223;
        return state >> 8;
    };
    for (int i = 0; i < 3000; ++i) {
        std::string damaged = bytes;
        for (int k = 0; k < 3; ++k)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        error_of(damaged); // not a crash, and nothing but import_error
    }
}

} // namespace
