// SPDX-License-Identifier: BSL-1.0
// Networks on int8 as TensorFlow Lite has them: every number arrives, every byte is the
// reference's, and what is quantised in other ways is refused by name.
#include "../../tools/ctnn/model/int8.hpp"
#include "../../tools/ctnn/writer/numbers_text.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "orders.hpp"
#include "tflite_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

#include <ctnn/safetensors.hpp>

namespace {

using namespace ctnn;
namespace format = tool::from_tflite::format;
using Catch::Matchers::Contains;
using tool::error_of;
using tool::file;
using tool::ints;
using bytes = std::vector<signed char>;

void quantise(file& f, int tensor, const std::vector<float>& scales,
              const std::vector<std::int64_t>& zeros = {0}, int axis = 0,
              format::CellType type = format::CellType_int8) {
    auto& to = f.tensor_at(tensor);
    to.type = type;
    to.quantization = std::make_unique<format::QuantizationT>();
    to.quantization->scale = scales;
    to.quantization->zero_point = zeros;
    to.quantization->axis = axis;
}
int cells(file& f, int tensor, float scale, int zero) {
    quantise(f, tensor, {scale}, {zero});
    return tensor;
}
int kernel(file& f, const ints& dims, const bytes& numbers, const std::vector<float>& scales,
           int axis = 0) {
    const int made = f.constant(dims, numbers, format::CellType_int8);
    quantise(f, made, scales, std::vector<std::int64_t>(scales.size(), 0), axis);
    return made;
}
int bias(file& f, const ints& numbers) {
    const int made = f.whole(numbers);
    quantise(f, made, {0.01F}, {0}, 0, format::CellType_int32);
    return made;
}
format::Conv2DT conv_options(int activation = 0) {
    format::Conv2DT options;
    options.stride_h = options.stride_w = 1;
    options.activation = static_cast<std::int8_t>(activation);
    return options;
}

void read(tool::model& to, const file& from) {
    tool::read_tflite(to, from.bytes(), "m.tflite", {});
}

/// One pixel, two channels, two filters.
struct pixel {
    file f;
    int in = cells(f, f.input({1, 1, 1, 2}), 0.5F, 3);
    int weights = kernel(f, {2, 1, 1, 2}, {1, -2, 100, 4}, {0.25F, 0.125F});
    int offset = bias(f, {7, 2000000011});
    int out = cells(f, f.output({1, 1, 1, 2}), 0.5F, -3);

