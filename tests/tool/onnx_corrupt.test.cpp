// SPDX-License-Identifier: BSL-1.0
// Damaged and hostile ONNX files: an error each, or a model that is whole.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "onnx_model.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace {

using namespace ctnn;

/// Empty if the bytes are a model that can be written; else what is said of them.
std::string problem_of(const std::string& bytes) {
    try {
        tool::model network;
        tool::read_onnx(network, bytes, "net.onnx", {});
        const tool::written_network written(network, "net");
        CHECK(!written.header().empty());
        CHECK(!written.safetensors().empty());
    } catch (const tool::import_error& problem) {
        CHECK(std::string(problem.what()).substr(0, 8) == "net.onnx");
        return problem.what();
    }
    return {};
}

std::vector<std::string> seeds() {
    std::vector<std::string> found;
    for (const auto& entry :
         std::filesystem::directory_iterator(CTNN_SOURCE_DIR "/tests/fuzz/corpus/onnx")) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream all;
        all << file.rdbuf();
        found.push_back(all.str());
    }
    return found;
}

TEST_CASE("seeds are whole, cut they are not") {
    REQUIRE(seeds().size() >= 6);
    for (const std::string& seed : seeds()) {
        CHECK(problem_of(seed) == "");
        for (std::size_t length = 0; length < seed.size(); ++length)
            CHECK(problem_of(seed.substr(0, length)) != "");
    }
}

TEST_CASE("a changed byte is an error or another model") {
    std::mt19937 random(1);
    for (const std::string& seed : seeds())
        for (int i = 0; i < 400; ++i) {
            std::string bytes = seed;
            for (int k = i % 4; k >= 0; --k)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            problem_of(bytes);
        }
}

TEST_CASE("random bytes are no model") {
    std::mt19937 random(2);
    for (int i = 0; i < 500; ++i) {
        std::string bytes(random() % 400, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        CHECK(problem_of(bytes) != "");
    }
}

TEST_CASE("sizes are checked before memory is taken") {
    constexpr long long huge = 1LL << 40;
    onnx_model weights{1, 2, 4, 4};
    weights.node("Conv", "x w");
    weights.weights("w", {huge, huge, huge}, {1});
    CHECK(problem_of(weights.bytes()) != "");

    onnx_model input{1, huge, huge, 4};
    input.node("Relu", "x");
    CHECK(problem_of(input.bytes()) != "");

    for (const char* type : {"ConstantOfShape", "Expand", "Tile", "Reshape"}) {
        onnx_model source{1, 2, 4, 4};
        if (std::string(type) == "ConstantOfShape") {
            source.node(type, "n", "c");
            source.node("Add", "x c");
        } else {
            source.node(type, "x n");
        }
        source.wholes("n", {1 << 20, 1 << 20, 1 << 20, 1 << 20});
        CHECK(problem_of(source.bytes()) != "");
    }

    onnx_model range{1, 2, 4, 4};
    range.node("Range", "a b c", "r");
    range.node("Add", "x r");
    range.weights("a", {}, {0});
    range.weights("b", {}, {3e38F});
    range.weights("c", {}, {1e-30F});
    CHECK(problem_of(range.bytes()) != "");

    onnx_model pool{1, 2, 4, 4};
    onnx::NodeProto& window = pool.node("MaxPool", "x");
    onnx_model::set(window, "kernel_shape", {huge, 3});
    onnx_model::set(window, "pads", {huge, huge, huge, huge});
    CHECK(problem_of(pool.bytes()) != "");

    onnx_model pad{1, 2, 4, 4};
    pad.node("Pad", "x n");
    pad.wholes("n", {0, 0, huge, 1, 0, 0, -huge, 1});
    CHECK(problem_of(pad.bytes()) != "");
}

TEST_CASE("a graph that reads itself, or nothing, is refused") {
    onnx_model loop{1, 2};
    loop.node("Add", "y x");
    CHECK(problem_of(loop.bytes()) != "");
    onnx_model nothing{1, 2};
    CHECK(problem_of(nothing.bytes()) != "");
    onnx_model twice{1, 2};
    twice.node("Relu", "x");
    twice.node("Tanh", "x");
    problem_of(twice.bytes());
}

TEST_CASE("weights do not come from elsewhere") {
    onnx_model source{1, 2};
    source.node("Add", "x w");
    onnx::TensorProto& held = source.weights("w", {2}, {});
    held.set_data_location(onnx::TensorProto::EXTERNAL);
    onnx::StringStringEntryProto& entry = *held.add_external_data();
    entry.set_key("location");
    for (const char* location : {"/etc/passwd", "../../etc/passwd", "", "."}) {
        entry.set_value(location);
        CHECK(problem_of(source.bytes()).find("its data lies in") != std::string::npos);
    }
}

TEST_CASE("long chains are read without recursion") {
    onnx_model source{1, 2};
    constexpr int nodes = 5000;
    for (int i = 0; i < nodes; ++i)
        source.node("Tanh", i == 0 ? "x" : "n" + std::to_string(i),
                    i + 1 == nodes ? "y" : "n" + std::to_string(i + 1));
    CHECK(problem_of(source.bytes()).find("layers") != std::string::npos);
}

} // namespace
