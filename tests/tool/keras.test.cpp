// SPDX-License-Identifier: BSL-1.0
// Keras' files: layers as Keras computed them, whole files, and files that are damaged.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/common/builder.hpp"
#include "../../tools/ctnn/readers/keras/read_config.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "orders.hpp"

#include <cmath>
#include <filesystem>
#include <iostream>
#include <set>

#include <nlohmann/json.hpp>

namespace {

using namespace ctnn;
using Catch::Matchers::Contains;
using nlohmann::json;
namespace keras = tool::from_keras;

/// Weights of a golden case.
class case_weights : public keras::weight_source {
public:
    case_weights(const json& recorded, bool by_layer) : by_layer_(by_layer) {
        for (const json& weight : recorded) {
            owners_.push_back(weight["layer"]);
            names_.push_back(weight["name"]);
            keras::h5_object& object = objects_.emplace_back();
            for (const json& extent : weight["shape"]) object.dims.push_back(extent);
            for (const json& number : weight["data"]) object.cells.push_back(number);
        }
    }
    std::vector<keras::stored_weight> of(const keras::layer_place& place,
                                         const outcome&) const override {
        std::vector<keras::stored_weight> result;
        for (std::size_t i = 0; i < objects_.size(); ++i)
            if (!by_layer_ || owners_[i] == place.steps.back().name)
                result.push_back({names_[i], &objects_[i]});
        return result;
    }

private:
    bool by_layer_;
    std::vector<std::string> owners_;
    std::vector<std::string> names_;
    std::deque<keras::h5_object> objects_;
};

json reference(const std::string& layer) { return json::array({layer, 0, 0}); }

/// A case as Keras' description of a functional model.
json described(const json& recorded) {
    json layers = json::array();
    json inputs = json::array();
    json outputs;
    const bool graph = recorded.contains("graph");
    std::size_t next_input = 0;
    const auto add_input = [&](const std::string& name) {
        json extents = recorded["inputs"][next_input++]["shape"];
        extents[0] = nullptr;
        layers.push_back({{"class_name", "InputLayer"},
                          {"name", name},
                          {"config", {{"name", name}, {"batch_shape", extents}}},
                          {"inbound_nodes", json::array()}});
        inputs.push_back(reference(name));
    };
    const auto add_layer = [&](const json& step, const std::string& name,
                               const std::vector<std::string>& reads) {
        json config = step["config"];
        config["name"] = name;
        json node = json::array();
        for (const std::string& read : reads) node.push_back(reference(read));
        layers.push_back({{"class_name", step["layer"]},
                          {"name", name},
                          {"config", config},
                          {"inbound_nodes", json::array({node})}});
        outputs = json::array({reference(name)});
    };
    if (graph) {
        for (const json& step : recorded["graph"]) {
            if (step["layer"] == "InputLayer")
                add_input(step["name"]);
            else
                add_layer(step, step["name"], step["inputs"]);
        }
    } else {
        std::vector<std::string> reads;
        for (std::size_t i = 0; i < recorded["inputs"].size(); ++i) {
            reads.push_back("in" + std::to_string(i));
            add_input(reads.back());
        }
        add_layer(recorded, "layer", reads);
    }
    return {{"class_name", "Functional"},
            {"config",
             {{"name", "model"},
              {"layers", layers},
              {"input_layers", inputs},
              {"output_layers", outputs}}}};
}

TEST_CASE("layers are read as Keras computes them") {
    const std::filesystem::path folder = CTNN_SOURCE_DIR "/tests/golden/data/layers";
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".json" || entry.path().stem() == "manifest") continue;
        const json recorded = json::parse(tool::bytes_of(entry.path().string()));
        INFO(entry.path().stem().string());
        const case_weights weights(recorded["weights"], recorded.contains("graph"));
        tool::model network;
        network.file = "case.h5";
        const std::string description = described(recorded).dump();
        if (entry.path().stem() == "act_gelu_tanh") { // a lambda
            CHECK_THROWS_WITH(keras::read_config(network, description, weights, "3.9.2", {}),
                              Contains("Python code"));
            continue;
        }
        CHECK_NOTHROW(keras::read_config(network, description, weights, "3.9.2", {}));
        if (network.outputs.empty()) continue;
        std::vector<std::vector<double>> inputs;
        std::vector<std::size_t> lengths;
        const std::size_t batch = recorded["batch"];
        for (const json& input : recorded["inputs"])
            inputs.push_back(input["data"].get<std::vector<double>>());
        const auto expected = recorded["output"]["data"].get<std::vector<double>>();
        for (std::size_t example = 0; example < batch; ++example) {
            std::vector<std::vector<double>> reads;
            for (const std::vector<double>& input : inputs) {
                const auto length = static_cast<std::ptrdiff_t>(input.size() / batch);
                const auto begin = input.begin() + static_cast<std::ptrdiff_t>(example) * length;
                reads.emplace_back(begin, begin + length);
            }
            const std::vector<double> made = tool::evaluate_as_source(network, reads).at(0);
            REQUIRE(made.size() * batch == expected.size());
            double worst = 0;
            for (std::size_t i = 0; i < made.size(); ++i) {
                const double wanted = expected[example * made.size() + i];
                worst = std::max(worst, std::abs(made[i] - wanted) / (1 + std::abs(wanted)));
            }
            CHECK(worst < 1e-5);
        }
        ++count;
    }
    CHECK(count >= 160);
}

