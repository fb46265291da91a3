// SPDX-License-Identifier: BSL-1.0
// Whole networks on int8 beside the same networks on float32, one input at a time; weights, scales
// and inputs are made up.
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include <ctnn/ctnn.hpp>
#include <made_up.hpp>

#include "embedded/networks.hpp"

namespace {

void count_macs(benchmark::State& state, long long macs) {
    state.counters["MAC/s"] = benchmark::Counter(static_cast<double>(macs),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

template <class Network> void run_float32(benchmark::State& state) {
    const auto weights = std::make_unique<made_up::weights<Network>>(1U);
    const auto input =
        std::make_unique<made_up::reals<static_cast<int>(Network::input.elements())>>(2U);
    std::vector<float> output(std::size_t{Network::output.elements()});
    const auto model =
        std::make_unique<ctnn::model<Network>>(ctnn::weights_span<Network>{weights->each});
    for (auto _ : state) {
        model->run(ctnn::input_span<Network>{input->each},
                   ctnn::output_span<Network>{output.data()});
        benchmark::DoNotOptimize(output.data());
        benchmark::ClobberMemory();
    }
    count_macs(state, Network::macs);
}

template <class Network> void run_int8(benchmark::State& state) {
    using net = ctnn::quantized<Network, made_up::int8_numbers<Network>>;
    constexpr ctnn::target machine = ctnn::this_machine;
    using packed = ctnn::quantized_packed<net, machine>;
    const auto kernels =
        std::make_unique<made_up::int8_cells<static_cast<int>(net::size.kernels)>>(1U);
    const auto biases = std::make_unique<made_up::ints<net::size.biases>>(2U, 2000);
    const auto input =
        std::make_unique<made_up::int8_cells<static_cast<int>(Network::input.elements())>>(3U, 127);
    std::vector<ctnn::int8> output(std::size_t{Network::output.elements()});
    struct alignas(64) bytes {
        unsigned char each[packed::extent];
    };
    const auto weights = std::make_unique<bytes>();
    ctnn::pack<net, machine>(ctnn::quantized_weights<net>{kernels->each, biases->each},
                             weights->each);
    const auto memory = std::make_unique<ctnn::quantized_arena<net, machine>>();
    for (auto _ : state) {
        ctnn::run<net, machine>(packed{weights->each},
                                ctnn::input_span<net, ctnn::int8>{input->each},
                                ctnn::output_span<net, ctnn::int8>{output.data()}, *memory);
        benchmark::DoNotOptimize(output.data());
        benchmark::ClobberMemory();
    }
    count_macs(state, Network::macs);
}

} // namespace

BENCHMARK(run_float32<tiny::kws>)->Name("kws/float32")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_int8<tiny::kws>)->Name("kws/int8")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_float32<tiny::ic>)->Name("ic/float32")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_int8<tiny::ic>)->Name("ic/int8")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_float32<tiny::vww>)->Name("vww/float32")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_int8<tiny::vww>)->Name("vww/int8")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_float32<tiny::ad>)->Name("ad/float32")->Unit(benchmark::kMicrosecond);
BENCHMARK(run_int8<tiny::ad>)->Name("ad/int8")->Unit(benchmark::kMicrosecond);
