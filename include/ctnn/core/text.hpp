// SPDX-License-Identifier: BSL-1.0
// Views of characters and short owned strings for constant expressions; <string_view> parses
// slowly.
#pragma once

namespace ctnn {

/// A view of characters that live elsewhere.
struct text {
    const char* data = "";
    int size = 0;

    constexpr text() = default;
    constexpr text(const char* characters, int count) noexcept : data(characters), size(count) {}
    template <int Size>
    constexpr text(const char (&literal)[Size]) noexcept // NOLINT(google-explicit-constructor)
        : data(literal), size(Size - 1) {}

    constexpr const char* begin() const noexcept { return data; }
    constexpr const char* end() const noexcept { return data + size; }
    constexpr bool empty() const noexcept { return size == 0; }

    friend constexpr bool operator==(text left, text right) noexcept {
        if (left.size != right.size) return false;
        for (int i = 0; i < left.size; ++i)
            if (left.data[i] != right.data[i]) return false;
        return true;
    }
};

/// A short string that owns its characters: a layer's name path, "stage/conv2d_1".
struct label {
    static constexpr int capacity = 127;
    char characters[capacity + 1]{};
    int size = 0;

    constexpr label() = default;
    constexpr label(text source) noexcept { append(source); } // NOLINT(google-explicit-constructor)

    constexpr operator text() const noexcept { return {characters, size}; }

    /// Appends what fits; `full()` tells whether something may have been left out.
    constexpr void append(text source) noexcept {
        for (int i = 0; i < source.size && size < capacity; ++i)
            characters[size++] = source.data[i];
    }
    constexpr void append(long long number) noexcept {
        char digits[20]{};
        int count = 0;
        do digits[count++] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        while (count > 0 && size < capacity) characters[size++] = digits[--count];
    }
    constexpr bool full() const noexcept { return size == capacity; }

    friend constexpr bool operator==(const label& left, text right) noexcept {
        return text{left} == right;
    }
};

} // namespace ctnn
