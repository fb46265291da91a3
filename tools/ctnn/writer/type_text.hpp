// SPDX-License-Identifier: BSL-1.0
// C++ types as trees, and how they are written: on one line if it is short enough, else a layer a
// line.
#pragma once

#include <string>
#include <vector>

namespace ctnn::tool {

/// A type or a template argument: `conv2d<40, 3, relu>`, `40`.
struct type_text {
    std::string head;
    std::vector<type_text> arguments{};
    bool brackets = false; ///< written even without arguments: `batch_norm<>`
    bool attached = false; ///< belongs on the line of the argument before it: a norm, an activation

    friend bool operator==(const type_text&, const type_text&) = default;
};

/// On one line.
std::string flat(const type_text& type);

/// On as many lines as it takes within `width` columns. The first line starts in column `column`,
/// lines inside are four deeper than `indent`; `after` characters follow the last line. A `listed`
/// type has a line for each argument, however short it is.
std::string laid_out(const type_text& type, int indent, int column, int after, bool listed = false);

} // namespace ctnn::tool
