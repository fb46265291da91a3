// SPDX-License-Identifier: BSL-1.0
// The networks of MLPerf Tiny: that packing them and running them allocates nothing.
#include <array>
#include <memory>
#include <vector>

#include <zoo/mlperf_ad.hpp>
#include <zoo/mlperf_ic.hpp>
#include <zoo/mlperf_kws.hpp>
#include <zoo/mlperf_vww.hpp>

#include "catch.hpp"
#include "count_allocations.hpp"

namespace {

using namespace ctnn;

template <class Network> long allocations_of_a_run() {
    const std::vector<float> weights(std::size_t{Network::parameters}, 0.01F);
    const std::vector<float> image(std::size_t{Network::input.elements()}, 0.5F);
    std::vector<float> output(std::size_t{Network::output.elements()}, -1);
    const weights_span<Network> blob{weights.data()};
    static arena<Network, float, this_machine> memory;
    static std::array<float, packed_weights<Network>::floats> packed;
    const auto reads = std::make_unique<model<Network>>(blob);

    const long before = allocations();
    reads->run(input_span<Network>{image.data()}, output_span<Network>{output.data()});
    pack<Network>(blob, packed);
    run<Network>(packed, input_span<Network>{image.data()}, output_span<Network>{output.data()},
                 memory);
    const long after = allocations();

    for (const float cell : output) CHECK(cell != -1); // it did run
    return after - before;
}

} // namespace

TEST_CASE("a run allocates nothing on MLPerf Tiny") {
    CHECK(allocations_of_a_run<zoo::mlperf_ad>() == 0);
    CHECK(allocations_of_a_run<zoo::mlperf_ic>() == 0);
    CHECK(allocations_of_a_run<zoo::mlperf_kws>() == 0);
    CHECK(allocations_of_a_run<zoo::mlperf_vww>() == 0);
}
