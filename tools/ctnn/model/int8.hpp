// SPDX-License-Identifier: BSL-1.0
// Networks on int8 as models: what the library's int8 meaning takes, and what it gives.
#pragma once

#include "model.hpp"

namespace ctnn::tool {

/// The layer types that have a meaning on int8, for messages.
extern const char* const int8_layers;

/// Whether a layer only moves or compares cells: what it makes has the numbers of what it reads.
bool keeps_numbers(const layer& subject);

/// Takes a layer's kernel as cells of int8: its weights are multiples of one scale for each filter,
/// or of one for all. Its bias is `bias`. Throws import_error where a weight is no such multiple.
void set_int8_weights(const model& owner, layer& subject, std::vector<float> scales,
                      std::vector<int> bias);

/// What a layer does with its sums: the factors that it multiplies by, as its meaning orders them,
/// and between which cells its output lies.
struct int8_finish {
    std::vector<rescale> factors;
    int low = least_int8;
    int high = greatest_int8;
};
int8_finish finish_of(const model& owner, const layer& subject);

/// Throws import_error, with the place and what is supported, if some layers are on int8 and others
/// are not, or if a layer has no meaning on int8 with its numbers.
void check_int8(const model& subject);

/// The cells of every output by the layers' meanings on int8, to the bit.
std::vector<std::vector<signed char>>
evaluate_int8(const model& subject, const std::vector<std::vector<signed char>>& inputs);

} // namespace ctnn::tool
