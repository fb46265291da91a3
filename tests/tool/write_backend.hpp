// SPDX-License-Identifier: BSL-1.0
// Backend cases as the command writes them, for run_backend to compile and to run.
#pragma once

#include "backend_cases.hpp"

namespace backend {

/// Writes into `directory` for each case case_N.hpp, case_N.safetensors and case_N.cells (inputs
/// and expected outputs of each example, 32-bit floats), and group_0.cpp, ... with tables of them.
/// Says which cases cannot be written, and returns how many.
int write_cases(const std::vector<fs::path>& cases, bool constants, const fs::path& directory,
                int groups);

} // namespace backend
