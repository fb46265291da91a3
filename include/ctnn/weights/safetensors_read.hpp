// SPDX-License-Identifier: BSL-1.0
// Reads weights from bytes that nothing is believed of. What is allocated is bounded by the network
// and by the header, never by what a file says of itself.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <ctnn/weights/safetensors_check.hpp>

namespace ctnn {

/// Weights in the order of the network's blob, or everything that is wrong with their file.
struct weights_result {
    std::vector<float> weights;      ///< Network::parameters of them; none if there are errors
    std::vector<std::string> errors; ///< a line each: file, tensor, what was found and expected

    explicit operator bool() const noexcept { return errors.empty(); }

    /// The errors as lines of text.
    std::string message() const {
        std::string result;
        for (const std::string& line : errors) result.append(line).append("\n");
        return result;
    }
};

/// The weights of a quantised network in the same way.
struct quantized_weights_result {
    std::vector<signed char> kernels;
    std::vector<int> biases;
    std::vector<std::string> errors;

    explicit operator bool() const noexcept { return errors.empty(); }

    std::string message() const {
        std::string result;
        for (const std::string& line : errors) result.append(line).append("\n");
        return result;
    }
};

namespace detail {

/// Where bytes come from.
class byte_source {
public:
    explicit byte_source(std::uint64_t size) : size_(size) {}
    byte_source(const byte_source&) = delete;
    byte_source& operator=(const byte_source&) = delete;
    virtual ~byte_source() = default;

