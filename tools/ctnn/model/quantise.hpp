// SPDX-License-Identifier: BSL-1.0
// A model of floats as a network on int8.
#pragma once

#include "model.hpp"

namespace ctnn::tool {

/// The inputs of one run, in the network's layouts.
using example = std::vector<std::vector<double>>;

/// How far a network on int8 is from the floats that it was made of, for one output.
struct quantised_output {
    double largest = 0;  ///< of all |int8 - float|
    double mean = 0;     ///< of these
    double reach = 0;    ///< from the least to the greatest float
    long long same = 0;  ///< examples whose greatest cell is the same
    long long count = 0; ///< of examples
};

/// Makes a network on int8 of a model of floats, and says for each output how it does on the
/// examples. Norms go into the kernels before them; kernels become symmetric, with a scale for each
/// filter; what tensors reach in the examples is what their cells reach. Throws import_error, with
/// the place, if a layer has no meaning on int8.
std::vector<quantised_output> quantise(model& subject, const std::vector<example>& examples);

} // namespace ctnn::tool