/// Reads a file of tests/tool/data.
void read(tool::model& to, const std::string& name, const tool::read_options& options = {}) {
    const std::string path = std::string(CTNN_SOURCE_DIR "/tests/tool/data/") + name;
    const std::string bytes = tool::bytes_of(path);
    REQUIRE(!bytes.empty());
    if (name.ends_with(".keras"))
        read_keras_zip(to, bytes, path, options);
    else
        read_keras_h5(to, bytes, path, options);
}

TEST_CASE("the seed's file is the five lines that a person would write") {
    tool::model network;
    read(network, "seed.h5");
    CHECK(network.format == "Keras 2.3.0-tf");
    CHECK_THAT(tool::written_network(network, "seed").header(),
               Contains("using network = ctnn::network<\n"
                        "    input<28, 28, 1>,\n"
                        "    conv2d<40, 3>,\n"
                        "    conv2d<8, 3>,\n"
                        "    flatten,\n"
                        "    dense<10>>;\n"));
    // The file repeats -3/8 to 3/8.
    REQUIRE(network.layers.size() == 5);
    REQUIRE(network.layers[4].weights[0].size() == 46080);
    CHECK(network.layers[4].weights[0][46079] == Approx((46079 % 7 - 3) / 8.0));
    CHECK(network.layers[1].weights[1][5] == 0.25F);
}

TEST_CASE("a model in a model that is called twice has its weights once") {
    tool::model network;
    read(network, "shared.h5");
    REQUIRE(network.outputs.size() == 1);
    CHECK(network.outputs[0].name == "subtract");
    const std::vector<double> made = tool::evaluate(network, {{1, 2, 3, 4}, {0, 1, 0, 0}})[0];
    CHECK(made == std::vector<double>{7.5 - 0.5, 9.5 - 0.5});
    int owned = 0;
    for (const tool::layer& next : network.layers) owned += next.owner >= 0 ? 1 : 0;
    CHECK(owned == 1);
}

TEST_CASE("a .keras file is read by the classes of its layers") {
    tool::model network;
    read(network, "residual.keras");
    CHECK(network.format == "Keras 3.9.2");
    CHECK(network.notes ==
          std::vector<std::string>{"left out 1 Dropout layer: it does nothing outside training"});
    std::vector<double> image(32);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = i % 2 == 0 ? 1 : -1;
    // Kernel: (1 - 3, 2 - 4) = (-2, -2); norm: (-2 - 1 + 0.5, (-2 - 1) / 2 * 2 + 0.25).
    const double first = -2 - 1 + 0.5 + 1;
    const double second = (-2.0 - 1) / 2 * 2 + 0.25 - 1;
    const double score = first - (second + 1) + 0.25;
    CHECK(tool::evaluate(network, {image})[0][0] == Approx((score + 3) / 6));
}

