// SPDX-License-Identifier: BSL-1.0
// Long text made in a constant expression: an owner of exactly its size, and a writer that first
// counts and then writes.
#pragma once

#include <ctnn/core/text.hpp>

namespace ctnn {

/// A text that owns its characters, as many as it needs, ended by a NUL.
template <int Size> struct static_text {
    char characters[Size + 1]{};

    static constexpr int size() noexcept { return Size; }
    constexpr const char* data() const noexcept { return characters; }
    constexpr const char* begin() const noexcept { return characters; }
    constexpr const char* end() const noexcept { return characters + Size; }
    constexpr operator text() const noexcept { return {characters, Size}; }

    friend constexpr bool operator==(const static_text&, const static_text&) = default;
    friend constexpr bool operator==(const static_text& left, text right) noexcept {
        return text{left} == right;
    }
};

/// Appends to characters that live elsewhere. Without any it only counts, and then looks at no
/// character: a constant expression has a limited number of steps.
class text_writer {
public:
    /// Only counts.
    constexpr text_writer() = default;
    /// Writes to `target`, which a writer that counts has found to be large enough.
    constexpr explicit text_writer(char* target) noexcept : target_(target) {
        // At run time the text is written then: an optimising g++ would otherwise try to make it a
        // constant of its own accord, which takes seconds for a page.
        if (!__builtin_is_constant_evaluated()) __asm__ volatile("");
    }

    /// Characters of one byte, each one column wide.
    constexpr void append(text ascii) noexcept {
        if (target_ != nullptr) copy(ascii);
        size_ += ascii.size;
        width_ += ascii.size;
    }

    /// One character of any number of bytes, one column wide, `count` times.
    constexpr void append_symbol(text utf8, int count = 1) noexcept {
        if (target_ != nullptr)
            for (int i = 0; i < count; ++i) copy(utf8, i * utf8.size);
        size_ += utf8.size * count;
        width_ += count;
    }

    /// Leaves out what a writer that counts has counted; for writers that count.
    constexpr void skip(const text_writer& counted) noexcept {
        size_ += counted.size_;
        width_ += counted.width_;
    }

    /// 49378.
    constexpr void append(long long number) noexcept { append_digits(number, false); }
    /// 49,378.
    constexpr void append_grouped(long long number) noexcept { append_digits(number, true); }

    constexpr bool only_counts() const noexcept { return target_ == nullptr; }
    /// Bytes.
    constexpr int size() const noexcept { return size_; }
    /// Columns of a terminal.
    constexpr int width() const noexcept { return width_; }

private:
    constexpr void copy(text characters, int offset = 0) noexcept {
        char* to = target_ + size_ + offset;
        for (int i = 0; i < characters.size; ++i) to[i] = characters.data[i];
    }

    constexpr void append_digits(long long number, bool grouped) noexcept {
        const int sign = number < 0 ? 1 : 0;
        int digits = 1;
        for (long long rest = number / 10; rest != 0; rest /= 10) ++digits;
        const int length = sign + digits + (grouped ? (digits - 1) / 3 : 0);
        if (target_ != nullptr) {
            char* end = target_ + size_ + length;
            for (int i = 0; i < digits; ++i, number /= 10) {
                if (grouped && i > 0 && i % 3 == 0) *--end = ',';
                const int digit = static_cast<int>(number % 10);
                *--end = static_cast<char>('0' + (sign == 0 ? digit : -digit));
            }
            if (sign != 0) *--end = '-';
        }
        size_ += length;
        width_ += length;
    }

    char* target_ = nullptr;
    int size_ = 0;
    int width_ = 0;
};

} // namespace ctnn
