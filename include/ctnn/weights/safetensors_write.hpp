// SPDX-License-Identifier: BSL-1.0
// Weights as the bytes of a safetensors file, and bytes as a file that is there in full or not at
// all.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include <ctnn/weights/safetensors_read.hpp>

namespace ctnn::detail {

/// A string as JSON: UTF-8 stays as it is.
inline std::string json_string(std::string_view source) {
    std::string result = "\"";
    for (const char character : source) {
        const auto code = static_cast<unsigned char>(character);
        if (code < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(code));
            result += escaped;
        } else {
            if (character == '"' || character == '\\') result += '\\';
            result += character;
        }
    }
    return result + '"';
}

/// The header of a network's file, padded to a multiple of eight so that the data are aligned.
inline std::string header_text(const expected_weights& network) {
    std::string text = "{\"__metadata__\":{\"format\":\"ctnn\",\"ctnn.layout\":\"" +
                       spell_hash(network.layout_hash) + "\"}";
    const auto biases = static_cast<long long>(network.count(dtype::int32));
    for (const weight_entry& entry : network.entries) {
        const std::string_view name{entry.name.characters,
                                    static_cast<std::size_t>(entry.name.size)};
        const int cell = size_of(entry.cell);
        // Kernels of int8 lie behind the biases, which are aligned so.
        const long long begin = entry.offset * cell + (entry.cell == dtype::int8 ? 4 * biases : 0);
        const long long offsets[] = {begin, begin + entry.elements() * cell};
        text.append(",").append(json_string(name)).append(":{\"dtype\":\"");
        text.append(name_of_cells(entry.cell)).append("\",\"shape\":");
        text.append(spell_shape(entry.extent)).append(",\"data_offsets\":");
        text.append(spell_list(offsets, 2)).append("}");
    }
    text += "}";
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

inline void put_weights(std::span<const float> weights, std::byte* bytes) noexcept {
    for (std::size_t i = 0; i < weights.size(); ++i) put_float32(weights[i], bytes + 4 * i);
}

/// The weights alone.
inline std::vector<std::byte> float32_bytes(std::span<const float> weights) {
    std::vector<std::byte> bytes(weights.size() * 4);
    put_weights(weights, bytes.data());
    return bytes;
}

/// The whole file in memory: the header, then room for the weights.
inline std::vector<std::byte> safetensors_bytes(const std::string& header, std::size_t data) {
    std::vector<std::byte> bytes(header_start + header.size() + data);
    for (std::size_t i = 0; i < header_start; ++i)
        bytes[i] = static_cast<std::byte>(std::uint64_t{header.size()} >> (8 * i) & 0xffU);
    std::memcpy(bytes.data() + header_start, header.data(), header.size());
    return bytes;
}

inline std::vector<std::byte> safetensors_bytes(const expected_weights& network,
                                                std::span<const float> weights) {
    const std::string header = header_text(network);
    std::vector<std::byte> bytes = safetensors_bytes(header, weights.size() * 4);
    put_weights(weights, bytes.data() + header_start + header.size());
    return bytes;
}

/// The same of a quantised network.
inline std::vector<std::byte> safetensors_bytes(const expected_weights& network,
                                                std::span<const signed char> kernels,
                                                std::span<const int> biases) {
    const std::string header = header_text(network);
    std::vector<std::byte> bytes = safetensors_bytes(header, kernels.size() + biases.size() * 4);
    std::byte* to = bytes.data() + header_start + header.size();
    for (std::size_t i = 0; i < biases.size(); ++i) put_int32(biases[i], to + 4 * i);
    if (!kernels.empty()) std::memcpy(to + 4 * biases.size(), kernels.data(), kernels.size());
    return bytes;
}

/// Why the last call to the C library failed.
inline std::string last_error() {
    return std::error_code(errno, std::generic_category()).message();
}

/// Opens a file that was not there, beside `target`; its name goes to `made`.
inline std::FILE* open_beside(const std::filesystem::path& target, std::filesystem::path& made) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        made = target;
        made += ".tmp" + std::to_string(attempt);
        if (std::FILE* file = std::fopen(made.string().c_str(), "wbx")) return file;
        if (errno != EEXIST) break;
    }
    return nullptr;
}

/// Writes a file under another name, sees it onto the disk and renames it: `target` is as it was,
/// or new in full. An empty string, or what went wrong.
inline std::string replace_file(const std::filesystem::path& target,
                                std::span<const std::byte> bytes) {
    std::filesystem::path made;
    std::FILE* file = open_beside(target, made);
    if (file == nullptr) return "cannot be written: " + last_error();
    bool good = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    good = good && std::fflush(file) == 0;
#if __has_include(<unistd.h>)
    good = good && fsync(fileno(file)) == 0;
#endif
    std::string problem = good ? "" : last_error();
    if (std::fclose(file) != 0 && problem.empty()) problem = last_error();
    std::error_code code;
    if (problem.empty()) {
        std::filesystem::rename(made, target, code);
        if (!code) return {};
        problem = code.message();
    }
    std::filesystem::remove(made, code);
    return "cannot be written, and is as it was: " + problem;
}

/// Writes what can be read back: the bytes are read before they go to the disk, so that values that
/// are not finite, or names that are not UTF-8, are refused with the reader's words.
inline std::vector<std::string> write_weights(const std::filesystem::path& path,
                                              const expected_weights& network,
                                              std::span<const float> weights) {
    const std::vector<std::byte> bytes = safetensors_bytes(network, weights);
    memory_source source{bytes};
    weights_result back = read_weights(source, path.string(), network);
    if (!back.errors.empty()) return std::move(back.errors);
    const std::string problem = replace_file(path, bytes);
    if (problem.empty()) return {};
    return {path.string() + ": " + problem};
}

} // namespace ctnn::detail
