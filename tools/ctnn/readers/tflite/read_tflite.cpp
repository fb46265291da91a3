// SPDX-License-Identifier: BSL-1.0
// The reader of TensorFlow Lite's files.
#include "../../model/error.hpp"
#include "../../model/int8.hpp"
#include "../../model/tidy.hpp"
#include "../read.hpp"
#include "importer.hpp"

#include <cstdint>
#include <cstring>

namespace ctnn::tool {

void read_tflite(model& to, std::string_view bytes, const std::string& file,
                 const read_options& options) {
    using namespace from_tflite;
    to.file = file;
    if (bytes.size() < 8 || bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE)
        throw import_error(file, "",
                           "is no TensorFlow Lite model: it has " + std::to_string(bytes.size()) +
                               " bytes");
    std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    const auto* data = reinterpret_cast<const std::uint8_t*>(aligned.data());
    if (!flatbuffers::BufferHasIdentifier(data, "TFL3"))
        throw import_error(file, "", "is no TensorFlow Lite model of version 3, or a damaged one");
    constexpr flatbuffers::uoffset_t most_depth = 64;
    constexpr flatbuffers::uoffset_t most_tables = 1 << 20;
    flatbuffers::Verifier verifier(data, bytes.size(), most_depth, most_tables);
    if (!format::VerifyModelBuffer(verifier))
        throw import_error(file, "", "is a damaged or truncated TensorFlow Lite model");
    const format::Model& content = *format::GetModel(data);
    if (content.version() != 3)
        throw import_error(file, "",
                           "is of version " + std::to_string(content.version()) +
                               " of the format; only 3 is supported");
    if (content.subgraphs() == nullptr || content.subgraphs()->size() == 0 ||
        content.subgraphs()->Get(0) == nullptr || content.operator_codes() == nullptr)
        throw import_error(file, "", "holds no network");
    to.format = "TensorFlow Lite 3";
    importer(to, content, options).run();
    if (content.subgraphs()->size() > 1)
        to.notes.push_back("the file has " + std::to_string(content.subgraphs()->size()) +
                           " networks; the first was imported");
    remove_unread(to);
    check_int8(to);
    tidy(to);
    if (to.batch > 1) to.notes.push_back("the batch of " + std::to_string(to.batch) + " became 1");
}

} // namespace ctnn::tool
