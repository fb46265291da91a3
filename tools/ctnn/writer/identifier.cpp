// SPDX-License-Identifier: BSL-1.0
#include "identifier.hpp"

#include <set>
#include <sstream>

namespace ctnn::tool {

namespace {

constexpr std::size_t longest_name = 64;

std::set<std::string> set_of(const char* list) {
    std::istringstream words(list);
    std::set<std::string> all;
    for (std::string word; words >> word;) all.insert(word);
    return all;
}

/// Words of C and C++, and macros that many headers define.
const std::set<std::string>& words() {
    static const std::set<std::string> all = set_of(
        "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t "
        "char32_t char8_t class co_await co_return co_yield compl concept const const_cast "
        "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
        "else enum explicit export extern false float for friend goto if inline int long mutable "
        "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
        "register reinterpret_cast requires restrict return short signed sizeof static "
        "static_assert static_cast struct switch template this thread_local throw true try "
        "typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while "
        "xor xor_eq linux unix errno assert stdin stdout stderr NULL EOF INFINITY NAN");
    return all;
}

/// Names that the library, or what C programs include, gives to something else.
const std::set<std::string>& taken_names() {
    static const std::set<std::string> all = set_of(
        "ctnn network std main abs accept bind ceil close connect cos div exp exit floor free "
        "gamma index j0 j1 jn link listen log malloc open pause pow printf raise rand read remove "
        "rename round select send signal sin sleep sqrt stat system tan tanh time write y0 y1 yn");
    return all;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

std::string problem_of_name(const std::string& name) {
    if (name.empty()) return "is empty";
    if (name.size() > longest_name)
        return "has more than " + std::to_string(longest_name) + " characters";
    for (const char c : name)
        if (!is_letter(c) && !is_digit(c) && c != '_')
            return "is no C++ identifier: letters, digits and '_' alone make one";
    if (is_digit(name[0])) return "is no C++ identifier: it begins with a digit";
    if (name[0] == '_' || name.find("__") != std::string::npos)
        return "is reserved in C++: it begins with '_', or has two of them in a row";
    if (words().count(name) > 0) return "is a word of C++, or a usual macro";
    if (taken_names().count(name) > 0) return "is what something else is called already";
    return {};
}

std::string identifier(const std::string& name) {
    std::string result;
    for (const char c : name.substr(0, longest_name - 8)) {
        if (is_letter(c) || is_digit(c))
            result += c;
        else if (!result.empty() && result.back() != '_')
            result += '_';
    }
    while (!result.empty() && result.back() == '_') result.pop_back();
    if (result.empty()) return "model";
    if (is_digit(result[0])) result.insert(0, "model_");
    if (!problem_of_name(result).empty()) result += "_model";
    return result;
}

} // namespace ctnn::tool
