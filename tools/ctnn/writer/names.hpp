// SPDX-License-Identifier: BSL-1.0
// Names of a source as names of the language: scopes become blocks, automatic names are left out.
#pragma once

#include "structure.hpp"

namespace ctnn::tool {

/// Gives every element the name that is written for it, and puts layers whose names begin alike
/// into blocks: "stage1/conv" and "stage1/norm" into `block<"stage1", ...>`. A name that the
/// library would give by itself, or Keras, is left out: "conv2d_3".
void name_elements(element_list& list, const model& source);

} // namespace ctnn::tool
