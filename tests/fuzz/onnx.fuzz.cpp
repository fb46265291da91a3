// SPDX-License-Identifier: BSL-1.0
// Any bytes: the ONNX reader makes a model of them, which can be written, or says what is wrong.
#include "../../tools/ctnn/readers/read.hpp"
#include "../../tools/ctnn/writer/write.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        ctnn::tool::model network;
        ctnn::tool::read_onnx(network, {reinterpret_cast<const char*>(data), size}, "", {});
        const ctnn::tool::written_network written(network, "fuzzed");
        static_cast<void>(written.header());
        static_cast<void>(written.safetensors());
    } catch (const ctnn::tool::import_error&) {
    }
    return 0;
}
