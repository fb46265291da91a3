// SPDX-License-Identifier: BSL-1.0
// Safetensors files in memory and on disk, for the tests of reading and writing them.
#pragma once

#include "catch.hpp"
#include "fuzz/tiny_network.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>

#include <ctnn/safetensors.hpp>

namespace files {

using tiny::net;
using lines = std::vector<std::string>;
using weights_array = std::array<float, std::size_t{net::parameters}>;

/// A folder for one test, gone after it.
struct scratch_folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("ctnn-safetensors-" + std::to_string(getpid()));
    scratch_folder() { std::filesystem::create_directories(path); }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() { std::filesystem::remove_all(path); }

    int files() const {
        return static_cast<int>(std::distance(std::filesystem::directory_iterator{path}, {}));
    }
};

inline weights_array some_weights() {
    weights_array weights;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = (static_cast<float>(i) - 20) / 16;
    return weights;
}

inline std::vector<std::byte> bytes_of(const void* data, std::size_t size) {
    std::vector<std::byte> bytes(size);
    if (size > 0) std::memcpy(bytes.data(), data, size);
    return bytes;
}

inline std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
    std::ifstream stream{path, std::ios::binary};
    REQUIRE(stream.is_open());
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    return bytes_of(text.data(), text.size());
}

/// A file whose header is `text`.
inline std::vector<std::byte> file_of(const std::string& text, const std::vector<std::byte>& data) {
    std::vector<std::byte> file(8 + text.size() + data.size());
    for (std::size_t i = 0; i < 8; ++i)
        file[i] = static_cast<std::byte>(text.size() >> (8 * i) & 0xff);
    std::memcpy(file.data() + 8, text.data(), text.size());
    if (!data.empty()) std::memcpy(file.data() + 8 + text.size(), data.data(), data.size());
    return file;
}

inline std::vector<std::byte> good_data() {
    const weights_array weights = some_weights(); // the machines that run tests are little-endian
    return bytes_of(weights.data(), sizeof weights);
}

/// The parts of a header for the network, as they should be; tests spoil them.
struct header_parts {
    std::string kernel =
        R"("conv2d/kernel":{"dtype":"F32","shape":[3,3,1,2],"data_offsets":[0,72]})";
    std::string bias = R"("conv2d/bias":{"dtype":"F32","shape":[2],"data_offsets":[72,80]})";
    std::string dense = R"("dense/kernel":{"dtype":"F32","shape":[8,3],"data_offsets":[80,176]})";
    std::string last = R"("dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[176,188]})";

    std::string text() const { return "{" + kernel + "," + bias + "," + dense + "," + last + "}"; }
};

inline lines errors_of(const std::vector<std::byte>& file) {
    const ctnn::weights_result result = ctnn::read_safetensors<net>(file, "w");
    CHECK(result.weights.empty());
    CHECK_FALSE(result);
    return result.errors;
}
inline lines errors_of(const header_parts& parts,
                       const std::vector<std::byte>& data = good_data()) {
    return errors_of(file_of(parts.text(), data));
}
inline lines errors_of(const std::string& header, const std::vector<std::byte>& data = {}) {
    return errors_of(file_of(header, data));
}

inline bool same_bits(std::span<const float> left, std::span<const float> right) {
    return left.size() == right.size() &&
           std::memcmp(left.data(), right.data(), left.size_bytes()) == 0;
}

} // namespace files
