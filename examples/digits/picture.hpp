// SPDX-License-Identifier: BSL-1.0
// A picture (SVG) of the digits that were read wrongly.
#pragma once

#include <span>

#include "images.hpp"

namespace digits {

/// Writes the picture; false if the file cannot be written. Nothing half-written stays.
bool write_picture(const char* path, std::span<const reading> misread);

} // namespace digits
