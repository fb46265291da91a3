// SPDX-License-Identifier: BSL-1.0
// A layer as it is written in the language, from the library's own descriptor of it.
#pragma once

#include "../model/model.hpp"
#include "type_text.hpp"

namespace ctnn::tool {

/// `conv2d<40, 3, stride<2>, same, no_bias, relu>`. Of a merge, the word alone: `concat_over` with
/// its axis, `add`. Throws std::logic_error for a kind that has no word here.
type_text layer_text(const descriptor& layer);

/// A real number as a template argument: the shortest that is the same double.
std::string real_text(double number);

/// A name as a string literal. Whatever a file calls a layer, this is one token of C++.
std::string quoted(const std::string& name);

} // namespace ctnn::tool
