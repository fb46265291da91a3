// SPDX-License-Identifier: BSL-1.0
// From a model's description in JSON and a source of weights to layers.
#pragma once

#include "weights.hpp"

#include "../read.hpp"

#include <string>
#include <string_view>

namespace ctnn::tool::from_keras {

/// `version`: Keras' version, "2.4.0". Throws import_error.
void read_config(model& to, std::string_view config, const weight_source& weights,
                 const std::string& version, const read_options& options);

} // namespace ctnn::tool::from_keras
