// SPDX-License-Identifier: BSL-1.0
// ONNX models from the world, which the folder CTNN_DATA has: the digits of ONNX' model zoo with
// MNIST's test images in mnist, MLPerf Tiny's networks in mlperf_tiny.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../catch.hpp"
#include "backend_cases.hpp"
#include "orders.hpp"
#include "tolerance.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <zlib.h>

namespace {

namespace fs = std::filesystem;
using namespace ctnn;

/// The path of a file or folder; empty where it is missing, which is said aloud.
fs::path data(const char* name) {
    const std::string folder = tool::data_folder();
    const fs::path path = fs::path(folder) / name;
    if (!folder.empty() && fs::exists(path)) return path;
    std::printf("skipped: no %s (CTNN_DATA=%s)\n", name, folder.c_str());
    return {};
}

void read(tool::model& to, const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    tool::read_onnx(to, all.str(), path.string(), {});
}

/// What a gzip file holds behind its header.
std::vector<unsigned char> unzipped(const fs::path& path, std::size_t header, std::size_t count) {
    const gzFile file = gzopen(path.c_str(), "rb");
    REQUIRE(file != nullptr);
    std::vector<unsigned char> bytes(header + count);
    CHECK(gzread(file, bytes.data(), static_cast<unsigned>(bytes.size())) ==
          static_cast<int>(bytes.size()));
    gzclose(file);
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
    return bytes;
}

TEST_CASE("digits: what the model zoo recorded") {
    const fs::path folder = data("mnist");
    if (folder.empty()) return;
    const std::vector<fs::path> sets = backend::data_sets(folder);
    CHECK(sets.size() == 3);
    for (const fs::path& set : sets) {
        const backend::network_case subject = backend::load(folder, set, false);
        const backend::example& pair = subject.examples.at(0);
        const auto found = tool::evaluate(*subject.network, pair.inputs);
        CHECK(backend::distance(found[0], pair.outputs[0]) < 1e-4);
    }
}

TEST_CASE("digits: 98.91 % of the test images") {
    const fs::path folder = data("mnist");
    if (folder.empty()) return;
    constexpr std::size_t images = 10000;
    constexpr std::size_t cells = 28 * 28;
    tool::model network;
    read(network, folder / "model.onnx");
    const auto pixels = unzipped(folder / "t10k-images-idx3-ubyte.gz", 16, images * cells);
    const auto labels = unzipped(folder / "t10k-labels-idx1-ubyte.gz", 8, images);
    int right = 0;
    for (std::size_t i = 0; i < images; ++i) {
        const auto begin = pixels.begin() + static_cast<std::ptrdiff_t>(i * cells);
        const std::vector<double> image(begin, begin + static_cast<std::ptrdiff_t>(cells));
        const std::vector<double> scores = tool::evaluate(network, {image})[0];
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        if (best == labels[i]) ++right;
    }
    CHECK(right == 9891);
}

TEST_CASE("visual wake words: as ONNX Runtime") {
    const fs::path path = data("mlperf_tiny/vww_96_float.onnx");
    if (path.empty()) return;
    tool::model network;
    read(network, path);
    REQUIRE(network.extent(0) == shape{96, 96, 3});
    // Cell i of the source's order, channels first, is i * step % 255 / 255.
    struct recorded {
        int step;
        std::vector<double> scores; // by ONNX Runtime 1.30
    };
    for (const recorded& known : {recorded{7, {0.9820564985275269, 0.017943423241376877}},
                                  recorded{31, {0.9945476055145264, 0.00545246247202158}}}) {
        std::vector<double> image;
        for (int cell = 0; cell < 96 * 96; ++cell)
            for (int channel = 0; channel < 3; ++channel)
                image.push_back((channel * 96 * 96 + cell) * known.step % 255 / 255.0);
        CHECK(backend::distance(tool::evaluate(network, {image})[0], known.scores) < 1e-4);
    }
}

TEST_CASE("a quantised model is refused in words") {
    for (const char* name : {"mlperf_tiny/kws_ref_model.onnx", "mlperf_tiny/resnet.onnx"}) {
        const fs::path path = data(name);
        if (path.empty()) return;
        std::string problem;
        try {
            tool::model network;
            read(network, path);
        } catch (const tool::import_error& refused) {
            problem = refused.what();
        }
        CHECK(problem.find("the model is quantised to 8-bit integers") != std::string::npos);
    }
}

} // namespace
