// SPDX-License-Identifier: BSL-1.0
// Which reader a file needs is said by its first bytes.
#include "read.hpp"

#include "sha256.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace ctnn::tool {

namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using reader = void (*)(model&, std::string_view, const std::string&, const read_options&);

constexpr const char* formats =
    "ONNX (.onnx), Keras (.h5, .keras) and TensorFlow Lite (.tflite) are supported";

std::string reason(int code) { return std::generic_category().message(code); }

std::string bytes_of(const std::string& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (status.type() == fs::file_type::not_found)
        throw import_error(path, "", "there is no such file");
    if (!fs::exists(status)) throw import_error(path, "", "cannot be read: " + code.message());
    if (fs::is_directory(status))
        throw import_error(path, "",
                           fs::exists(fs::path(path) / "saved_model.pb", code)
                               ? "is a SavedModel; convert it to TensorFlow Lite or ONNX, or save "
                                 "the model as .h5 or .keras"
                               : "is a folder, expected a file");
    constexpr std::uintmax_t most = std::uintmax_t{1} << 32;
    const std::uintmax_t size = fs::is_regular_file(status) ? fs::file_size(path, code) : 0;
    if (!code && size > most) throw import_error(path, "", "has more than 4 GB");
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) throw import_error(path, "", "cannot be read: " + reason(errno));
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(code ? 0 : size));
    char chunk[65536];
    std::size_t got = 0;
    while ((got = std::fread(chunk, 1, sizeof chunk, file)) > 0 && bytes.size() <= most)
        bytes.append(chunk, got);
    const int problem = std::ferror(file) != 0 ? errno : 0;
    std::fclose(file);
    if (problem != 0) throw import_error(path, "", "cannot be read: " + reason(problem));
    if (bytes.size() > most) throw import_error(path, "", "has more than 4 GB");
    return bytes;
}

/// HDF5 may have bytes of somebody else before it: 512, 1024, 2048 and so on.
bool is_hdf5(std::string_view bytes) {
    constexpr std::string_view signature = "\x89HDF\r\n\x1a\n"sv;
    for (std::size_t at = 0; at + signature.size() <= bytes.size(); at = at == 0 ? 512 : 2 * at)
        if (bytes.substr(at, signature.size()) == signature) return true;
    return false;
}

/// A field of ONNX' ModelProto that a file may begin with, by number and type.
bool may_be_onnx(std::string_view bytes) {
    constexpr std::string_view tags = "\x08\x12\x1a\x22\x28\x32\x3a\x42\x72\xa2"sv;
    return !bytes.empty() && tags.find(bytes[0]) != std::string_view::npos;
}

[[noreturn]] void refuse_unknown(const std::string& path, std::string_view bytes) {
    if (bytes.empty()) throw import_error(path, "", "is empty");
    const std::string suffix = fs::path(path).extension().string();
    if (suffix == ".pt" || suffix == ".pth")
        throw import_error(path, "",
                           "is a file of PyTorch, which holds code; export the model to ONNX with "
                           "torch.onnx.export");
    throw import_error(path, "", "is of no format that is known here; " + std::string(formats));
}

reader reader_of(const std::string& path, std::string_view bytes) {
    const std::string suffix = fs::path(path).extension().string();
    if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3"sv) return read_tflite;
    if (is_hdf5(bytes)) return read_keras_h5;
    if (bytes.substr(0, 4) == "PK\3\4"sv && suffix != ".pt" && suffix != ".pth")
        return read_keras_zip;
    if (may_be_onnx(bytes) || (!bytes.empty() && suffix == ".onnx")) return read_onnx;
    refuse_unknown(path, bytes);
}

} // namespace

std::unique_ptr<model> read_model(const std::string& path, const read_options& options) {
    const std::string bytes = bytes_of(path);
    auto made = std::make_unique<model>();
    made->file = path;
    const reader read = reader_of(path, bytes);
    if (!options.dimensions.empty() && read != &read_onnx)
        throw import_error(
            path, "",
            "has no names for its dimensions. Give the extents of its inputs: --input "
            "NAME=EXTENTS");
    read(*made, bytes, path, options);
    made->file = path;
    made->sha256 = sha256(bytes);
    return made;
}

} // namespace ctnn::tool
