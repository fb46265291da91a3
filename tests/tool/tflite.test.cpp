// SPDX-License-Identifier: BSL-1.0
// TensorFlow Lite's files: real models, operators one by one, and files that are damaged.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "orders.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "tflite_generated.h"

namespace {

using namespace ctnn;
namespace format = tool::from_tflite::format;

std::string data_file(const std::string& name) {
    const std::string folder = tool::data_folder();
    const std::string path = folder + "/mlperf_tiny/" + name;
    if (!folder.empty() && std::filesystem::exists(path)) return path;
    std::cout << "skipped: no " << name << " (CTNN_DATA=" << folder << ")\n";
    return {};
}

void read(tool::model& to, const std::string& path) {
    read_tflite(to, tool::bytes_of(path), path, {});
}

/// Scale and zero point of the first input of a quantised model.
std::pair<double, double> scale_of_input(const std::string& path) {
    const std::string bytes = tool::bytes_of(path);
    const auto* graph = format::GetModel(bytes.data())->subgraphs()->Get(0);
    const auto* tensor = graph->tensors()->Get(static_cast<unsigned>(graph->inputs()->Get(0)));
    return {static_cast<double>(tensor->quantization()->scale()->Get(0)),
            static_cast<double>(tensor->quantization()->zero_point()->Get(0))};
}

std::size_t best(const double* scores, std::size_t count) {
    return static_cast<std::size_t>(std::max_element(scores, scores + count) - scores);
}

TEST_CASE("MLPerf Tiny's keywords") {
    const std::string path = data_file("kws_float32_qualcomm.tflite");
    const std::string quantised = data_file("kws_ref_model.tflite");
    if (path.empty() || quantised.empty()) return;
    tool::model network;
    read(network, path);
    const auto [scale, zero] = scale_of_input(quantised);
    const std::string inputs = tool::bytes_of(data_file("kws_in.i8"));
    const std::string labels = tool::bytes_of(data_file("kws_lab.u8"));
    const std::vector<float> expected = tool::floats_of(data_file("kws_out.f32"));
    double worst = 0;
    int right = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        std::vector<double> cells;
        for (std::size_t k = 0; k < 490; ++k)
            cells.push_back((static_cast<signed char>(inputs[490 * i + k]) - zero) * scale);
        const std::vector<double> scores = tool::evaluate(network, {cells})[0];
        right += best(scores.data(), 12) == static_cast<unsigned char>(labels[i]) ? 1 : 0;
        for (std::size_t k = 0; k < 12; ++k)
            worst =
                std::max(worst, std::abs(scores[k] - static_cast<double>(expected[12 * i + k])));
    }
    std::cout << "kws_float32_qualcomm.tflite: " << right << " of 100 right, worst difference "
              << worst << "\n";
    CHECK(worst < 1e-4);
}

TEST_CASE("MLPerf Tiny's anomaly detector") {
    const std::string path = data_file("ad01_fp32.tflite");
    if (path.empty()) return;
    tool::model network;
    read(network, path);
    const std::vector<float> inputs = tool::floats_of(data_file("ad_in_first16.f32"));
    const std::vector<float> expected = tool::floats_of(data_file("ad_out_first16.f32"));
    REQUIRE(inputs.size() == 16 * 640);
    double worst = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        const auto begin = inputs.begin() + static_cast<std::ptrdiff_t>(640 * i);
        const std::vector<double> made =
            tool::evaluate(network, {std::vector<double>(begin, begin + 640)})[0];
        for (std::size_t k = 0; k < 640; ++k) { // cells reach 62, and the reference is float32
            const double wanted = static_cast<double>(expected[640 * i + k]);
            worst = std::max(worst, std::abs(made[k] - wanted) / (1 + std::abs(wanted)));
        }
    }
    std::cout << "ad01_fp32.tflite: worst relative difference " << worst << "\n";
    CHECK(worst < 1e-4);
}

TEST_CASE("MLPerf Tiny's persons: TensorFlow Lite's file and ONNX' are one network") {
    const std::string path = data_file("vww_96_float.tflite");
    const std::string other = data_file("vww_96_float.onnx");
    if (path.empty() || other.empty()) return;
    tool::model network;
    read(network, path);
    tool::model same;
    read_onnx(same, tool::bytes_of(other), other, {});
    const std::string images = tool::bytes_of(data_file("vww_in_sel100.i8"));
    const std::string labels = tool::bytes_of(data_file("vww_lab_sel100.u8"));
    double worst = 0;
    int right = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        std::vector<double> image;
        for (std::size_t k = 0; k < 96 * 96 * 3; ++k)
            image.push_back((static_cast<signed char>(images[96 * 96 * 3 * i + k]) + 128) / 255.0);
        const std::vector<double> scores = tool::evaluate(network, {image})[0];
        const std::vector<double> others = tool::evaluate(same, {image})[0];
        right += best(scores.data(), 2) == static_cast<unsigned char>(labels[i]) ? 1 : 0;
        for (std::size_t k = 0; k < 2; ++k)
            worst = std::max(worst, std::abs(scores[k] - others.at(k)));
    }
    std::cout << "vww_96_float.tflite: " << right << " of 20 right, worst difference from ONNX "
              << worst << "\n";
    CHECK(worst < 1e-4);
    CHECK(right >= 15);
}

} // namespace