    void convolve(int activation = 0) {
        f.add(3, {in, weights, offset}, {out}, conv_options(activation));
    }
};

TEST_CASE("int8: numbers, kernels and biases are those of the file") {
    pixel p;
    p.convolve(1);
    tool::model network;
    read(network, p.f);
    REQUIRE(network.layers.size() == 2);
    REQUIRE(network.on_int8());
    const tool::int8_facts& facts = *network.layers[1].on_int8;
    CHECK(network.layers[0].on_int8->made == quantization{0.5F, 3});
    CHECK(facts.made == quantization{0.5F, -3});
    CHECK(facts.kernel_scales == std::vector<float>{0.25F, 0.125F});
    CHECK(facts.kernel == bytes{1, 100, -2, 4});          // filters are the last axis
    CHECK(facts.bias == std::vector<int>{7, 2000000011}); // which no float is
    CHECK(network.layers[1].what.options.has_activation);
    // (5 - 3) * 1 + (2 - 3) * -2 + 7 = 11, times 0.5 * 0.25 / 0.5 is 2.75: 3 above the zero point.
    CHECK(tool::evaluate_int8(network, {{5, 2}})[0] == bytes{0, 127});

    const tool::written_network written(network, "pixel");
    const std::string header = written.header();
    for (const char* part :
         {"using layers = ctnn::network<", "using network = ctnn::quantized<layers, numbers>;",
          "{0.5F, 3},", "{0.5F, -3},", "0.25F, 0.125F,", "input_numbers[]{numbers::tensors[0]}",
          "output_numbers[]{numbers::tensors[1]}", "static_assert(network::weight_bytes == 12);"})
        CHECK_THAT(header, Contains(part));
}

struct pixel_numbers {
    static constexpr quantization tensors[]{{0.5F, 3}, {0.5F, -3}};
    static constexpr float kernel_scales[]{0.25F, 0.125F};
};
using pixel_network =
    quantized<ctnn::network<named<"in", input<1, 1, 2>>, named<"out", conv2d<2, 1, relu>>>,
              pixel_numbers>;

TEST_CASE("int8: the library reads the weights that are written, and no others") {
    pixel p;
    p.convolve(1);
    tool::model network;
    read(network, p.f);
    std::string file = tool::written_network(network, "pixel").safetensors();
    const auto read_back = [&] {
        return read_safetensors<pixel_network>(std::as_bytes(std::span{file}), "pixel");
    };
    const auto weights = read_back();
    REQUIRE(weights.message() == "");
    CHECK(weights.kernels == bytes{1, 100, -2, 4});
    CHECK(weights.biases == std::vector<int>{7, 2000000011});
    // A network of floats with the same names and shapes is another one.
    const auto floats = read_safetensors<pixel_network::network>(std::as_bytes(std::span{file}));
    CHECK_THAT(floats.message(), Contains("found dtype \"I8\", expected F32"));
    CHECK_THAT(floats.message(), Contains("ctnn.layout"));
    file.replace(file.find("\"I32\""), 5, "\"F32\"");
    CHECK_THAT(read_back().message(), Contains("found dtype \"F32\", expected I32"));
}

TEST_CASE("int8: scales are written as the floats that they are") {
    std::mt19937 random(1);
    for (int i = 0; i < 1000; ++i) {
        const float scale =
            std::ldexp(static_cast<float>(random() >> 8), static_cast<int>(random() % 60) - 60);
        const std::string text = tool::float_text(scale);
        REQUIRE(text.back() == 'F');
        CHECK(std::strtof(text.c_str(), nullptr) == scale);
    }
    CHECK(tool::float_text(1.0F) == "1.0F");
}

TEST_CASE("int8: a relu of other numbers stays a layer, one of the same is the clamp") {
    for (const float scale : {0.5F, 0.25F}) {
        pixel p;
        p.out = p.f.tensor({1, 1, 1, 2});
        cells(p.f, p.out, 0.5F, -3);
        p.convolve();
        const int last = p.f.output({1, 1, 1, 2});
        p.f.graph().outputs = {last};
        p.f.add(19, {p.out}, {cells(p.f, last, scale, -3)});
        tool::model network;
        read(network, p.f);
        CHECK(network.layers.size() == (scale == 0.5F ? 2U : 3U));
        CHECK(tool::evaluate_int8(network, {{5, 2}})[0] ==
              (scale == 0.5F ? bytes{0, 127} : bytes{3, 127}));
    }
}

TEST_CASE("int8: quantise and dequantise at the ends are dropped and told") {
    file f;
    const int image = f.input({1, 1, 1, 2}, "image");
    const int in = cells(f, f.tensor({1, 1, 1, 2}), 0.5F, 3);
    f.add(114, {image}, {in});
    const int made = cells(f, f.tensor({1, 1, 1, 2}), 0.5F, -3);
    f.add(3, {in, kernel(f, {2, 1, 1, 2}, {1, -2, 3, 4}, {0.25F}), bias(f, {0, 0})}, {made},
          conv_options());
    f.add(6, {made}, {f.output({1, 1, 1, 2})});
    tool::model network;
    read(network, f);
    CHECK(network.layers.size() == 2);
    CHECK(network.layers[0].on_int8->made == quantization{0.5F, 3});
    CHECK(network.layers[1].on_int8->kernel_scales == std::vector<float>{0.25F, 0.25F});
    REQUIRE(network.notes.size() == 2);
    CHECK_THAT(network.notes[0], Contains("input 'image' is int8"));
    CHECK_THAT(network.notes[1], Contains("the output is int8"));
}

TEST_CASE("int8: bytes without a sign at the ends are told") {
    file f;
    const int image = f.input({1, 2}, "image");
    quantise(f, image, {0.5F}, {131}, 0, format::CellType_uint8);
    const int in = cells(f, f.tensor({1, 2}), 0.5F, 3);
    f.add(114, {image}, {in});
    const int made = cells(f, f.tensor({1, 2}), 0.5F, -3);
    f.add(9, {in, kernel(f, {2, 2}, {1, -2, 3, 4}, {0.25F}), bias(f, {0, 0})}, {made},
          format::FullyConnectedT());
    const int out = f.output({1, 2});
    quantise(f, out, {0.5F}, {125}, 0, format::CellType_uint8);
    f.add(114, {made}, {out});
    tool::model network;
    read(network, f);
    CHECK(network.layers.size() == 2);
    REQUIRE(network.notes.size() == 2);
    CHECK_THAT(network.notes[0], Contains("cell = byte - 128"));
    CHECK_THAT(network.notes[1], Contains("byte = cell + 128"));
}

TEST_CASE("int8: numbers that change between layers are a layer") {
    file f;
    const int in = cells(f, f.input({1, 2}), 0.5F, 3);
    const int made = cells(f, f.tensor({1, 2}), 0.5F, -3);
    f.add(9, {in, kernel(f, {2, 2}, {1, -2, 3, 4}, {0.25F}), bias(f, {0, 0})}, {made},
          format::FullyConnectedT());
    f.add(114, {made}, {cells(f, f.output({1, 2}), 0.25F, 0)});
    tool::model network;
    read(network, f);
    REQUIRE(network.layers.size() == 3);
    const bytes one = tool::evaluate_int8(network, {{13, 3}})[0]; // 10 * (1, 3) * 0.125
    CHECK(one == bytes{6, 16}); // 3 and 8 steps of 0.5, in steps of 0.25
}

TEST_CASE("int8: what is quantised in another way is refused by name") {
    const auto where = [](const std::string& operation) {
        return Contains("m.tflite: operator 0 (" + operation + ")");
    };
    {
        pixel p; // dynamic range: floats and weights of int8
        for (const int tensor : {p.in, p.out}) {
            p.f.tensor_at(tensor).quantization.reset();
            p.f.tensor_at(tensor).type = format::CellType_float32;
        }
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), where("CONV_2D") && Contains("weights alone") &&
                                              Contains("quantised to int8 in full"));
    }
    {
        pixel p;
        quantise(p.f, p.out, {0.5F}, {3}, 0, format::CellType_int16);
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), where("CONV_2D") && Contains("of int16 with a scale"));
    }
    {
        pixel p;
        quantise(p.f, p.weights, {0.5F}, {3}, 0, format::CellType_uint8);
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), where("CONV_2D") && Contains("of uint8 with a scale"));
    }
    {
        pixel p;
        quantise(p.f, p.weights, {0.5F}, {1});
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()),
                   where("CONV_2D") && Contains("zero point of 1; only 0 is supported"));
    }
    {
        pixel p;
        quantise(p.f, p.weights, {0.5F, 0.25F}, {0, 0}, 3);
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), where("CONV_2D") && Contains("along another axis"));
    }
    {
        pixel p;
        quantise(p.f, p.weights, {0.5F, 0.25F, 0.125F}, {0, 0, 0});
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), Contains("has 3 scales along axis 0"));
    }
    {
        pixel p;
        p.convolve(4); // tanh
        CHECK_THAT(error_of(p.f.bytes()), where("CONV_2D") && Contains("that is no clamp"));
    }
    {
        pixel p;
        quantise(p.f, p.out, {0.0F}, {3});
        p.convolve();
        CHECK_THAT(error_of(p.f.bytes()), Contains("a scale is above 0"));
    }
    {
        pixel p;
        quantise(p.f, p.offset, {0.5F}, {0}, 0, format::CellType_int64);
        p.convolve();
        CHECK(!error_of(p.f.bytes()).empty());
    }
    file f; // an operator without a meaning on int8
    f.add(111, {cells(f, f.input({1, 2}), 0.5F, 0)}, {cells(f, f.output({1, 2}), 0.5F, 0)});
    CHECK_THAT(error_of(f.bytes()),
               where("ELU") && Contains("no meaning on int8") && Contains("convolutions"));
    format::SoftmaxT softmax_options;
    softmax_options.beta = 1;
    file g; // a softmax of other numbers
    g.add(25, {cells(g, g.input({1, 2}), 0.5F, 0)}, {cells(g, g.output({1, 2}), 0.5F, 0)},
          softmax_options);
    CHECK_THAT(error_of(g.bytes()), where("SOFTMAX") && Contains("0.00390625"));
    file h; // a reshape that changes numbers
    h.add(22, {cells(h, h.input({1, 2, 2}), 0.5F, 0), h.whole({1, 4})},
          {cells(h, h.output({1, 4}), 0.25F, 0)});
    CHECK_THAT(error_of(h.bytes()), where("RESHAPE") && Contains("keeps scale and zero point"));
    file m; // floats inside
    const int in = cells(m, m.input({1, 2}), 0.5F, 0);
    const int floats = m.tensor({1, 2});
    const int more = m.tensor({1, 2});
    m.add(6, {in}, {floats});
    m.add(111, {floats}, {more});
    m.add(114, {more}, {cells(m, m.output({1, 2}), 0.5F, 0)});
    CHECK_THAT(error_of(m.bytes()), Contains("(QUANTIZE)") && Contains("on int8 throughout"));
}

