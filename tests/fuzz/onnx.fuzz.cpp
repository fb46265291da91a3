// SPDX-License-Identifier: BSL-1.0
// Any bytes: the ONNX reader makes a model of them or says what is wrong.
#include "../../tools/ctnn/readers/read.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ctnn::tool::model network;
    try {
        ctnn::tool::read_onnx(network, {reinterpret_cast<const char*>(data), size}, "", {});
    } catch (const ctnn::tool::import_error&) {
        return 0;
    }
    return 0;
}
