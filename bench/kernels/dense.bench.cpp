// SPDX-License-Identifier: BSL-1.0
// Dense layers of LeNet, the MLPerf Tiny autoencoder and others, weights as float32, float16 and
// bfloat16.
#include "kernel_bench.hpp"

#include <ctnn/kernels/dense.hpp>

namespace {

constexpr ctnn::geometry of(int inputs, int units) noexcept {
    ctnn::geometry g;
    g.channels = inputs;
    g.filters = units;
    return g;
}
constexpr ctnn::geometry d640_128 = of(640, 128), d128_128 = of(128, 128), d128_8 = of(128, 8);
constexpr ctnn::geometry d8_128 = of(8, 128), d128_640 = of(128, 640), d4608_10 = of(4608, 10);
constexpr ctnn::geometry d400_120 = of(400, 120), d120_84 = of(120, 84), d84_10 = of(84, 10);
constexpr ctnn::geometry d64_12 = of(64, 12), d64_10 = of(64, 10), d256_2 = of(256, 2);
constexpr ctnn::geometry d1280_1000 = of(1280, 1000);

template <ctnn::dtype Stored>
constexpr ctnn::kernel_choice choose(const ctnn::geometry& g,
                                     const ctnn::target& machine) noexcept {
    return ctnn::choose_dense(g, ctnn::with_weights(machine, Stored));
}

template <const ctnn::geometry& Call, ctnn::dtype Stored> void run(benchmark::State& state) {
    const long long weights = 1LL * Call.channels * Call.filters;
    kernel_bench::call<Call, choose<Stored>>(state, weights, static_cast<double>(weights));
}
template <const ctnn::geometry& Call> void dense(benchmark::State& state) {
    run<Call, ctnn::dtype::float32>(state);
}
template <const ctnn::geometry& Call> void dense_float16(benchmark::State& state) {
    run<Call, ctnn::dtype::float16>(state);
}
template <const ctnn::geometry& Call> void dense_bfloat16(benchmark::State& state) {
    run<Call, ctnn::dtype::bfloat16>(state);
}

} // namespace

BENCHMARK(kernel_bench::peak);
BENCHMARK(dense<d640_128>);
BENCHMARK(dense<d128_128>);
BENCHMARK(dense<d128_8>);
BENCHMARK(dense<d8_128>);
BENCHMARK(dense<d128_640>);
BENCHMARK(dense<d4608_10>);
BENCHMARK(dense<d400_120>);
BENCHMARK(dense<d120_84>);
BENCHMARK(dense<d84_10>);
BENCHMARK(dense<d64_12>);
BENCHMARK(dense<d64_10>);
BENCHMARK(dense<d256_2>);
BENCHMARK(dense<d1280_1000>);
BENCHMARK(dense_float16<d640_128>);
BENCHMARK(dense_float16<d128_128>);
BENCHMARK(dense_float16<d128_640>);
BENCHMARK(dense_float16<d4608_10>);
BENCHMARK(dense_float16<d1280_1000>);
BENCHMARK(dense_bfloat16<d640_128>);
BENCHMARK(dense_bfloat16<d128_128>);
BENCHMARK(dense_bfloat16<d128_640>);
BENCHMARK(dense_bfloat16<d4608_10>);
BENCHMARK(dense_bfloat16<d1280_1000>);
