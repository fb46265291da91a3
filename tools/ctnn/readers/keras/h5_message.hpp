// SPDX-License-Identifier: BSL-1.0
// What the process that reads an HDF5 file sends: records of a letter, lengths and bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ctnn::tool::from_keras {

enum class record : char {
    group = 'G',   ///< path
    dataset = 'D', ///< path, rank, extents, cells
    member = 'M',  ///< name, of the last group
    text = 'T',    ///< attribute, text; of the last object
    problem = 'P', ///< what is wrong with the file
    end = 'E'
};

/// Reads an HDF5 file and writes records to a file descriptor. For the other process: it may crash.
void send_h5(std::string_view bytes, int to) noexcept;

} // namespace ctnn::tool::from_keras
