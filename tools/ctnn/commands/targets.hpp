// SPDX-License-Identifier: BSL-1.0
// Machines by name, and what a compiler is told for them.
#pragma once

#include <ctnn/ctnn.hpp>

#include <string>
#include <vector>

namespace ctnn::tool {

/// A machine that plans are made for.
struct named_target {
    std::string name; ///< as in ctnn::targets, say "avx2"
    target machine;
    std::string stored; ///< of the weights, as in ctnn::dtype: "float16"; empty: float32

    /// A constant expression that says it.
    std::string expression() const;
};

/// Options of a compiler for a machine's instruction set, as ctnn_add_kernels gives them.
std::vector<std::string> compiler_flags(const std::string& target);

/// What --target takes besides the instruction sets.
enum class more_targets {
    none,
    reference, ///< "reference": the blob of a network
    int8       ///< "avx512_vnni", which makes no difference to floats
};

/// Reads what --target and --stored say; "native" and "" are the best of this machine. Throws
/// command_error.
named_target read_target(const std::string& name, const std::string& stored,
                         more_targets more = more_targets::none);

/// All instruction sets of this processor's family, best first.
std::vector<std::string> all_targets();

/// The best instruction set of this processor.
std::string native_target();

} // namespace ctnn::tool
