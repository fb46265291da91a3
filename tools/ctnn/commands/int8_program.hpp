// SPDX-License-Identifier: BSL-1.0
// An int8 network compiled and run, as check does it.
#pragma once

#include "c_interface.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// Compiles an int8 network for a machine with its weights, and runs it on examples, each all
/// inputs one after the other. Gives the bytes of all outputs, example by example. Throws
/// command_error.
std::string run_int8_compiled(const written_network& network, const std::vector<port>& ports,
                              const named_target& machine, const std::filesystem::path& headers,
                              std::string_view examples, bool quiet);

} // namespace ctnn::tool
