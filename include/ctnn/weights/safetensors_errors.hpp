// SPDX-License-Identifier: BSL-1.0
// What is wrong with a file of weights, line by line: the file, the place, what was found, what was
// expected.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ctnn/core/shape.hpp>

namespace ctnn::detail {

/// A string from a file, in quotes: made printable, and cut if it is long.
inline std::string in_quotes(std::string_view source) {
    constexpr std::size_t longest = 120;
    std::string result = "\"";
    for (const char character : source.substr(0, longest)) {
        const auto code = static_cast<unsigned char>(character);
        if (code < 0x20 || code == 0x7f) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(code));
            result += escaped;
        } else {
            if (character == '"' || character == '\\') result += '\\';
            result += character;
        }
    }
    result += source.size() > longest ? "...\"" : "\"";
    return result;
}

/// "[3, 3, 1, 40]".
template <class Numbers> std::string spell_list(const Numbers* numbers, std::size_t count) {
    std::string result = "[";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) result += ", ";
        result += std::to_string(numbers[i]);
    }
    return result + "]";
}
inline std::string spell_shape(const shape& extent) {
    return spell_list(extent.extents, static_cast<std::size_t>(extent.rank));
}

inline std::string tensor_called(std::string_view name) { return "tensor " + in_quotes(name); }

/// Collects errors about one file. A file can be made to hold millions of mistakes: the first
/// `longest` are kept, the others counted.
class error_list {
public:
    static constexpr std::size_t longest = 1000;

    explicit error_list(std::string file) : file_(std::move(file)) {}

    void add(std::string_view where, std::string_view found, std::string_view expected) {
        std::string line = "found ";
        line.append(found).append(", expected ").append(expected);
        add(where, line);
    }
    void add(std::string_view where, std::string_view sentence) {
        if (++count_ > longest) return;
        std::string line = file_;
        line.append(": ").append(where).append(": ").append(sentence);
        lines_.push_back(std::move(line));
    }

    bool empty() const noexcept { return count_ == 0; }

    /// All lines; the list is spent.
    std::vector<std::string> take() {
        if (count_ > longest)
            lines_.push_back(file_ + ": and " + std::to_string(count_ - longest) + " more errors");
        return std::move(lines_);
    }

private:
    std::string file_;
    std::vector<std::string> lines_;
    std::size_t count_ = 0;
};

} // namespace ctnn::detail
