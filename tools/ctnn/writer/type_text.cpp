// SPDX-License-Identifier: BSL-1.0
#include "type_text.hpp"

namespace ctnn::tool {

std::string flat(const type_text& type) {
    std::string text = type.head;
    if (type.arguments.empty()) return type.brackets ? text + "<>" : text;
    text += '<';
    for (std::size_t i = 0; i < type.arguments.size(); ++i)
        text += (i > 0 ? ", " : "") + flat(type.arguments[i]);
    return text + '>';
}

namespace {

constexpr int width = 100;

int length(const std::string& text) { return static_cast<int>(text.size()); }

/// The column behind the last character.
int end_column(const std::string& text, int column) {
    const auto newline = text.rfind('\n');
    return newline == std::string::npos ? column + length(text)
                                        : length(text) - static_cast<int>(newline) - 1;
}

} // namespace

std::string laid_out(const type_text& type, int indent, int column, int after, bool listed) {
    const std::string line = flat(type);
    const bool fits_here = column + length(line) + after <= width && !listed;
    if (fits_here || type.arguments.empty()) return line;
    const int inner = indent + 4;
    std::string text = type.head + '<';
    column += length(text);
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
        const type_text& argument = type.arguments[i];
        const int follows = i + 1 == type.arguments.size() ? after + 1 : 1;
        const bool is_name = i == 0 && !argument.head.empty() && argument.head[0] == '"';
        const bool fits = column + 1 + length(flat(argument)) + follows <= width;
        if (is_name) {
            text += flat(argument);
        } else if (argument.attached && fits && i > 0) {
            text += ' ' + flat(argument);
        } else {
            text += '\n' + std::string(static_cast<std::size_t>(inner), ' ') +
                    laid_out(argument, inner, inner, follows);
        }
        if (i + 1 < type.arguments.size()) text += ',';
        column = end_column(text, column);
    }
    return text + '>';
}

} // namespace ctnn::tool
