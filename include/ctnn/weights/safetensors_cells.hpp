// SPDX-License-Identifier: BSL-1.0
// The cell types that weights are read from: those that are widened to float without loss, and the
// integers of quantised networks. And cells as they are written: little-endian, whatever the
// machine is.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctnn/core/dtype.hpp>

namespace ctnn::detail {

constexpr std::uint32_t little_endian(const std::byte* bytes, int count) noexcept {
    std::uint32_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return value;
}

constexpr float float32_at(const std::byte* bytes) noexcept {
    return std::bit_cast<float>(little_endian(bytes, 4));
}

/// The upper half of a float.
constexpr float bfloat16_at(const std::byte* bytes) noexcept {
    return std::bit_cast<float>(little_endian(bytes, 2) << 16);
}

/// IEEE 754 binary16: one bit of sign, five of exponent (bias 15), ten of fraction.
constexpr float float16_at(const std::byte* bytes) noexcept {
    const std::uint32_t half = little_endian(bytes, 2);
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = half >> 10 & 0x1fU;
    const std::uint32_t fraction = half & 0x3ffU;
    if (exponent == 0) { // zero or subnormal
        const float size = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -size : size;
    }
    const std::uint32_t widened = exponent == 0x1f ? 0xffU : exponent + (127 - 15);
    return std::bit_cast<float>(sign | widened << 23 | fraction << 13);
}

constexpr void put_float32(float value, std::byte* bytes) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::byte>(bits >> (8 * i) & 0xffU);
}

constexpr void put_int32(std::int32_t value, std::byte* bytes) noexcept {
    const auto bits = static_cast<std::uint32_t>(value);
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::byte>(bits >> (8 * i) & 0xffU);
}

constexpr std::int32_t int32_at(const std::byte* bytes) noexcept {
    return static_cast<std::int32_t>(little_endian(bytes, 4));
}

struct cell_format {
    std::string_view name; ///< as safetensors calls it
    unsigned bytes;
    float (*read)(const std::byte*) noexcept; ///< none: a whole number
    dtype cell;                               ///< what weights of the network it may be read for
};

inline constexpr cell_format cell_formats[] = {{"F32", 4, float32_at, dtype::float32},
                                               {"F16", 2, float16_at, dtype::float32},
                                               {"BF16", 2, bfloat16_at, dtype::float32},
                                               {"I8", 1, nullptr, dtype::int8},
                                               {"I32", 4, nullptr, dtype::int32}};

/// Null if weights cannot be read from it.
constexpr const cell_format* find_cell_format(std::string_view name) noexcept {
    for (const cell_format& format : cell_formats)
        if (format.name == name) return &format;
    return nullptr;
}

/// What weights are written as.
constexpr const char* name_of_cells(dtype cell) noexcept {
    return cell == dtype::int8 ? "I8" : cell == dtype::int32 ? "I32" : "F32";
}

} // namespace ctnn::detail
