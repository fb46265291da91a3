// SPDX-License-Identifier: BSL-1.0
// Profiles one network, whose header and type bench/profile/run defines. Weights and image are
// those that bench/compare makes up.
#include "../compare/clock.hpp"
#include "../compare/made_up.hpp"
#include "../compare/peak.hpp"

#include <ctnn/runtime/profile.hpp>

#include <cstdio>
#include <memory>

#include CTNN_PROFILED_HEADER

int main() {
    using network = CTNN_PROFILED_NETWORK;
    static_assert(network::input_count == 1 && network::output_count == 1);
    const compare::subject subject{"",
                                   network::graph(),
                                   network::input,
                                   network::output,
                                   network::parameters,
                                   network::macs,
                                   nullptr,
                                   nullptr};
    const std::vector<float> weights = compare::make_up_weights(subject);
    const std::vector<float> image = compare::make_up_image(subject);
    std::vector<float> output(std::size_t{network::output.elements()});
    const auto model =
        std::make_unique<ctnn::model<network>>(ctnn::weights_span<network>{weights.data()});
    const double peak = compare::read_peak() * 1e9 / 2;
    const auto times =
        ctnn::profile<101>(*model, ctnn::input_span<network>{image.data()},
                           ctnn::output_span<network>{output.data()}, compare::now, 1);
    std::printf("%s", ctnn::tabulate(times, peak).data());
    std::printf("peak of the core %.1f GMAC/s\n", peak * 1e-9);
}
