// SPDX-License-Identifier: BSL-1.0
// How often each digit was read as which.
#pragma once

#include <span>

#include "images.hpp"

namespace digits {

void print_confusion(std::span<const reading> readings);

} // namespace digits
