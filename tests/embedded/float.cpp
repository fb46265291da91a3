// SPDX-License-Identifier: BSL-1.0
// The kernels of this machine against the reference meaning in double; input, output and packed
// weights also at addresses that suit no vector.
#include "check.hpp"
#include "networks.hpp"

using namespace embedded;

// With names that check_image.py finds.
extern "C" {
extern const packed_weights<float_net> weights_of_float;
constexpr packed_weights<float_net> weights_of_float{float_weights.each};
arena<float_net, float, this_machine> arena_of_float;
}
static_assert(sizeof arena_of_float == model<float_net>::arena_bytes);

namespace {

bool is_near(const float* made) noexcept {
    for (int i = 0; i < 5; ++i) {
        const float miss = made[i] - float_results[i];
        if (!(miss < 2e-6F && miss > -2e-6F)) return false;
    }
    return true;
}

} // namespace

int main() {
    static float unaligned[8 * 8 * 3 + 3];
    float made[5 + 3];
    for (int offset = 0; offset < 4; ++offset) {
        for (int i = 0; i < 8 * 8 * 3; ++i) unaligned[i + offset] = float_image.each[i];
        const fixed_span<const float, 8 * 8 * 3> image{check::hidden(unaligned + offset)};
        run<float_net>(weights_of_float, image, fixed_span<float, 5>{made + offset},
                       arena_of_float);
        check::that(is_near(made + offset), "kernels near the reference meaning");
    }
    check::bytes("arena_of_float", model<float_net>::arena_bytes);
    check::bytes("weights_of_float", model<float_net>::packed_bytes);
    return check::status();
}
