// SPDX-License-Identifier: BSL-1.0
// The hash by which a written header says which file it was made from.
#pragma once

#include <string>
#include <string_view>

namespace ctnn::tool {

/// SHA-256 in lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

} // namespace ctnn::tool
