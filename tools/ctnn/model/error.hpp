// SPDX-License-Identifier: BSL-1.0
// What goes wrong with a model file, in words for its user.
#pragma once

#include <stdexcept>
#include <string>

namespace ctnn::tool {

/// A file that cannot be imported. `what()` is the whole message: the file, the place in it (node,
/// layer, byte), what was found, what was expected, and what to do where there is something to do:
/// `digits.onnx: node 'lstm_1' (LSTM): this operator is not supported; ...`.
struct import_error : std::runtime_error {
    using std::runtime_error::runtime_error;

    /// `place` may be empty.
    import_error(const std::string& file, const std::string& place, const std::string& problem)
        : std::runtime_error(file + ": " + (place.empty() ? "" : place + ": ") + problem) {}
};

} // namespace ctnn::tool
