// SPDX-License-Identifier: BSL-1.0
// A network behind C functions: what is written, and how it is compiled.
#pragma once

#include "../writer/write.hpp"
#include "targets.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctnn::tool {

/// A tensor that goes into a network or comes out of it.
struct port {
    std::string name;        ///< what N_run calls it
    std::string source_name; ///< what the model calls it
    shape extent;
    source_order order;
    bool is_input = false;
    int at = 0; ///< its place among the network's inputs, or outputs
};

/// Inputs, then outputs, as the model orders them.
std::vector<port> ports_of(const model& source, const written_network& network);

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

} // namespace ctnn::tool
