// SPDX-License-Identifier: BSL-1.0
// The numbers of an int8 network as the language has them.
#pragma once

#include "network_graph.hpp"

#include <string>

namespace ctnn::tool {

/// `struct numbers`, and the numbers of inputs and outputs. Throws import_error if no layer has a
/// kernel.
std::string numbers_text(const model& source, const network_graph& graph);

/// The shortest text of a float that is read as the same: `0.25F`.
std::string float_text(float number);

} // namespace ctnn::tool
