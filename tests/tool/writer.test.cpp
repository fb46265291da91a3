// SPDX-License-Identifier: BSL-1.0
// The text of layers and networks.
#include "../../examples/zoo/seed.hpp"
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/model/evaluate.hpp"
#include "../../tools/ctnn/writer/layer_text.hpp"
#include "../../tools/ctnn/writer/write.hpp"
#include "../catch.hpp"
#include "from_graph.hpp"

namespace {

using namespace ctnn;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// `CTNN_WRITTEN(type)`: the type's descriptor, written, is the type as it stands here.
#define CTNN_WRITTEN(...) CHECK(tool::flat(tool::layer_text(__VA_ARGS__::info)) == #__VA_ARGS__)

TEST_CASE("a layer is written as its author would") {
    CTNN_WRITTEN(conv2d<40, 3>);
    CTNN_WRITTEN(conv2d<8, kernel<3, 5>, stride<2, 1>, same, no_bias, relu>);
    CTNN_WRITTEN(conv2d<in_channels * 6, 1, no_bias>);
    CTNN_WRITTEN(conv2d<64, 7, stride<2>, padding<0, 1, 2, 3>, dilation<2>, groups<4>>);
    CTNN_WRITTEN(conv2d<64, 7, padding<1, 2>, reflect, leaky_relu<0.1>>);
    CTNN_WRITTEN(conv1d<8, 3, causal, ctnn::tanh>);
    CTNN_WRITTEN(depthwise_conv2d<3, stride<2>, depth_multiplier<2>>);
    CTNN_WRITTEN(conv2d_transpose<8, 3, stride<2>, padding<1>, output_padding<1>>);
    CTNN_WRITTEN(max_pool2d<2>);
    CTNN_WRITTEN(max_pool2d<3, stride<2>, padding<1>, ceil_mode>);
    CTNN_WRITTEN(avg_pool2d<kernel<2, 3>, count_padding>);
    CTNN_WRITTEN(lp_pool2d<2, 3>);
    CTNN_WRITTEN(global_avg_pool2d<keep_dims>);
    CTNN_WRITTEN(adaptive_avg_pool2d<7>);
    CTNN_WRITTEN(batch_norm<>);
    CTNN_WRITTEN(batch_norm<epsilon<1e-05>, no_scale>);
    CTNN_WRITTEN(group_norm<4>);
    CTNN_WRITTEN(instance_norm<epsilon<1e-05>>);
    CTNN_WRITTEN(dense<10, no_bias, softmax>);
    CTNN_WRITTEN(flatten);
    CTNN_WRITTEN(reshape<4, 5, 6>);
    CTNN_WRITTEN(zero_padding2d<1>);
    CTNN_WRITTEN(zero_padding2d<0, 1, 0, 1>);
    CTNN_WRITTEN(constant_pad1d<-1.5, 2>);
    CTNN_WRITTEN(cropping2d<1, 2>);
    CTNN_WRITTEN(permute<2, 0, 1>);
    CTNN_WRITTEN(slice<1, to_end, stride<2>>);
    CTNN_WRITTEN(slice<-3, -1, axis<0>>);
    CTNN_WRITTEN(split<2, 1>);
    CTNN_WRITTEN(up_sampling2d<2>);
    CTNN_WRITTEN(up_sampling2d<scales<1.5>, nearest_floor, asymmetric>);
    CTNN_WRITTEN(resizing2d<kernel<9, 7>, bicubic, align_corners, cubic_coefficient<-0.5>>);
    CTNN_WRITTEN(relu_with<max_value<6>, negative_slope<0.1>>);
    CTNN_WRITTEN(clip<-1, 1>);
    CTNN_WRITTEN(softmax_over<axis<0>>);
    CTNN_WRITTEN(prelu<shared_axes<0, 1>>);
    CTNN_WRITTEN(normalization<mean<1, 2>, variance<4, 0.25>>);
    CTNN_WRITTEN(local_response_norm<5, 1e-04, 0.75, 1>);
    CTNN_WRITTEN(rescaling<2, 1>);
}

TEST_CASE("the seed is five lines") {
    tool::model source;
    source.file = "seed.h5";
    tool::model_from(source, zoo::seed::graph());
    const std::string text = tool::written_network(source, "seed").header();
    CHECK(contains(text, "    input<28, 28, 1>,\n"
                         "    conv2d<40, 3>,\n"
                         "    conv2d<8, 3>,\n"
                         "    flatten,\n"
                         "    dense<10>>;\n"));
}

TEST_CASE("names of a file cannot leave their string") {
    CHECK(tool::quoted("a\"b\\c\n\xC3\xA4?") == "\"a\\042b\\134c\\012\\303\\244\\077\"");
    tool::model source;
    source.file = "x";
    source.format = "*/\\\n#error";
    const int image = source.add_input("input", shape{4, 4, 1});
    tool::layer next{.what = conv2d<1, 3>::info, .name = "\");\n#error \\", .inputs = {image}};
    next.weights = {std::vector<float>(9), std::vector<float>(1)};
    source.outputs.push_back({"y", source.add(std::move(next))});
    const tool::written_network written(source, "9 x;\n}int");
    CHECK(written.name() == "model_9_x_int");
    const std::string text = written.header();
    CHECK(text.find("\n#error") == std::string::npos);
    CHECK(contains(text, "named<\"\\042);\\012#error \\134\", conv2d<1, 3>>"));
}

TEST_CASE("weights of another size are refused by place") {
    tool::model source;
    source.file = "x.onnx";
    const int image = source.add_input("input", shape{4, 4, 2});
    tool::layer next{.what = conv2d<1, 3>::info, .inputs = {image}, .place = "node 'c' (Conv)"};
    next.weights = {std::vector<float>(9), std::vector<float>(1)};
    CHECK_THROWS_WITH(source.add(std::move(next)),
                      "x.onnx: node 'c' (Conv): weight 'kernel' has 9 numbers, expected 18 of "
                      "shape (3, 3, 2, 1)");
}

TEST_CASE("a model is evaluated by its layers' meanings") {
    tool::model source;
    const int image = source.add_input("input", shape{1, 1, 2});
    tool::layer next{.what = conv2d<1, 1, relu>::info, .inputs = {image}};
    next.weights = {{2, 3}, {-4}};
    source.outputs.push_back({"y", source.add(std::move(next))});
    CHECK(tool::evaluate(source, {{5, 7}})[0] == std::vector<double>{27});
    CHECK(tool::evaluate(source, {{-5, 1}})[0] == std::vector<double>{0});
}

} // namespace
