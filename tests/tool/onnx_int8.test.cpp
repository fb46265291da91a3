// SPDX-License-Identifier: BSL-1.0
// Models that ONNX has between QuantizeLinear and DequantizeLinear: the int8 network that they are.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/model/int8.hpp"
#include "../../tools/ctnn/readers/read.hpp"
#include "../catch.hpp"
#include "onnx_model.hpp"

namespace {

using namespace ctnn;
using Catch::Matchers::Contains;
using byte_list = std::vector<signed char>;

/// Quantised values: a scale and a zero point each, of int8 if `sign`, of uint8 otherwise.
class quantised_model : public onnx_model {
public:
    explicit quantised_model(std::initializer_list<long long> input, bool sign = true)
        : onnx_model(input), sign_(sign) {}

    /// `from`, quantised and dequantised.
    void mark(const std::string& from, const std::string& to, float scale, int zero) {
        const std::string numbers = add_numbers(scale, zero + (sign_ ? 0 : 128));
        node("QuantizeLinear", from + numbers, to + "_cells");
        node("DequantizeLinear", to + "_cells" + numbers, to);
    }
    /// Weights of int8, the scales along axis 0.
    void kernel(const std::string& name, const std::vector<long long>& dims, const byte_list& cells,
                const std::vector<float>& scales, int zero = 0) {
        onnx::TensorProto& made = *graph().add_initializer();
        made.set_name(name + "_cells");
        made.set_data_type(onnx::TensorProto::INT8);
        for (const long long dim : dims) made.add_dims(dim);
        for (const signed char cell : cells) made.add_int32_data(cell);
        weights(name + "_scale", {static_cast<long long>(scales.size())}, scales);
        onnx::TensorProto& zeros = *graph().add_initializer();
        zeros.set_name(name + "_zero");
        zeros.set_data_type(onnx::TensorProto::INT8);
        zeros.add_dims(static_cast<long long>(scales.size()));
        for (std::size_t i = 0; i < scales.size(); ++i) zeros.add_int32_data(zero);
        set(node("DequantizeLinear", name + "_cells " + name + "_scale " + name + "_zero", name),
            "axis", 0);
    }

private:
    std::string add_numbers(float scale, int zero) {
        const std::string name = "q" + std::to_string(count_++);
        weights(name + "_scale", {}, {scale});
        onnx::TensorProto& made = *graph().add_initializer();
        made.set_name(name + "_zero");
        made.set_data_type(sign_ ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8);
        made.add_int32_data(zero);
        return " " + name + "_scale " + name + "_zero";
    }

