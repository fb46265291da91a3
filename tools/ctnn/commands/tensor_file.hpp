// SPDX-License-Identifier: BSL-1.0
// Files of tensors that others write: NumPy's .npy, ONNX' .pb, and raw floats.
#pragma once

#include "../model/model.hpp"

#include <string>
#include <vector>

namespace ctnn::tool {

struct file_tensor {
    std::vector<long long> extents; ///< none of raw floats
    bool has_extents = false;
    std::vector<double> numbers;
};

/// Reads a file by its name: .npy, .pb, anything else as float32, or as cells of int8 if `on_int8`.
/// Then all numbers are such cells. Throws command_error.
file_tensor read_tensor_file(const std::string& path, bool on_int8 = false);

/// Examples of one tensor of a network, in the network's layout, one after the other.
struct examples {
    long long count = 0;
    std::vector<float> cells;
};

/// Brings a file's numbers into the network's layout. Numbers without extents are in the order of
/// the source, or of the network if `channels_last`. Throws command_error if their count does not
/// fit.
examples examples_of(const file_tensor& file, const std::string& path, const shape& extent,
                     const source_order& order, bool channels_last);

} // namespace ctnn::tool
