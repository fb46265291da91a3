// SPDX-License-Identifier: BSL-1.0
// Names of networks: they become a namespace, file names and C functions.
#pragma once

#include <string>

namespace ctnn::tool {

/// Why a network cannot have this name, to follow it: "is a word of C++". Empty if it can.
std::string problem_of_name(const std::string& name);

/// A name that a network can have, made from any other.
std::string identifier(const std::string& name);

} // namespace ctnn::tool
