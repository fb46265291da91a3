// SPDX-License-Identifier: BSL-1.0
// What a kernel on int8 is: as a kernel on float, with numbers of its own.
#pragma once

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/quantized/meaning.hpp>

namespace ctnn {

/// Where the tensors of one call are.
struct int8_operands {
    const int8* input = nullptr;
    const int8* other = nullptr; ///< a merge's second
    int8* output = nullptr;
    const unsigned char* weights = nullptr; ///< packed for the kernel, aligned to 16 bytes
    unsigned char* scratch = nullptr;       ///< as many bytes as the kernel's choice asked for
};

/// The numbers of one call: `map` without its float members, and how cells stand for numbers.
struct int8_geometry {
    geometry map;
    int input_zero = 0;
    int other_zero = 0;
    int output_zero = 0;
    int low = least_int8;
    int high = greatest_int8;
    rescale factors[3]{}; ///< of a layer with no more than three
};

using int8_function = void (*)(const int8_operands&, const int8_geometry&) noexcept;

/// The function of a key, whose `weights` are int8. Each kind specialises it in its own file.
template <kernel_key Key> inline constexpr int8_function int8_kernel_of = nullptr;

/// A layer's weights as the network has them, and a factor for each filter.
struct int8_source {
    const int8* kernel = nullptr;
    const int* bias = nullptr; ///< may be missing
    const rescale* factors = nullptr;
};

/// Brings weights into a kernel's layout: `to` has room for int8_choice::packed_bytes. In constant
/// expressions too: bytes one by one.
using int8_pack = void (*)(const int8_source&, const int8_geometry&, const kernel_key&,
                           unsigned char* to) noexcept;

/// Of kernels without weights.
constexpr void pack_nothing(const int8_source&, const int8_geometry&, const kernel_key&,
                            unsigned char*) noexcept {}

/// A kernel that was chosen for a call, and what it needs.
struct int8_choice {
    kernel_key key;
    int8_pack pack = &pack_nothing;
    long long packed_bytes = 0;
    long long kept_bytes = 0; ///< room for what it keeps while it runs
    bool in_place = false;    ///< it may write over its first input, from the same cell on

    constexpr long long scratch_bytes() const noexcept { return kept_bytes; }
};

/// Writes a number as four bytes, the least first.
constexpr void write_int(unsigned char* to, int number) noexcept {
    for (int i = 0; i < 4; ++i)
        to[i] = static_cast<unsigned char>(static_cast<unsigned>(number) >> (8 * i));
}
constexpr int read_int(const unsigned char* from) noexcept {
    unsigned number = 0;
    for (int i = 0; i < 4; ++i) number |= static_cast<unsigned>(from[i]) << (8 * i);
    return static_cast<int>(number);
}

} // namespace ctnn
