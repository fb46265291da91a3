// SPDX-License-Identifier: BSL-1.0
#include "weights_text.hpp"

#include <ctnn/safetensors.hpp>

#include <bit>
#include <cstdint>
#include <cstdio>

namespace ctnn::tool {

namespace {

/// Numbers as words of 32 bits, eight a line.
std::string words(const std::vector<float>& numbers, const char* begin, const char* end) {
    std::string text;
    text.reserve(numbers.size() * 12);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        char word[16];
        std::snprintf(word, sizeof word, "0x%08x",
                      static_cast<unsigned>(std::bit_cast<std::uint32_t>(numbers[i])));
        text += i % 8 == 0 ? begin : ", ";
        text += word;
        if (i % 8 == 7 || i + 1 == numbers.size()) text += end;
    }
    return text;
}

std::string assembly(const data_place& where, const std::string& data) {
    return "\t.section " + where.section + ",\"a\"\n\t.balign " + std::to_string(where.alignment) +
           "\n\t.globl " + where.symbol + "\n\t.type " + where.symbol + ",%object\n" +
           where.symbol + ":\n" + data + "\t.size " + where.symbol + ", . - " + where.symbol +
           "\n\t.section .note.GNU-stack,\"\",%progbits\n";
}

} // namespace

std::string weights_as_bytes(const std::vector<float>& numbers) {
    const std::vector<std::byte> bytes = detail::float32_bytes(numbers);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string weights_as_c(const std::vector<float>& numbers, const data_place& where) {
    return "/* Made by ctnn pack. The numbers are floats, as their bits: extern const float " +
           where.symbol + "[" + std::to_string(numbers.size()) +
           "]; */\n#ifdef __cplusplus\nextern \"C\" const unsigned " + where.symbol +
           "[];\n#endif\n__attribute__((section(\"" + where.section + "\"), aligned(" +
           std::to_string(where.alignment) + "), used)) const unsigned " + where.symbol + "[" +
           std::to_string(numbers.size() > 0 ? numbers.size() : 1) + "] = {\n" +
           (numbers.empty() ? "    0\n" : words(numbers, "    ", ",\n")) + "};\n";
}

std::string weights_as_assembly(const std::vector<float>& numbers, const data_place& where) {
    return "# Made by ctnn pack: extern const float " + where.symbol + "[" +
           std::to_string(numbers.size()) + "];\n" +
           assembly(where, numbers.empty() ? "\t.long 0\n" : words(numbers, "\t.long ", "\n"));
}

std::string file_as_assembly(const std::string& path, const data_place& where) {
    return assembly(where, "\t.incbin \"" + path + "\"\n");
}

} // namespace ctnn::tool
