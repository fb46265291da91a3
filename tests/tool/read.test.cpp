// SPDX-License-Identifier: BSL-1.0
// Which reader a file gets, and what is said of files that none can read.
#include "../../tools/ctnn/readers/read.hpp"
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/readers/sha256.hpp"
#include "../catch.hpp"

#include <filesystem>
#include <fstream>

namespace {

using namespace ctnn::tool;
namespace fs = std::filesystem;

/// A file that goes with the test.
class made_file {
public:
    made_file(const std::string& name, const std::string& bytes)
        : path_(fs::temp_directory_path() / ("ctnn_read_test_" + name)) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~made_file() { fs::remove(path_); }
    std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

std::string problem_of(const std::string& path) {
    try {
        read_model(path, {});
    } catch (const import_error& problem) {
        return problem.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("SHA-256 is that of the standard") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a model is read by its content, whatever its name") {
    std::ifstream file(CTNN_TOOL_DATA "/tiny.onnx", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const made_file renamed("model.bin", bytes);
    const auto made = read_model(renamed.path(), {});
    CHECK(made->file == renamed.path());
    CHECK(made->sha256 == sha256(bytes));
    CHECK(made->outputs.size() == 1);
}

TEST_CASE("a dynamic dimension is given by its name") {
    read_options options;
    options.dimensions["width"] = 3;
    const auto made = read_model(CTNN_TOOL_DATA "/hostile.onnx", options);
    CHECK(made->extent(0) == ctnn::shape{4, 3, 2});
    CHECK(evaluate(*made, {std::vector<double>(24, 1), std::vector<double>(24, 2)})[0] ==
          std::vector<double>(24, 3));
}

TEST_CASE("files that are no model are named, and so is what is wrong") {
    const made_file empty("empty", "");
    CHECK(contains(problem_of(empty.path()), empty.path() + ": is empty"));
    const made_file text("text.txt", "conv2d<8, 3>");
    CHECK(contains(problem_of(text.path()), "is of no format that is known here"));
    const made_file torch("net.pt", std::string("PK\3\4", 4) + std::string(60, '\0'));
    CHECK(contains(problem_of(torch.path()), "torch.onnx.export"));
    CHECK(contains(problem_of("/no/such/file.onnx"), "there is no such file"));
    CHECK(contains(problem_of(fs::temp_directory_path().string()), "is a folder"));
    const made_file hdf5("h5.h5", std::string("\x89HDF\r\n\x1a\n", 8) + std::string(100, '\0'));
    const made_file zip("k.keras", std::string("PK\3\4", 4) + std::string(60, '\0'));
    const made_file lite("l.tflite", std::string("\x1c\0\0\0TFL3", 8) + std::string(60, '\0'));
    const made_file onnx("o.onnx", "\x08\x07\x12\x7f");
    for (const made_file* file : {&hdf5, &zip, &lite, &onnx}) {
        INFO(problem_of(file->path()));
        CHECK(problem_of(file->path()).starts_with(file->path() + ": "));
        CHECK_FALSE(contains(problem_of(file->path()), "of no format"));
    }
}

} // namespace
