// SPDX-License-Identifier: BSL-1.0
// Where products and sums are not contracted (-ffp-contract=off), every machine computes the same
// floats to the bit, if it runs the same plan. One plan a program, since memory is small.
#include "check.hpp"
#include "networks.hpp"

using namespace embedded;

namespace {

template <target Machine> void run_by(const float* pixels, float (&made)[5]) noexcept {
    static arena<float_net, float, Machine> memory;
    static constexpr packed_weights<float_net, Machine> weights{float_weights.each};
    const fixed_span<const float, 8 * 8 * 3> image{pixels};
    if constexpr (Machine.reference)
        run<float_net>(float_weights.each, image, made, memory);
    else
        run<float_net>(weights, image, made, memory);
}

} // namespace

int main() {
    float made[5];
    run_by<CTNN_TEST_TARGET>(check::hidden(float_image.each), made);
    check::equal(made_up::hash_of(made, 5), CTNN_TEST_HASH, "hash of the floats that came out");
    return check::status();
}
