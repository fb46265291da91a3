// SPDX-License-Identifier: BSL-1.0
// Runs other programs: the C++ compiler, and what it made.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// How a program ended and what it said.
struct run_result {
    int status = 0; ///< what it returned; 128 and more: the signal that ended it
    std::string output;
    std::string errors;
};

/// Runs a program, found by PATH; no shell reads the arguments. Throws command_error if there is
/// none such.
run_result run_program(const std::vector<std::string>& command, std::string_view input = {},
                       const std::filesystem::path& directory = {});

/// $CXX, or c++, with what is in it after the name.
std::vector<std::string> compiler_command();

/// Runs the compiler in a folder; throws command_error with what it said if it fails.
void compile(const std::filesystem::path& directory, const std::vector<std::string>& arguments);

/// The folder of the library's headers: what --include says, else beside this program. Throws
/// command_error if they are not there.
std::filesystem::path headers_folder(const std::string& given);

} // namespace ctnn::tool
