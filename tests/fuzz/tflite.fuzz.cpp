// SPDX-License-Identifier: BSL-1.0
// Any bytes: the reader of TensorFlow Lite's files makes a model of them or says what is wrong.
#include "../../tools/ctnn/readers/read.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ctnn::tool::model network;
    try {
        ctnn::tool::read_tflite(network, {reinterpret_cast<const char*>(data), size}, "", {});
    } catch (const ctnn::tool::import_error&) {
        return 0;
    }
    return 0;
}
