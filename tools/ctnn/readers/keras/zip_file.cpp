// SPDX-License-Identifier: BSL-1.0
#include "zip_file.hpp"

#include "../common/builder.hpp"

#include <zip.h>

namespace ctnn::tool::from_keras {

void zip_file::closer::operator()(zip* archive) const { zip_discard(archive); }

zip_file::zip_file(std::string_view bytes) : size_(bytes.size()) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) {
        archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
        if (!archive_) zip_source_free(source);
    }
    zip_error_fini(&error);
    if (!archive_) throw refusal("is no zip archive, or a damaged or truncated one");
}

std::string zip_file::read(const char* name, std::size_t most) const {
    zip_stat_t about;
    zip_stat_init(&about);
    const std::string what = "'" + std::string(name) + "' in it";
    if (zip_stat(archive_.get(), name, 0, &about) != 0 || (about.valid & ZIP_STAT_SIZE) == 0)
        throw refusal("has no '" + std::string(name) + "': it is no model that Keras saved");
    // DEFLATE makes a byte of some thousand at most.
    if (about.size / 1040 > size_) throw refusal(what + " is larger than the archive can hold");
    if (about.size > most)
        throw refusal(what + " has more than " + std::to_string(most >> 20) + " MB");
    zip_file_t* opened = zip_fopen(archive_.get(), name, 0);
    if (opened == nullptr) throw refusal(what + " cannot be read");
    std::string result(about.size, '\0');
    zip_uint64_t done = 0;
    while (done < about.size) {
        const zip_int64_t count = zip_fread(opened, result.data() + done, about.size - done);
        if (count <= 0) break;
        done += static_cast<zip_uint64_t>(count);
    }
    char more = 0;
    const bool whole = done == about.size && zip_fread(opened, &more, 1) == 0; // checks the sum
    zip_fclose(opened);
    if (!whole) throw refusal(what + " is damaged");
    return result;
}

} // namespace ctnn::tool::from_keras