TEST_CASE("int8: damaged files are read or refused") {
    pixel p;
    p.convolve(1);
    const int last = p.f.output({1, 1, 1, 2});
    p.f.graph().outputs = {last};
    p.f.add(6, {p.out}, {last});
    const std::string whole = p.f.bytes();
    CHECK(error_of(whole).empty());
    std::mt19937 random(1);
    for (int i = 0; i < 20000; ++i) {
        std::string damaged = whole;
        for (int k = 0; k < 3; ++k)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        error_of(damaged); // not a crash, and nothing but import_error
    }
}

/// Counts the bytes that differ from the reference's, by the layers' meanings.
void compare(const std::string& name, const std::string& inputs, const std::string& outputs,
             int most, bool cifar = false) {
    const std::string folder = tool::data_folder();
    const std::string path = folder + "/mlperf_tiny/" + name;
    if (folder.empty() || !std::filesystem::exists(path)) {
        std::cout << "skipped: no " << name << " (CTNN_DATA=" << folder << ")\n";
        return;
    }
    tool::model network;
    tool::read_tflite(network, tool::bytes_of(path), path, {});
    const std::string given = tool::bytes_of(folder + inputs);
    const std::string expected = tool::bytes_of(folder + outputs);
    const auto cells = static_cast<std::size_t>(network.extent(0).elements());
    const auto made =
        static_cast<std::size_t>(network.extent(network.outputs.at(0).layer).elements());
    REQUIRE(expected.size() >= made * static_cast<std::size_t>(most));
    int differ = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(most); ++i) {
        bytes one(cells);
        for (std::size_t k = 0; k < cells; ++k) // CIFAR's: a label, then three planes of bytes
            one[k] = cifar ? static_cast<signed char>(static_cast<unsigned char>(given.at(
                                                          i * 3073 + 1 + k % 3 * 1024 + k / 3)) -
                                                      128)
                           : static_cast<signed char>(given.at(i * cells + k));
        const bytes got = tool::evaluate_int8(network, {one})[0];
        for (std::size_t k = 0; k < made; ++k)
            differ += got[k] != static_cast<signed char>(expected[i * made + k]) ? 1 : 0;
    }
    std::cout << name << ": " << most << " examples, " << differ << " bytes differ\n";
    CHECK(differ == 0);
}

TEST_CASE("int8: MLPerf Tiny's networks are the reference's to the bit") {
    compare("kws_ref_model.tflite", "/mlperf_tiny/kws_in.i8", "/mlperf_tiny/kws_out.i8", 100);
    compare("pretrainedResnet_quant.tflite", "/cifar10/test_first1000.bin",
            "/mlperf_tiny/ic_out.i8", 20, true);
    compare("vww_96_int8.tflite", "/mlperf_tiny/vww_in_sel100.i8", "/mlperf_tiny/vww_out_sel100.i8",
            20);
}

} // namespace
