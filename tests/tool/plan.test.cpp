// SPDX-License-Identifier: BSL-1.0
// A plan that is made at run time is the one that a compiler makes of what is written.
#include "../../examples/zoo/googlenet.hpp"
#include "../../examples/zoo/mobilenet_v3.hpp"
#include "../../examples/zoo/seed.hpp"
#include "../../tools/ctnn/commands/run_time_plan.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "from_graph.hpp"

namespace {

using namespace ctnn;

template <class Network, target Machine> void compare() {
    tool::model source;
    tool::model_from(source, Network::graph());
    const tool::written_network written(source, "written");
    const tool::run_time_plan plan(written.graph(), Machine);
    constexpr auto& value = plan_of<Network, Machine>::value;
    CHECK(plan.arena_bytes() == value.arena_bytes);
    CHECK(plan.live_bytes() == value.live_bytes);
    CHECK(plan.packed_floats() == value.packed_floats);
    CHECK(plan.steps() == value.step_count);
    CHECK(plan.table() == explain<Network, Machine>().data());
}

TEST_CASE("a plan at run time is that of the type") {
    compare<zoo::seed, targets::scalar>();
    compare<zoo::seed, targets::avx2>();
    compare<zoo::seed, with_weights(targets::avx512, dtype::float16)>();
    compare<zoo::googlenet, targets::avx512>();
    compare<zoo::mobilenet_v3_small, targets::neon>();
}

/// Weights of which no two are the same.
std::vector<float> counted(long long count) {
    std::vector<float> numbers;
    for (long long i = 0; i < count; ++i) numbers.push_back(static_cast<float>(i + 1) / 1024);
    return numbers;
}

TEST_CASE("weights that are packed at run time are those that a model packs") {
    tool::model source;
    tool::model_from(source, zoo::seed::graph());
    const tool::written_network written(source, "written");
    const std::vector<float> blob = counted(zoo::seed::parameters);
    const tool::run_time_plan plan(written.graph(), targets::sse2);
    static packed_weights<zoo::seed, targets::sse2> packed{weights_span<zoo::seed>{blob.data()}};
    const std::vector<float> found = plan.pack(blob);
    CHECK(found == std::vector<float>(packed.data(), packed.data() + plan.packed_floats()));
}

} // namespace
