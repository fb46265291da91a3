// SPDX-License-Identifier: BSL-1.0
// Convolutions of the MLPerf Tiny networks, LeNet, ResNet-50 and MobileNetV2.
#include "kernel_bench.hpp"

#include <ctnn/kernels/conv.hpp>

namespace {

using kernel_bench::same;

/// Without padding.
constexpr ctnn::geometry valid(int size, int channels, int filters, int window) noexcept {
    ctnn::geometry g = same(size, size, channels, filters, 1, window, 1);
    for (int axis = 1; axis < 3; ++axis) {
        g.out[axis] = size - window + 1;
        g.before[axis] = 0;
    }
    return g;
}
constexpr ctnn::geometry square(int size, int channels, int filters, int window,
                                int stride = 1) noexcept {
    return same(size, size, channels, filters, 1, window, stride);
}
/// DS-CNN's first layer: a window of 10x4.
constexpr ctnn::geometry keywords() noexcept {
    ctnn::geometry g = same(49, 10, 1, 64, 1, 4, 2);
    g.window[1] = 10;
    g.before[1] = 4;
    return g;
}

// ResNet-8
constexpr auto c32_3_16 = square(32, 3, 16, 3), c32_16_16 = square(32, 16, 16, 3);
constexpr auto c32_16_32_s2 = square(32, 16, 32, 3, 2), p32_16_32_s2 = square(32, 16, 32, 1, 2);
constexpr auto c16_32_32 = square(16, 32, 32, 3), c16_32_64_s2 = square(16, 32, 64, 3, 2);
constexpr auto c8_64_64 = square(8, 64, 64, 3), c32_32_64 = square(32, 32, 64, 3);
// the seed, LeNet, VWW, DS-CNN
constexpr auto s28_1_40 = valid(28, 1, 40, 3), s26_40_8 = valid(26, 40, 8, 3);
constexpr auto l28_1_6 = square(28, 1, 6, 5), l14_6_16 = valid(14, 6, 16, 5);
constexpr auto v96_3_8_s2 = square(96, 3, 8, 3, 2), k49_1_64_s2 = keywords();
constexpr auto p48_8_16 = square(48, 8, 16, 1), p24_16_32 = square(24, 16, 32, 1);
constexpr auto p24_64_128 = square(24, 64, 128, 1), p3_256_256 = square(3, 256, 256, 1);
constexpr auto p25_64_64 = same(25, 5, 64, 64, 1, 1, 1);
// ResNet-50, MobileNetV2
constexpr auto r224_3_64_s2 = square(224, 3, 64, 7, 2), r56_64_64 = square(56, 64, 64, 3);
constexpr auto r28_128_128 = square(28, 128, 128, 3), r14_256_256 = square(14, 256, 256, 3);
constexpr auto r7_512_512 = square(7, 512, 512, 3), p56_64_256 = square(56, 64, 256, 1);
constexpr auto p28_512_128 = square(28, 512, 128, 1), p7_2048_512 = square(7, 2048, 512, 1);
constexpr auto p56_96_24 = square(56, 96, 24, 1), m224_3_32_s2 = square(224, 3, 32, 3, 2);

constexpr ctnn::kernel_choice plain(const ctnn::geometry& g, const ctnn::target& machine) noexcept {
    return ctnn::choose_conv(g, machine);
}
template <ctnn::dtype Stored>
constexpr ctnn::kernel_choice halves(const ctnn::geometry& g,
                                     const ctnn::target& machine) noexcept {
    return ctnn::choose_conv(g, ctnn::with_weights(machine, Stored));
}
constexpr ctnn::kernel_choice minimal(const ctnn::geometry& g,
                                      const ctnn::target& machine) noexcept {
    return ctnn::choose_winograd(g, machine, 1LL << 30);
}

template <const ctnn::geometry& Call, auto Choose> void run(benchmark::State& state) {
    const long long weights =
        kernel_bench::product(Call.window) * Call.channels * Call.filters / Call.groups;
    kernel_bench::call<Call, Choose>(
        state, weights, static_cast<double>(weights * kernel_bench::product(Call.out)));
}
template <const ctnn::geometry& Call> void conv(benchmark::State& state) {
    run<Call, plain>(state);
}
template <const ctnn::geometry& Call> void conv_float16(benchmark::State& state) {
    run<Call, halves<ctnn::dtype::float16>>(state);
}
template <const ctnn::geometry& Call> void conv_bfloat16(benchmark::State& state) {
    run<Call, halves<ctnn::dtype::bfloat16>>(state);
}
template <const ctnn::geometry& Call> void conv_winograd(benchmark::State& state) {
    run<Call, minimal>(state);
}

} // namespace

