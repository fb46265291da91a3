// SPDX-License-Identifier: BSL-1.0
#include "sha256.hpp"

#include <nettle/sha2.h>

namespace ctnn::tool {

std::string sha256(std::string_view bytes) {
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&context, sizeof digest, digest);
    std::string text;
    for (const uint8_t byte : digest)
        for (const int half : {byte >> 4, byte & 15}) text += "0123456789abcdef"[half];
    return text;
}

} // namespace ctnn::tool
