// SPDX-License-Identifier: BSL-1.0
// Two translation units with one network make one program, and share its tables.
#include <cstdio>

#include "one_definition.hpp"

int main() {
    const float image[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    static ctnn::model<shared_network> model{shared_weights};
    float output[2];
    model.run(image, output);
    const bool same_result = output[0] == run_elsewhere(image);
    const bool same_table = table_elsewhere() == &ctnn::launches_of<shared_network, float>;
    std::printf("same result: %d, same table: %d\n", same_result, same_table);
    return same_result && same_table ? 0 : 1;
}