BENCHMARK(kernel_bench::peak);
BENCHMARK(conv<c32_3_16>);
BENCHMARK(conv<c32_16_16>);
BENCHMARK(conv<c32_16_32_s2>);
BENCHMARK(conv<p32_16_32_s2>);
BENCHMARK(conv<c16_32_32>);
BENCHMARK(conv<c16_32_64_s2>);
BENCHMARK(conv<c8_64_64>);
BENCHMARK(conv<c32_32_64>);
BENCHMARK(conv<s28_1_40>);
BENCHMARK(conv<s26_40_8>);
BENCHMARK(conv<l28_1_6>);
BENCHMARK(conv<l14_6_16>);
BENCHMARK(conv<v96_3_8_s2>);
BENCHMARK(conv<k49_1_64_s2>);
BENCHMARK(conv<p48_8_16>);
BENCHMARK(conv<p24_16_32>);
BENCHMARK(conv<p24_64_128>);
BENCHMARK(conv<p3_256_256>);
BENCHMARK(conv<p25_64_64>);
BENCHMARK(conv<r224_3_64_s2>);
BENCHMARK(conv<r56_64_64>);
BENCHMARK(conv<r28_128_128>);
BENCHMARK(conv<r14_256_256>);
BENCHMARK(conv<r7_512_512>);
BENCHMARK(conv<p56_64_256>);
BENCHMARK(conv<p28_512_128>);
BENCHMARK(conv<p7_2048_512>);
BENCHMARK(conv<p56_96_24>);
BENCHMARK(conv<m224_3_32_s2>);
BENCHMARK(conv_winograd<c32_16_16>);
BENCHMARK(conv_winograd<c16_32_32>);
BENCHMARK(conv_winograd<c8_64_64>);
BENCHMARK(conv_winograd<c32_32_64>);
BENCHMARK(conv_winograd<r56_64_64>);
BENCHMARK(conv_winograd<r28_128_128>);
BENCHMARK(conv_float16<c32_16_32_s2>);
BENCHMARK(conv_float16<c8_64_64>);
BENCHMARK(conv_float16<p24_64_128>);
BENCHMARK(conv_float16<p3_256_256>);
BENCHMARK(conv_float16<r28_128_128>);
BENCHMARK(conv_float16<r14_256_256>);
BENCHMARK(conv_float16<r7_512_512>);
BENCHMARK(conv_float16<p7_2048_512>);
BENCHMARK(conv_float16<p28_512_128>);
BENCHMARK(conv_bfloat16<c32_16_32_s2>);
BENCHMARK(conv_bfloat16<c8_64_64>);
BENCHMARK(conv_bfloat16<p24_64_128>);
BENCHMARK(conv_bfloat16<p3_256_256>);
BENCHMARK(conv_bfloat16<r28_128_128>);
BENCHMARK(conv_bfloat16<r14_256_256>);
BENCHMARK(conv_bfloat16<r7_512_512>);
BENCHMARK(conv_bfloat16<p7_2048_512>);
BENCHMARK(conv_bfloat16<p28_512_128>);
