// SPDX-License-Identifier: BSL-1.0
// From a file to a model. Each format has a folder.
#pragma once

#include "../model/error.hpp"
#include "../model/model.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// What the user says about a model that its file leaves open.
struct read_options {
    /// Extents of dynamic dimensions by input name, as the source orders them, batch left out:
    /// `--input image=3,224,224`.
    std::map<std::string, std::vector<long long>> inputs;
    /// Extents of dynamic dimensions by the name that the source gives them: `--dimension width=96`.
    std::map<std::string, long long> dimensions;
    std::vector<std::string> outputs; ///< only these outputs; empty: all
};

/// Reads a model file, whose format is found by its content. Throws import_error.
std::unique_ptr<model> read_model(const std::string& path, const read_options& options);

/// The readers, for bytes that are in memory already (and for fuzzing). `file` is for messages.
void read_onnx(model& to, std::string_view bytes, const std::string& file, const read_options&);
void read_keras_h5(model& to, std::string_view bytes, const std::string& file, const read_options&);
void read_keras_zip(model& to, std::string_view bytes, const std::string& file,
                    const read_options&);
void read_tflite(model& to, std::string_view bytes, const std::string& file, const read_options&);

} // namespace ctnn::tool