    bool sign_;
    int count_ = 0;
};

void read(tool::model& to, const onnx_model& from) {
    tool::read_onnx(to, from.bytes(), "net.onnx", {});
}
std::string problem_of(const onnx_model& from) {
    try {
        tool::model network;
        read(network, from);
    } catch (const tool::import_error& problem) {
        return problem.what();
    }
    return "none";
}

/// A convolution of one pixel with a relu at its end, between marks.
quantised_model pixel(bool sign = true, int zero_of_kernel = 0) {
    quantised_model made({1, 2, 1, 1}, sign);
    made.mark("x", "a", 0.5F, 3);
    made.kernel("w", {2, 2, 1, 1}, {1, -2, 100, 4}, {0.25F, 0.125F}, zero_of_kernel);
    made.weights("b", {2}, {0.875F, -0.0625F});
    made.node("Conv", "a w b", "c");
    made.node("Relu", "c", "d");
    made.mark("d", "y", 0.5F, -3);
    return made;
}

TEST_CASE("onnx int8: numbers are those between the layers, biases in units of the sums") {
    for (const bool sign : {true, false}) {
        tool::model network;
        read(network, pixel(sign));
        REQUIRE(network.layers.size() == 2);
        const tool::int8_facts& facts = *network.layers[1].on_int8;
        CHECK(network.layers[0].on_int8->made == quantization{0.5F, 3});
        CHECK(facts.made == quantization{0.5F, -3});
        CHECK(facts.kernel_scales == std::vector<float>{0.25F, 0.125F});
        CHECK(facts.kernel == byte_list{1, 100, -2, 4});
        CHECK(facts.bias == std::vector<int>{7, -1});
        // (5 - 3) * 1 + (2 - 3) * -2 + 7 = 11, times 0.5 * 0.25 / 0.5 is 2.75: 3 above the zero
        // point. (5 - 3) * 100 + (2 - 3) * 4 - 1 = 195, times 1 / 8: half of it is rounded to 98,
        // and a quarter of that to 25.
        CHECK(tool::evaluate_int8(network, {{5, 2}})[0] == byte_list{0, 22});
        CHECK_THAT(network.notes.at(sign ? 0 : 1), Contains("input 'x' is int8"));
    }
}

TEST_CASE("onnx int8: sums, pools, moves and softmax have the numbers that marks leave them") {
    quantised_model source({1, 2, 2, 2});
    source.mark("x", "a", 0.5F, 3);
    source.kernel("w", {2, 2, 1, 1}, {1, -2, 3, 4}, {0.25F, 0.125F});
    source.node("Conv", "a w", "c");
    source.mark("c", "d", 0.25F, 1);
    source.node("Add", "a d", "e");
    source.mark("e", "f", 0.75F, 2);
    onnx_model::set(source.node("AveragePool", "f", "g"), "kernel_shape", {2, 2});
    source.mark("g", "h", 0.5F, 4); // of other numbers: a mean of its own
    source.node("Flatten", "h", "i");
    source.node("Softmax", "i", "y");
    tool::model network;
    read(network, source);
    std::vector<quantization> numbers;
    for (const tool::layer& next : network.layers) numbers.push_back(next.on_int8->made);
    // The flattened map has one cell for each channel: it is flattened where it is given.
    CHECK(
        numbers ==
        std::vector<quantization>{
            {0.5F, 3}, {0.25F, 1}, {0.75F, 2}, {0.5F, 4}, {1.0F / 256, -128}, {1.0F / 256, -128}});
    bool told = false;
    for (const std::string& note : network.notes)
        told = told || note.find("is computed on int8") != std::string::npos;
    CHECK(told);
}

TEST_CASE("onnx int8: what is no int8 network is refused by name") {
    // Cells less their zero point are cells of zero point 0, if they are int8.
    CHECK(problem_of(pixel(true, 1)) == "none");
    CHECK_THAT(problem_of(pixel(true, -100)), Contains("(Conv)") && Contains("zero point 0"));
    quantised_model floats({1, 2, 1, 1});
    floats.mark("x", "a", 0.5F, 3);
    floats.kernel("w", {2, 2, 1, 1}, {1, -2, 100, 4}, {0.25F, 0.125F});
    floats.node("Conv", "a w", "c");
    floats.node("Elu", "c", "d");
    floats.mark("d", "y", 0.5F, -3);
    CHECK_THAT(problem_of(floats), Contains("(Conv)") && Contains("that is no clamp"));
    quantised_model open({1, 2, 1, 1});
    open.mark("x", "a", 0.5F, 3);
    open.kernel("w", {2, 2, 1, 1}, {1, -2, 100, 4}, {0.25F, 0.125F});
    open.node("Conv", "a w", "y"); // nothing says what it makes
    CHECK_THAT(problem_of(open), Contains("(Conv)") && Contains("computes in float32"));
    quantised_model plain({1, 2, 1, 1});
    plain.mark("x", "a", 0.5F, 3);
    plain.node("Relu", "a", "y");
    CHECK_THAT(problem_of(plain), Contains("no layer of it has quantised weights"));
    quantised_model weights({1, 2, 1, 1}); // alone: floats, as they were
    weights.kernel("w", {2, 2, 1, 1}, {1, -2, 100, 4}, {0.25F, 0.125F});
    weights.node("Conv", "x w", "y");
    tool::model network;
    read(network, weights);
    CHECK(!network.on_int8());
    CHECK(network.layers[1].weights[0] == std::vector<float>{0.25F, 12.5F, -0.5F, 0.5F});
}

} // namespace
