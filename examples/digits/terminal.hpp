// SPDX-License-Identifier: BSL-1.0
// Digits drawn with characters, side by side.
#pragma once

#include <span>

#include "images.hpp"

namespace digits {

/// Draws each image and, below it, the digit and what was read.
void draw(std::span<const reading> readings);

} // namespace digits
