// SPDX-License-Identifier: BSL-1.0
// Files that are there when a command is done, or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// A folder of its own beside the files that are made: what is written into it comes to its place
/// when all is done, and goes with it otherwise.
class staging {
public:
    /// Makes the folder `directory` too where it is not there. Throws command_error.
    explicit staging(const std::filesystem::path& directory);
    ~staging();
    staging(const staging&) = delete;
    staging& operator=(const staging&) = delete;

    const std::filesystem::path& path() const { return path_; }
    void write(const std::string& name, std::string_view bytes) const;

    /// Brings files to their place. Those that were there under these names are replaced.
    void keep(const std::vector<std::string>& names);

private:
    std::filesystem::path directory_;
    std::filesystem::path path_;
    std::vector<std::filesystem::path> made_; ///< folders that were not there, outermost first
    bool kept_ = false;
};

/// Writes a file beside its place and brings it there. Throws command_error.
void write_file(const std::filesystem::path& target, std::string_view bytes);

/// Takes away what is being made; for a program that is told to end.
void end_on_signals();

} // namespace ctnn::tool
