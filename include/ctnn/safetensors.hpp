// SPDX-License-Identifier: BSL-1.0
// Reads and writes a network's weights as safetensors: the edge to nlohmann-json, for hosts. It
// uses the heap; a model that runs does not.
//
//     auto file = ctnn::read_safetensors<net>("net.safetensors");
//     if (!file) return std::fputs(file.message().c_str(), stderr), 1;
//     ctnn::model<net> model{ctnn::weights_span<net>{file.weights.data()}};
//
// The format: https://github.com/huggingface/safetensors#format. Every file is checked in full
// before a weight of it is used, and everything that is wrong is said at once:
//  - the header is at most 100 MB, within the file, JSON, without a key that stands there twice;
//  - every tensor has a dtype, a shape, and data_offsets of just its size; together they cover the
//    data without overlap, holes or bytes after the end;
//  - the tensors are the network's: every name of weight_layout<net> with its shape, no other;
//  - they are F32, or F16 or BF16, which are widened (each of their values is a float); of a
//    quantised network, kernels are I8 and biases I32;
//  - every value is finite;
//  - if the metadata have "ctnn.layout", it is the network's layout hash, 16 hexadecimal digits.
// What is read of a quantised network is kernels and biases:
//     auto file = ctnn::read_safetensors<net>("net.safetensors");
//     ctnn::quantized_weights<net> weights{{file.kernels.data()}, {file.biases.data()}};
// Nothing throws but an allocation that fails; what is allocated does not depend on what a file
// claims, only on how long it is and on the network.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ctnn/core/fixed_span.hpp>
#include <ctnn/quantized/quantized.hpp>
#include <ctnn/weights/layout.hpp>
#include <ctnn/weights/safetensors_read.hpp>
#include <ctnn/weights/safetensors_write.hpp>

namespace ctnn {

namespace detail {

template <class Network> consteval bool names_are_whole() {
    for (const weight_entry& entry : weight_layout<Network>{})
        if (entry.name.full()) return false;
    return true;
}

template <class Network> expected_weights weights_expected_by() noexcept {
    using layout = weight_layout<Network>;
    static_assert(names_are_whole<Network>(),
                  "a weight's name path is cut short: give its blocks shorter names");
    return {{layout::begin(), layout::end()}, layout::hash};
}

} // namespace detail

/// Reads a network's weights from a file.
template <class Network> auto read_safetensors(const std::filesystem::path& path) {
    if constexpr (is_quantized<Network>)
        return detail::read_quantized_weights(path, detail::weights_expected_by<Network>());
    else
        return detail::read_weights(path, detail::weights_expected_by<Network>());
}

/// Reads a network's weights from the bytes of a file; errors call it `name`.
template <class Network>
auto read_safetensors(std::span<const std::byte> bytes, std::string_view name = "safetensors") {
    detail::memory_source source{bytes};
    const std::string called{name};
    if constexpr (is_quantized<Network>)
        return detail::read_quantized_weights(source, called,
                                              detail::weights_expected_by<Network>());
    else
        return detail::read_weights(source, called, detail::weights_expected_by<Network>());
}

/// The bytes of a file with these weights. They are not checked: a value that is not finite is
/// written, and refused by the reader.
template <class Network>
std::vector<std::byte>
to_safetensors(fixed_span<const float, std::size_t{Network::parameters}> weights) {
    return detail::safetensors_bytes(detail::weights_expected_by<Network>(),
                                     {weights.data(), weights.size()});
}

/// Writes a network's weights to a file, or returns what is wrong. Another file of this name is
/// replaced in one step, when the new one is written in full; after an error it is as it was.
/// Weights that are not finite are refused, since they could not be read.
template <class Network>
[[nodiscard]] std::vector<std::string>
write_safetensors(const std::filesystem::path& path,
                  fixed_span<const float, std::size_t{Network::parameters}> weights) {
    return detail::write_weights(path, detail::weights_expected_by<Network>(),
                                 {weights.data(), weights.size()});
}

} // namespace ctnn
