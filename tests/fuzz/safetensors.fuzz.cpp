// SPDX-License-Identifier: BSL-1.0
// Any bytes as a safetensors file: either its weights or at least one error, never both; weights
// that were read are written and read again the same.
#include "tiny_network.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include <ctnn/safetensors.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

ctnn::weights_result read(std::span<const std::byte> bytes) {
    ctnn::weights_result file = ctnn::read_safetensors<tiny::net>(bytes, "fuzz");
    require(file.errors.empty() == !file.weights.empty());
    require(file.weights.empty() || file.weights.size() == std::size_t{tiny::net::parameters});
    for (const std::string& line : file.errors) require(line.starts_with("fuzz: "));
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ctnn::weights_result first = read(std::as_bytes(std::span{data, size}));
    if (!first) return 0;
    const ctnn::weights_result second =
        read(ctnn::to_safetensors<tiny::net>(ctnn::weights_span<tiny::net>{first.weights.data()}));
    require(static_cast<bool>(second));
    for (std::size_t i = 0; i < first.weights.size(); ++i)
        require(std::bit_cast<std::uint32_t>(first.weights[i]) ==
                std::bit_cast<std::uint32_t>(second.weights[i]));
    return 0;
}

// A mutated header has another length, and the eight bytes before it hardly ever follow by chance:
// three times of four they are set to the end of the header's last brace and the spaces after it.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    size = LLVMFuzzerMutate(data, size, most);
    if (size < 8 || seed % 4 == 0) return size;
    std::size_t end = size;
    while (end > 8 && data[end - 1] != '}') --end;
    while (end < size && data[end] == ' ') ++end;
    for (std::size_t i = 0; i < 8; ++i)
        data[i] = static_cast<std::uint8_t>(std::uint64_t{end - 8} >> (8 * i));
    return size;
}