/// Weights of a model in two models, which have the same names.
TEST_CASE("weights of models in models are found by the longest path") {
    std::string message;
    const auto number = [&](std::uint64_t value) {
        message.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    const auto text = [&](const std::string& value) {
        number(value.size());
        message += value;
    };
    const std::vector<std::string> names{"a/conv/kernel:0", "b/conv/kernel:0", "xconv/kernel:0"};
    message += 'G';
    text("w/tower");
    for (const std::string& name : names) {
        message += 'T';
        text("weight_names");
        text(name);
    }
    float cell = 1;
    for (const std::string& name : names) {
        message += 'D';
        text("w/tower/" + name);
        number(0);
        number(1);
        message.append(reinterpret_cast<const char*>(&cell), sizeof cell);
        ++cell;
    }
    message += 'E';
    const keras::h5_file content = keras::h5_file::parse(message);
    const keras::h5_weights weights(content, "w");
    const auto of = [&](std::vector<std::string> path) {
        keras::layer_place place;
        for (const std::string& step : path) place.steps.push_back({step, "", 0});
        return weights.of(place, outcome());
    };
    REQUIRE(of({"tower", "b", "conv"}).size() == 1);
    CHECK(of({"tower", "b", "conv"})[0].name == "kernel");
    CHECK(of({"tower", "b", "conv"})[0].data->cells == std::vector<float>{2});
    CHECK(of({"tower", "conv"}).size() == 2);
    CHECK(of({"tower", "dense"}).empty());
    CHECK_THROWS_AS(keras::h5_file::parse(message.substr(0, message.size() / 2)), tool::refusal);
}

std::string message_of(const std::string& bytes, bool zip) {
    tool::model network;
    try {
        if (zip)
            read_keras_zip(network, bytes, "m", {});
        else
            read_keras_h5(network, bytes, "m", {});
    } catch (const tool::import_error& found) {
        return found.what();
    }
    return {};
}

TEST_CASE("files that are none of Keras' are refused") {
    for (const bool zip : {false, true}) {
        CHECK(message_of("", zip) != "");
        CHECK(message_of("PK", zip) != "");
        CHECK(message_of(std::string(10000, 'x'), zip) != "");
        CHECK(message_of(std::string(100, '\0'), zip) != "");
    }
    const std::string folder = CTNN_SOURCE_DIR "/tests/tool/data/";
    CHECK(message_of(tool::bytes_of(folder + "seed.h5"), true) ==
          "m: is no zip archive, or a damaged or truncated one");
    CHECK(message_of(tool::bytes_of(folder + "residual.keras"), false) ==
          "m: it is no HDF5 file, or a damaged or truncated one");
}

TEST_CASE("truncated files are refused") {
    const std::string folder = CTNN_SOURCE_DIR "/tests/tool/data/";
    for (const char* name : {"shared.h5", "residual.keras"}) {
        const std::string bytes = tool::bytes_of(folder + name);
        for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 40 + 1) {
            INFO(name << " " << size);
            CHECK(message_of(bytes.substr(0, size), name[0] == 'r') != "");
        }
    }
}

TEST_CASE("damaged files are read or refused") {
    const std::string folder = CTNN_SOURCE_DIR "/tests/tool/data/";
    std::uint32_t state = 1;
    const auto random = [&state] {
        state = state * 1664525 + 1013904223;
        return state >> 8;
    };
    for (const char* name : {"shared.h5", "residual.keras"}) {
        const std::string bytes = tool::bytes_of(folder + name);
        for (int i = 0; i < 200; ++i) {
            std::string damaged = bytes;
            for (int k = 0; k < 8; ++k)
                damaged[random() % damaged.size()] = static_cast<char>(random());
            message_of(damaged, name[0] == 'r'); // not a crash, and nothing but import_error
        }
    }
    SUCCEED();
}

json conv(const char* name, json changes = json::object()) {
    json config{{"name", name}, {"filters", 2}, {"kernel_size", {3, 3}}};
    config.update(changes);
    return {{"class_name", "Conv2D"}, {"config", config}};
}

json plain(const char* type, const char* name) {
    json layer;
    layer["class_name"] = type;
    layer["config"]["name"] = name;
    return layer;
}

class no_weights : public keras::weight_source {
public:
    std::vector<keras::stored_weight> of(const keras::layer_place&, const outcome&) const override {
        return {};
    }
};

