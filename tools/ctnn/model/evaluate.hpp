// SPDX-License-Identifier: BSL-1.0
// Runs a model by the layers' reference meanings, without compiling anything: to fold constants and
// to check readers.
#pragma once

#include "model.hpp"

#include <vector>

namespace ctnn::tool {

/// The cells of every output, in double precision. `inputs`: one for each input layer, row-major
/// and channels last.
std::vector<std::vector<double>> evaluate(const model& subject,
                                          const std::vector<std::vector<double>>& inputs);

/// The cells that one layer makes of what it reads.
std::vector<double> evaluate_layer(const model& owner, const layer& subject,
                                   const std::vector<const std::vector<double>*>& inputs);

} // namespace ctnn::tool
