// SPDX-License-Identifier: BSL-1.0
// What a list of layers says again and again gets a name: aliases with parameters.
#pragma once

#include "type_text.hpp"

#include <string>
#include <vector>

namespace ctnn::tool {

/// `template <int Filters> using residual_block = sequence<...>;`
struct alias_text {
    std::string name;
    std::vector<std::string> parameters; ///< all of them int
    type_text meaning;
};

/// Takes repetitions out of a network's list, the most telling ones first. The list then uses the
/// aliases, and so do later aliases the ones before them. Equal neighbours become `repeat<N, ...>`.
std::vector<alias_text> take_out_repeats(type_text& list);

} // namespace ctnn::tool