    std::uint64_t size() const noexcept { return size_; }
    /// False if the bytes cannot be had; offset and size of `to` are within size().
    virtual bool read(std::uint64_t offset, std::span<std::byte> to) = 0;

private:
    std::uint64_t size_;
};

class memory_source final : public byte_source {
public:
    explicit memory_source(std::span<const std::byte> bytes)
        : byte_source(bytes.size()), bytes_(bytes) {}
    bool read(std::uint64_t offset, std::span<std::byte> to) override {
        if (!to.empty()) std::memcpy(to.data(), bytes_.data() + offset, to.size());
        return true;
    }

private:
    std::span<const std::byte> bytes_;
};

class file_source final : public byte_source {
public:
    file_source(const std::filesystem::path& path, std::uint64_t size)
        : byte_source(size), stream_(path, std::ios::binary) {}
    bool is_open() const { return stream_.is_open(); }
    bool read(std::uint64_t offset, std::span<std::byte> to) override {
        stream_.seekg(static_cast<std::streamoff>(offset));
        stream_.read(reinterpret_cast<char*>(to.data()), static_cast<std::streamsize>(to.size()));
        return stream_.good();
    }

private:
    std::ifstream stream_;
};

/// The format's own limit.
inline constexpr std::uint64_t longest_header = 100'000'000;
inline constexpr std::uint64_t header_start = 8;

/// The header's text; nothing is allocated before its size is known to be in the file.
inline std::string read_header(byte_source& source, error_list& errors) {
    std::byte prefix[header_start];
    if (source.size() < header_start) {
        errors.add("header", "a file of " + spell_bytes(source.size()),
                   "at least 8: the header's size");
        return {};
    }
    if (!source.read(0, prefix)) {
        errors.add("header", "cannot be read");
        return {};
    }
    const std::uint64_t size =
        little_endian(prefix, 4) | std::uint64_t{little_endian(prefix + 4, 4)} << 32;
    const std::uint64_t rest = source.size() - header_start;
    if (size > longest_header || size > rest) {
        errors.add("header", "a size of " + spell_bytes(size),
                   "at most " + (rest < longest_header
                                     ? "the " + spell_bytes(rest) + " that follow in the file"
                                     : spell_bytes(longest_header)));
        return {};
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    if (!source.read(header_start, std::as_writable_bytes(std::span{text})))
        errors.add("header", "cannot be read");
    return text;
}

/// "[2, 0, 7]": where the cell of this number lies in a tensor.
inline std::string spell_index(const shape& extent, long long number) {
    int index[max_rank]{};
    for (int axis = extent.rank; axis-- > 0; number /= extent[axis])
        index[axis] = static_cast<int>(number % extent[axis]);
    return spell_list(index, static_cast<std::size_t>(extent.rank));
}

inline std::string spell_value(float value) {
    return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

/// Reads one tensor's bytes, some at a time: `take(bytes, first cell, cells)`. False if it cannot
/// be read.
template <class Take>
bool read_chunks(byte_source& source, std::uint64_t data_start, const matched_weight& weight,
                 error_list& errors, Take take) {
    constexpr std::size_t chunk = 4096;
    std::byte bytes[chunk * 4];
    const std::size_t cell = weight.cells->bytes;
    const auto count = static_cast<std::size_t>(weight.entry->elements());
    for (std::size_t done = 0; done < count;) {
        const std::size_t now = count - done < chunk ? count - done : chunk;
        const std::uint64_t offset = data_start + weight.record->begin() + done * cell;
        if (!source.read(offset, std::span{bytes}.first(now * cell))) {
            errors.add(tensor_called(weight.record->name), "cannot be read");
            return false;
        }
        take(bytes, done, now);
        done += now;
    }
    return true;
}

/// Reads one tensor's cells; values that are not finite are an error.
inline void read_cells(byte_source& source, std::uint64_t data_start, const matched_weight& weight,
                       float* to, error_list& errors) {
    const std::size_t cell = weight.cells->bytes;
    const auto count = static_cast<std::size_t>(weight.entry->elements());
    const std::string where = tensor_called(weight.record->name);
    std::size_t odd_ones = 0;
    std::size_t first_odd = 0;
    const bool whole =
        read_chunks(source, data_start, weight, errors,
                    [&](const std::byte* bytes, std::size_t first, std::size_t some) {
                        for (std::size_t i = 0; i < some; ++i) {
                            to[first + i] = weight.cells->read(bytes + i * cell);
                            if (!std::isfinite(to[first + i]) && odd_ones++ == 0)
                                first_odd = first + i;
                        }
                    });
    if (!whole) return;
    if (odd_ones > 0)
        errors.add(where,
                   spell_value(to[first_odd]) + " at " +
                       spell_index(weight.entry->extent, static_cast<long long>(first_odd)) + ", " +
                       std::to_string(odd_ones) + " of " + std::to_string(count) +
                       " values not finite",
                   "finite numbers");
}

/// Reads a header and checks everything but the cells, then has `take(matched, data start)` read
/// those. True if nothing is wrong.
template <class Take>
bool read_tensors(byte_source& source, const expected_weights& network, error_list& errors,
                  Take take) {
    safetensors_header header;
    const std::string text = read_header(source, errors);
    if (!errors.empty() || !parse_header(text, header, errors)) return false;
    const std::uint64_t data_start = header_start + text.size();
    check_tiling(header, source.size() - data_start, errors);
    for (const matched_weight& weight : match_weights(header, network, errors))
        take(weight, data_start);
    return errors.empty();
}

/// Reads and checks everything; `name` is what the source is called in errors.
inline weights_result read_weights(byte_source& source, const std::string& name,
                                   const expected_weights& network) {
    error_list errors{name};
    weights_result result;
    std::vector<float> weights(network.count());
    if (read_tensors(source, network, errors,
                     [&](const matched_weight& weight, std::uint64_t data_start) {
                         read_cells(source, data_start, weight,
                                    weights.data() + weight.entry->offset, errors);
                     }))
        result.weights = std::move(weights);
    result.errors = errors.take();
    return result;
}

/// The same for a quantised network.
inline quantized_weights_result read_quantized_weights(byte_source& source, const std::string& name,
                                                       const expected_weights& network) {
    error_list errors{name};
    quantized_weights_result result;
    std::vector<signed char> kernels(network.count(dtype::int8));
    std::vector<int> biases(network.count(dtype::int32));
    const auto read = [&](const matched_weight& weight, std::uint64_t data_start) {
        const bool bias = weight.entry->cell == dtype::int32;
        const auto at = static_cast<std::size_t>(weight.entry->offset);
        read_chunks(source, data_start, weight, errors,
                    [&](const std::byte* bytes, std::size_t first, std::size_t some) {
                        for (std::size_t i = 0; i < some; ++i)
                            if (bias)
                                biases[at + first + i] = int32_at(bytes + 4 * i);
                            else
                                kernels[at + first + i] = static_cast<signed char>(bytes[i]);
                    });
    };
    if (read_tensors(source, network, errors, read)) {
        result.kernels = std::move(kernels);
        result.biases = std::move(biases);
    }
    result.errors = errors.take();
    return result;
}

/// Opens a file and hands it to `read(source, name)`, whose result comes back.
template <class Result, class Read> Result read_file(const std::filesystem::path& path, Read read) {
    const auto failure = [&](const std::string& what) {
        Result failed;
        failed.errors.push_back(path.string() + ": " + what);
        return failed;
    };
    std::error_code problem;
    const auto kind = std::filesystem::status(path, problem);
    if (kind.type() == std::filesystem::file_type::not_found)
        return failure("found no such file, expected a safetensors file");
    if (!problem && !std::filesystem::is_regular_file(kind))
        return failure("found something that is not a file, expected a safetensors file");
    std::uint64_t size = 0;
    if (!problem) size = std::filesystem::file_size(path, problem);
    if (problem) return failure("cannot be read: " + problem.message());
    file_source source{path, size};
    if (!source.is_open()) return failure("cannot be opened for reading");
    return read(source, path.string());
}

inline weights_result read_weights(const std::filesystem::path& path,
                                   const expected_weights& network) {
    return read_file<weights_result>(path, [&](byte_source& source, const std::string& name) {
        return read_weights(source, name, network);
    });
}

inline quantized_weights_result read_quantized_weights(const std::filesystem::path& path,
                                                       const expected_weights& network) {
    return read_file<quantized_weights_result>(
        path, [&](byte_source& source, const std::string& name) {
            return read_quantized_weights(source, name, network);
        });
}

} // namespace detail

} // namespace ctnn
