// SPDX-License-Identifier: BSL-1.0
// Whole networks through the reference runtime, one image at a time; weights and image are made up.
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include <ctnn/ctnn.hpp>
#include <zoo/lenet5.hpp>
#include <zoo/mlperf_ad.hpp>
#include <zoo/mlperf_ic.hpp>
#include <zoo/mlperf_kws.hpp>
#include <zoo/mlperf_vww.hpp>
#include <zoo/seed.hpp>

namespace {

std::vector<float> made_up(long long count) {
    std::vector<float> numbers(static_cast<std::size_t>(count));
    unsigned state = 1;
    for (float& number : numbers) {
        state = state * 1664525U + 1013904223U;
        number = static_cast<float>(state >> 8) / static_cast<float>(1U << 24); // [0, 1)
    }
    return numbers;
}

template <class Network> void reference(benchmark::State& state) {
    const auto weights = made_up(Network::parameters);
    const auto image = made_up(Network::input.elements());
    std::vector<float> output(std::size_t{Network::output.elements()});
    const auto model =
        std::make_unique<ctnn::model<Network>>(ctnn::weights_span<Network>{weights.data()});
    for (auto _ : state) {
        model->run(ctnn::input_span<Network>{image.data()},
                   ctnn::output_span<Network>{output.data()});
        benchmark::DoNotOptimize(output.data());
        benchmark::ClobberMemory();
    }
    state.counters["MAC/s"] = benchmark::Counter(static_cast<double>(Network::macs),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

} // namespace

BENCHMARK(reference<ctnn::zoo::seed>)->Name("reference/seed")->Unit(benchmark::kMicrosecond);
BENCHMARK(reference<ctnn::zoo::lenet5>)->Name("reference/lenet5")->Unit(benchmark::kMicrosecond);
BENCHMARK(reference<ctnn::zoo::mlperf_kws>)->Name("reference/kws")->Unit(benchmark::kMicrosecond);
BENCHMARK(reference<ctnn::zoo::mlperf_ic>)->Name("reference/ic")->Unit(benchmark::kMicrosecond);
BENCHMARK(reference<ctnn::zoo::mlperf_vww>)->Name("reference/vww")->Unit(benchmark::kMicrosecond);
BENCHMARK(reference<ctnn::zoo::mlperf_ad>)->Name("reference/ad")->Unit(benchmark::kMicrosecond);
