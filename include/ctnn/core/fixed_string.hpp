// SPDX-License-Identifier: BSL-1.0
// A string and a real number that can be template arguments.
#pragma once

#include <ctnn/core/text.hpp>

namespace ctnn {

/// A string literal as a template argument: `block<"stem", ...>`.
template <int Size> struct fixed_string {
    char characters[Size]{};

    constexpr fixed_string() = default;
    constexpr fixed_string(
        const char (&literal)[Size]) noexcept { // NOLINT(google-explicit-constructor)
        for (int i = 0; i < Size; ++i) characters[i] = literal[i];
    }

    constexpr operator text() const noexcept { return {characters, Size - 1}; }
};

/// A real number as a template argument: `epsilon<1e-5>`. (clang 14 takes no bare `double` there.)
struct real {
    double value;
    constexpr real(double number) noexcept : value(number) {}                   // NOLINT
    constexpr real(int number) noexcept : value(static_cast<double>(number)) {} // NOLINT
};

} // namespace ctnn
