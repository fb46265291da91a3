// SPDX-License-Identifier: BSL-1.0
// What a long command is doing, on the last line of a terminal.
#pragma once

#include <string>

namespace ctnn::tool::progress {

/// Shows what is being done in place of what was; "" takes it away. Nothing is shown where standard
/// error is no terminal.
void say(bool quiet, const std::string& what);

} // namespace ctnn::tool::progress
