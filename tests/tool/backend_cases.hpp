// SPDX-License-Identifier: BSL-1.0
// Cases of ONNX' backend tests: folders with model.onnx and test_data_set_*/input_*.pb,
// output_*.pb.
#pragma once

#include "../../tools/ctnn/model/model.hpp"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace backend {

namespace fs = std::filesystem;

/// What is not for this library to compute, or cannot be; `what()` says why.
struct unsupported : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One example of the batch: cells in the network's order, channels last.
struct example {
    std::vector<std::vector<double>> inputs;
    std::vector<std::vector<double>> outputs; ///< what is expected
};

struct network_case {
    std::unique_ptr<ctnn::tool::model> network;
    std::vector<example> examples;
};

/// Cases in these folders, or the folders themselves, sorted.
std::vector<fs::path> find_cases(const std::vector<fs::path>& folders);

/// The folders of a case's data.
std::vector<fs::path> data_sets(const fs::path& folder);

/// What a case tests: its last node that is no constant.
std::string main_operator(const fs::path& folder);

/// Imports a case's model. What an operator takes as weights is an input in these cases; it is
/// bound as a constant first, as every network has it. Shapes, axes and other whole numbers stay
/// inputs unless `constants` binds them too. Throws unsupported, and std::runtime_error if what was
/// imported has other outputs than the case.
network_case load(const fs::path& folder, const fs::path& data_set, bool constants);

} // namespace backend
