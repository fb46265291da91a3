// SPDX-License-Identifier: BSL-1.0
#include "picture.hpp"

#include <cstdio>
#include <string>

namespace digits {

namespace {

constexpr int scale = 6;              // of an image's cell
constexpr int side = columns * scale; // of an image
constexpr int tile_width = side + 24;
constexpr int tile_height = side + 56;
constexpr int tiles_in_a_row = 6;

void write_tile(std::FILE* file, const reading& wrong, int left, int top) {
    std::fprintf(file, "<g transform=\"translate(%d %d)\">\n", left, top);
    std::fprintf(file, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\" stroke=\"#888\"/>\n", side,
                 side);
    const unsigned char* cell = image(wrong.index);
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const int shade = 255 - *cell++;
            if (shade == 255) continue;
            std::fprintf(
                file,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"rgb(%d,%d,%d)\"/>\n",
                column * scale, row * scale, scale, scale, shade, shade, shade);
        }
    std::fprintf(file, "<text y=\"%d\">image %d: a %d</text>\n", side + 18, wrong.index,
                 wrong.label);
    std::fprintf(file, "<text y=\"%d\">read as %d (%.1f %%)</text>\n</g>\n", side + 36, wrong.read,
                 static_cast<double>(wrong.probability) * 100);
}

bool write_svg(std::FILE* file, std::span<const reading> misread) {
    const int count = static_cast<int>(misread.size());
    const int lines = count == 0 ? 1 : (count + tiles_in_a_row - 1) / tiles_in_a_row;
    const int tiles = count < 1 ? 1 : count < tiles_in_a_row ? count : tiles_in_a_row;
    const int width = 24 + (tiles < 2 ? 2 : tiles) * tile_width;
    const int height = 56 + lines * tile_height;
    std::fprintf(file,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                 "font-family=\"sans-serif\" font-size=\"14\">\n"
                 "<rect width=\"100%%\" height=\"100%%\" fill=\"#f4f4f4\"/>\n"
                 "<text x=\"24\" y=\"32\" font-size=\"18\">Misread: %d of %d</text>\n",
                 width, height, count, image_count());
    for (int i = 0; i < count; ++i)
        write_tile(file, misread[static_cast<std::size_t>(i)], 24 + i % tiles_in_a_row * tile_width,
                   56 + i / tiles_in_a_row * tile_height);
    std::fprintf(file, "</svg>\n");
    return std::ferror(file) == 0;
}

} // namespace

bool write_picture(const char* path, std::span<const reading> misread) {
    const std::string unfinished = std::string{path} + ".part";
    std::FILE* file = std::fopen(unfinished.c_str(), "w");
    if (file == nullptr) return false;
    const bool written = write_svg(file, misread);
    const bool closed = std::fclose(file) == 0;
    if (written && closed && std::rename(unfinished.c_str(), path) == 0) return true;
    std::remove(unfinished.c_str());
    return false;
}

} // namespace digits
