// SPDX-License-Identifier: BSL-1.0
// Holds a golden case's network against its file.
#pragma once

#include "golden_case.hpp"

#include <nlohmann/json.hpp>

namespace golden {

/// The first thing in which network and file disagree; empty if they agree in shapes, parameters
/// and every cell, with float and with double cells.
std::string check(const golden_case& subject, const nlohmann::json& file);

} // namespace golden
