// SPDX-License-Identifier: BSL-1.0
// ONNX models from the world, which the folder CTNN_DATA has: the digits of ONNX' model zoo with
// MNIST's test images in mnist, MLPerf Tiny's networks in mlperf_tiny.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/model/int8.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../catch.hpp"
#include "backend_cases.hpp"
#include "orders.hpp"
#include "tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>

#include <zlib.h>

namespace {

namespace fs = std::filesystem;
using namespace ctnn;

/// The path of a file or folder; empty where it is missing, which is said aloud.
fs::path data(const std::string& name) {
    const std::string folder = tool::data_folder();
    const fs::path path = fs::path(folder) / name;
    if (!folder.empty() && fs::exists(path)) return path;
    std::printf("skipped: no %s (CTNN_DATA=%s)\n", name.c_str(), folder.c_str());
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

/// What the operators on floats between quantise and dequantise say: every layer in double, its
/// output rounded to the cells that there are.
std::vector<double> rounded_layers(const tool::model& network, const std::vector<double>& cells) {
    std::vector<std::vector<double>> made;
    for (const tool::layer& next : network.layers) {
        std::vector<const std::vector<double>*> reads;
        for (const int read : next.inputs) reads.push_back(&made[static_cast<std::size_t>(read)]);
        std::vector<double> numbers =
            next.inputs.empty() ? cells : tool::evaluate_layer(network, next, reads);
        const quantization as = next.on_int8->made;
        const double scale = static_cast<double>(as.scale);
        for (double& number : numbers)
            number =
                scale * (std::clamp(std::nearbyint(number / scale) + as.zero_point, -128.0, 127.0) -
                         as.zero_point);
        made.push_back(std::move(numbers));
    }
    return made[static_cast<std::size_t>(network.outputs.at(0).layer)];
}

/// Examples of numbers; how the int8 network does, and how far its outputs are from the model's.
void compare_quantised(const std::string& name, const std::string& label_file, int stride, int most,
                       int least_right, const std::function<std::vector<double>(int)>& example) {
    const fs::path path = data("mlperf_tiny/" + name);
    const fs::path labels = data(label_file);
    if (path.empty() || labels.empty()) return;
    tool::model network;
    read(network, path);
    REQUIRE(network.on_int8());
    std::ifstream label_stream(labels, std::ios::binary);
    const std::string label{std::istreambuf_iterator<char>(label_stream), {}};
    const quantization in = network.layers[0].on_int8->made;
    const quantization out = network.layers.back().on_int8->made;
    int right = 0;
    int near = 0;
    int cells = 0;
    double worst = 0;
    for (int i = 0; i < most; ++i) {
        const std::vector<double> numbers = example(i);
        std::vector<signed char> image;
        for (const double number : numbers)
            image.push_back(static_cast<signed char>(
                std::clamp(std::nearbyint(number / static_cast<double>(in.scale)) + in.zero_point,
                           -128.0, 127.0)));
        const std::vector<signed char> scores = tool::evaluate_int8(network, {image})[0];
        const std::vector<double> expected = rounded_layers(network, numbers);
        for (std::size_t k = 0; k < scores.size(); ++k) {
            const double off = std::abs(
                static_cast<double>(out.scale) * (scores[k] - out.zero_point) - expected[k]);
            worst = std::max(worst, off);
            near += off <= 1.01 * static_cast<double>(out.scale) ? 1 : 0;
            ++cells;
        }
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        right += best == label.at(static_cast<std::size_t>(i * stride)) ? 1 : 0;
    }
    std::cout << name << ": " << right << " of " << most << " right on int8; " << near << " of "
              << cells << " outputs within a step of what the model says, the worst is off by "
              << worst << "\n";
    CHECK(right >= least_right);
    CHECK(near >= cells * 9 / 10);
}

TEST_CASE("quantised models become int8 networks") {
    const fs::path cells = data("mlperf_tiny/kws_in.i8");
    const fs::path images = data("cifar10/test_first1000.bin");
    if (cells.empty() || images.empty()) return;
    const auto bytes_of = [](const fs::path& path) {
        std::ifstream stream(path, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(stream), {}};
    };
    const std::string words = bytes_of(cells);
    const std::string pictures = bytes_of(images);
    compare_quantised("kws_ref_model.onnx", "mlperf_tiny/kws_lab.u8", 1, 50, 40, [&](int i) {
        std::vector<double> numbers; // the scale and zero point of kws_ref_model.tflite
        for (std::size_t k = 0; k < 490; ++k)
            numbers.push_back(
                0.5847029089927673 *
                (static_cast<signed char>(words.at(static_cast<std::size_t>(i) * 490 + k)) - 83));
        return numbers;
    });
    compare_quantised("resnet.onnx", "cifar10/test_first1000.bin", 3073, 10, 7, [&](int i) {
        std::vector<double> numbers;
        for (std::size_t cell = 0; cell < 1024; ++cell)
            for (std::size_t c = 0; c < 3; ++c)
                numbers.push_back(static_cast<unsigned char>(
                    pictures.at(static_cast<std::size_t>(i) * 3073 + 1 + c * 1024 + cell)));
        return numbers;
    });
}

} // namespace
