// SPDX-License-Identifier: BSL-1.0
// The held-back images and labels in the program: IDX files, as MNIST's.
#pragma once

#include "digits.hpp"

extern "C" {
extern const unsigned char digits_images[]; // magic, count, rows, columns; a byte a cell
extern const unsigned char digits_images_end[];
extern const unsigned char digits_labels[]; // magic, count; a byte a label
extern const unsigned char digits_labels_end[];
}

namespace digits {

inline constexpr int cells = rows * columns;

/// A big-endian number of an IDX header.
inline int read_number(const unsigned char* bytes) noexcept {
    return bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

inline int image_count() noexcept { return read_number(digits_images + 4); }

/// The grey values of an image, 0 (paper) to 255 (ink), row by row.
inline const unsigned char* image(int index) noexcept { return digits_images + 16 + index * cells; }
inline int label(int index) noexcept { return digits_labels[8 + index]; }

/// True if headers, sizes and labels are those that the network expects.
inline bool images_are_sound() noexcept {
    const int count = image_count();
    bool sound = read_number(digits_images) == 0x803 && read_number(digits_labels) == 0x801 &&
                 read_number(digits_images + 8) == rows &&
                 read_number(digits_images + 12) == columns &&
                 read_number(digits_labels + 4) == count && count > 0 &&
                 digits_images_end - digits_images == 16 + count * cells &&
                 digits_labels_end - digits_labels == 8 + count;
    for (int i = 0; sound && i < count; ++i) sound = label(i) < classes;
    return sound;
}

/// What the network made of one image.
struct reading {
    int index = 0;
    int label = 0;
    int read = 0;
    float probability = 0; ///< of what was read
};

} // namespace digits
