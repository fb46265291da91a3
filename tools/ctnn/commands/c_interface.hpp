// SPDX-License-Identifier: BSL-1.0
// A network behind C functions: what is written, and how it is compiled.
#pragma once

#include "../writer/write.hpp"
#include "targets.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctnn::tool {

/// The sources of a network's C interface, for one machine or several of one family.
class c_interface {
public:
    /// `machines`: best first; the last one is taken where no other is possible.
    c_interface(const model& source, const written_network& network,
                std::vector<named_target> machines);

    struct file {
        std::string name;
        std::string bytes;
    };
    /// N.h, the C header, first; the network; C++ sources; weights as the sources take them in.
    const std::vector<file>& files() const { return files_; }

    /// Compiles the files, which lie in a folder, to the object `object` beside them. `say` is told
    /// what is being compiled.
    void compile_in(const std::filesystem::path& directory, const std::filesystem::path& headers,
                    const std::string& object, bool quiet) const;

private:
    struct unit {
        std::string source;
        std::vector<std::string> flags;
    };
    std::vector<file> files_;
    std::vector<unit> units_;
};

/// Names of the parameters of N_run: inputs, then outputs.
std::vector<std::string> parameter_names(const model& source, const written_network& network);

} // namespace ctnn::tool