/// What is wrong with a sequential model of these layers.
std::string sequential_error(std::vector<json> layers) {
    json entrance;
    entrance["class_name"] = "InputLayer";
    entrance["config"] = {{"name", "in"}, {"batch_shape", {nullptr, 9, 9, 3}}};
    layers.insert(layers.begin(), entrance);
    const json model{{"class_name", "Sequential"}, {"config", {{"name", "s"}, {"layers", layers}}}};
    tool::model network;
    network.file = "m.h5";
    try {
        keras::read_config(network, model.dump(), no_weights(), "2.4.0", {});
    } catch (const tool::import_error& found) {
        return found.what();
    }
    return {};
}

TEST_CASE("errors say the layer, its class, and what to do") {
    CHECK(sequential_error({conv("c")}) ==
          "m.h5: layer 'c' (Conv2D): the file has 0 weights for it, expected 2: kernel (3, 3, 3, "
          "2), bias (2)");
    CHECK_THAT(sequential_error({plain("LSTM", "l")}),
               Contains("m.h5: layer 'l' (LSTM): ") && Contains("feed-forward"));
    CHECK_THAT(sequential_error({plain("TimeDistributed", "t")}),
               Contains("layer 't' (TimeDistributed): calls a layer for each step"));
    CHECK_THAT(sequential_error({plain("Magic", "\n\"")}),
               Contains("layer '?\"' (Magic): this layer is not supported. Supported are "));
    CHECK_THAT(sequential_error({conv("c", {{"padding", "around"}})}), Contains("'around'"));
    CHECK_THAT(sequential_error({conv("c", {{"kernel_size", {3, 3, 3}}})}), Contains("2 numbers"));
    CHECK_THAT(sequential_error({conv("c", {{"filters", 1e18}})}), Contains("m.h5: "));
    CHECK_THAT(sequential_error({conv("c", {{"filters", 1 << 24}, {"kernel_size", 1 << 24}})}),
               Contains("m.h5: "));
    CHECK_THAT(sequential_error({conv("c", {{"dilation_rate", 1 << 30}})}), Contains("m.h5: "));
    CHECK_THAT(sequential_error({conv("c", {{"strides", 0}})}), Contains("m.h5: "));
    CHECK_THAT(sequential_error({conv("c", {{"groups", 0}})}), Contains("m.h5: "));
}

std::string data_file(const std::string& name) {
    const std::string folder = tool::data_folder();
    const std::string path = folder + "/" + name;
    if (!folder.empty() && std::filesystem::exists(path)) return path;
    std::cout << "skipped: no " << name << " (CTNN_DATA=" << folder << ")\n";
    return {};
}

TEST_CASE("MLPerf Tiny's image classifier") {
    const std::string path = data_file("mlperf_tiny/pretrainedResnet.h5");
    if (path.empty()) return;
    tool::model network;
    read_keras_h5(network, tool::bytes_of(path), path, {});
    const std::string images = tool::bytes_of(data_file("cifar10/test_first1000.bin"));
    const std::vector<float> expected = tool::floats_of(data_file("mlperf_tiny/ic_out.f32"));
    REQUIRE(images.size() == 3073 * 1000);
    REQUIRE(expected.size() == 10 * 1000);
    int right = 0;
    double worst = 0;
#ifdef NDEBUG
    constexpr std::size_t count = 1000;
    constexpr int known = 881;
#else
    constexpr std::size_t count = 20; // doubles without optimisation are slow
    constexpr int known = 19;         // as the outputs of ic_out.f32
#endif
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> image;
        for (std::size_t cell = 0; cell < 1024; ++cell)
            for (std::size_t c = 0; c < 3; ++c)
                image.push_back(static_cast<unsigned char>(images[i * 3073 + 1 + c * 1024 + cell]));
        const std::vector<double> scores = tool::evaluate(network, {image})[0];
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        right += best == images[i * 3073] ? 1 : 0;
        for (std::size_t k = 0; k < 10; ++k)
            worst =
                std::max(worst, std::abs(scores[k] - static_cast<double>(expected[10 * i + k])));
    }
    CHECK(right == known);
    CHECK(worst < 1e-4);
    std::cout << "pretrainedResnet.h5: " << right << " of " << count << " right, worst difference "
              << worst << "\n";
}

} // namespace
