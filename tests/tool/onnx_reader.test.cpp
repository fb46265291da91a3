// SPDX-License-Identifier: BSL-1.0
// What the ONNX reader makes of small models, and what it says of those that it cannot import.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "onnx_model.hpp"

#include <numeric>

namespace {

using namespace ctnn;

std::string problem_of(const onnx_model& source, const tool::read_options& options = {}) {
    try {
        tool::model network;
        tool::read_onnx(network, source.bytes(), "net.onnx", options);
    } catch (const tool::import_error& problem) {
        return problem.what();
    }
    return "none";
}

std::string header_of(const onnx_model& source) {
    tool::model network;
    tool::read_onnx(network, source.bytes(), "net.onnx", {});
    return tool::written_network(network, "net").header();
}

bool contains(const std::string& text, const std::string& part) {
    const bool found = text.find(part) != std::string::npos;
    if (!found) WARN(text);
    return found;
}

std::vector<float> counted(int count) {
    std::vector<float> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 1.0F);
    return numbers;
}

TEST_CASE("activations, padding and biases go into layers") {
    onnx_model source{1, 2, 6, 6};
    onnx_model::set(source.node("Pad", "x pads", "a"), "unused", 0);
    source.wholes("pads", {0, 0, 1, 1, 0, 0, 1, 1});
    source.node("Conv", "a w", "b");
    source.weights("w", {3, 2, 3, 3}, counted(54));
    source.node("Add", "b s", "c");
    source.weights("s", {3, 1, 1}, counted(3));
    source.node("Relu", "c", "d");
    source.node("Identity", "d", "y");
    CHECK(contains(header_of(source), "    named<\"x\", input<6, 6, 2>>,\n"
                                      "    conv2d<3, 3, padding<1>, relu>>;"));
}

TEST_CASE("a dense layer behind a flattened map takes its cells in the source's order") {
    onnx_model source{1, 2, 2, 2};
    onnx_model::set(source.node("MaxPool", "x", "p"), "kernel_shape", {1, 1});
    source.node("Flatten", "p", "f");
    source.node("MatMul", "f w", "y");
    source.weights("w", {8, 1}, counted(8));
    tool::model network;
    tool::read_onnx(network, source.bytes(), "net.onnx", {});
    // Cell (h, w, c) here is cell c * 4 + h * 2 + w there.
    CHECK(tool::evaluate(network, {{1, 0, 0, 0, 0, 0, 0, 0}})[0][0] == 1);
    CHECK(tool::evaluate(network, {{0, 1, 0, 0, 0, 0, 0, 0}})[0][0] == 5);
    CHECK(tool::evaluate(network, {{0, 0, 1, 0, 0, 0, 0, 0}})[0][0] == 2);
    CHECK(tool::evaluate(network, {{0, 0, 0, 0, 1, 0, 0, 0}})[0][0] == 3);
}

TEST_CASE("dense blocks join two tensors at a time") {
    onnx_model source{1, 2, 4, 4};
    for (const char* name : {"a", "b"})
        source.weights(name, {2, name[0] == 'a' ? 2 : 4, 1, 1}, counted(name[0] == 'a' ? 4 : 8));
    source.node("Conv", "x a", "p");
    onnx_model::set(source.node("Concat", "x p", "q"), "axis", 1);
    source.node("Conv", "q b", "r");
    onnx_model::set(source.node("Concat", "x p r", "y"), "axis", 1);
    const std::string text = header_of(source);
    CHECK(contains(text, "repeat<2, concat<branch<>, branch<conv2d<2, 1, no_bias>>>>>;"));
}

TEST_CASE("what cannot be imported is named, with what to do") {
    onnx_model unknown{1, 2, 4, 4};
    unknown.node("Sin", "x", "a");
    unknown.node("Cos", "a", "y").set_name("wave");
    CHECK(contains(problem_of(unknown), "net.onnx: 2 problems:\n  node 'a' (Sin): the operator is "
                                        "not supported\n  node 'wave' (Cos): the operator is not "
                                        "supported\nSupported operators: Abs, Add, "));

    onnx_model foreign{1, 2, 4, 4};
    foreign.node("Relu", "x").set_domain("com.example");
    CHECK(contains(problem_of(foreign), "(Relu): the operator is not supported: it is of the "
                                        "domain 'com.example'"));

    onnx_model future{{1, 2}, 99};
    CHECK(contains(problem_of(future), "net.onnx: uses opset 99; opsets 1 to 25 are supported"));

    onnx_model dynamic{1, 2, 0, 4};
    dynamic.node("Relu", "x");
    CHECK(problem_of(dynamic) ==
          "net.onnx: input 'x' has a dynamic dimension, ?, in its shape (1, 2, 0, 4). Fix it by "
          "--input x=... with all extents but the batch");
    tool::read_options fixed;
    fixed.inputs["x"] = {2, 4, 4};
    CHECK(problem_of(dynamic, fixed) == "none");

    onnx_model quantised{1, 2, 4, 4};
    quantised.node("QLinearConv", "x x x x x x x x");
    CHECK(contains(problem_of(quantised), "the model is quantised to 8-bit integers"));

    onnx_model misfit{1, 2, 4, 4};
    misfit.node("Conv", "x w").set_name("first");
    misfit.weights("w", {3, 5, 3, 3}, counted(135));
    CHECK(problem_of(misfit) == "net.onnx: node 'first' (Conv): reads 2 channels in 1 groups, and "
                                "its weights have the shape (3, 5, 3, 3)");
}

TEST_CASE("arithmetic of old opsets says at which axis it begins") {
    onnx_model source{{1, 2, 2, 2}, 6};
    onnx::NodeProto& sum = source.node("Add", "x s");
    onnx_model::set(sum, "broadcast", 1);
    onnx_model::set(sum, "axis", 1);
    source.weights("s", {2}, {10, 20});
    tool::model network;
    tool::read_onnx(network, source.bytes(), "net.onnx", {});
    CHECK(tool::evaluate(network, {{1, 2, 3, 4, 5, 6, 7, 8}})[0] ==
          std::vector<double>{11, 12, 13, 14, 25, 26, 27, 28});
}

TEST_CASE("a matrix for each part of the batch") {
    onnx_model source{2, 1, 2};
    source.node("MatMul", "x w");
    source.weights("w", {2, 2, 1}, {1, 10, 100, 1000});
    tool::model network;
    tool::read_onnx(network, source.bytes(), "net.onnx", {});
    CHECK(tool::evaluate(network, {{1, 2, 3, 4}})[0] == std::vector<double>{21, 4300});
}

} // namespace
