// SPDX-License-Identifier: BSL-1.0
// The second of two translation units that use one network.
#include "one_definition.hpp"

float run_elsewhere(const float (&image)[16]) {
    static ctnn::model<shared_network> model{shared_weights};
    float output[2];
    model.run(image, output);
    return output[0];
}

const void* table_elsewhere() { return &ctnn::launches_of<shared_network, float>; }
