// SPDX-License-Identifier: BSL-1.0
// The numbers in networks.hpp are those of the reference meaning in double. For machines with room.
#include "check.hpp"
#include "networks.hpp"

using namespace embedded;

int main() {
    static arena<float_net, double> memory;
    double image[8 * 8 * 3];
    double made[5];
    for (int i = 0; i < 8 * 8 * 3; ++i) image[i] = static_cast<double>(float_image.each[i]);
    run<float_net, double>(float_weights.each, image, made, memory);
    for (int i = 0; i < 5; ++i)
        check::that(math::abs(made[i] - static_cast<double>(float_results[i])) < 1e-8,
                    "float_results");
    return check::status();
}
