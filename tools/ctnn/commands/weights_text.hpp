// SPDX-License-Identifier: BSL-1.0
// Numbers as source code.
#pragma once

#include <string>
#include <vector>

namespace ctnn::tool {

/// Where data go in a program.
struct data_place {
    std::string symbol;
    std::string section;
    int alignment = 64;
};

/// Little-endian float32.
std::string weights_as_bytes(const std::vector<float>& numbers);

/// C source that defines `const float SYMBOL[]`, bit by bit what the numbers are.
std::string weights_as_c(const std::vector<float>& numbers, const data_place& where);

/// Source for GNU's assembler that holds the numbers.
std::string weights_as_assembly(const std::vector<float>& numbers, const data_place& where);

/// Source for GNU's assembler that takes the bytes of a file.
std::string file_as_assembly(const std::string& path, const data_place& where);

} // namespace ctnn::tool
