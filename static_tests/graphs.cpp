// SPDX-License-Identifier: BSL-1.0
// Several inputs and outputs, and layers that run more than once with the same weights.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

// Inputs are leaves anywhere in the list; outputs are what is marked.
using detector =
    network<named<"image", input<16, 16, 3>>, conv2d<8, 3, same, stride<2>>, save<"fine">,
            output<"small boxes">, max_pool2d<2>, conv2d<8, 3, same>, output<"large boxes">>;
static_assert(detector::input_count == 1 && detector::output_count == 2);
static_assert(detector::inputs[0].name == "image");
static_assert(detector::outputs[0].name == "small boxes");
static_assert(detector::outputs[0].extent == shape{8, 8, 8});
static_assert(detector::outputs[1].extent == shape{4, 4, 8});
static_assert(detector::output == shape{8, 8, 8}); // the first one
static_assert(detector::output_index<"large boxes"> == 1);
static_assert(detector::input_index<"image"> == 0);
// What is marked lies outside the arena, as all outputs do.
static_assert(detector::arena_bytes == 4 * 4 * 8 * 4);

// Without a mark the last tensor is the output, called after its layer.
using plain = network<input<4>, dense<2>>;
static_assert(plain::output_count == 1 && plain::outputs[0].name == "dense");

using two_inputs = network<named<"left", input<4>>, save<"left">, named<"right", input<4>>,
                           subtract<branch<from<"left">>, branch<>>, dense<1>>;
static_assert(two_inputs::input_count == 2);
static_assert(two_inputs::inputs[1].name == "right");
static_assert(two_inputs::input_index<"right"> == 1);

// Merged where they come in.
using merged_inputs = network<input<4, 4, 2>, concat<branch<>, branch<input<4, 4, 3>, relu>>>;
static_assert(merged_inputs::output == shape{4, 4, 5});
static_assert(merged_inputs::inputs[1].extent == shape{4, 4, 3});
// Where nothing is read yet, each branch begins with an input.
using met_inputs =
    network<add<branch<named<"left", input<4>>>, branch<named<"right", input<4>>>>, dense<2>>;
static_assert(met_inputs::input_count == 2 && met_inputs::inputs[1].name == "right");
static_assert(met_inputs::output == shape{2});

// A Siamese network: one tower, two images.
using siamese = network<named<"left", input<12, 12, 1>>,
                        block<"tower", conv2d<4, 3, relu>, batch_norm<>, flatten, dense<8>>,
                        save<"left code">, named<"right", input<12, 12, 1>>, again<"tower">,
                        subtract<branch<from<"left code">>, branch<>>, dense<1, sigmoid>>;
static_assert(siamese::parameters == 40 + 16 + 400 * 8 + 8 + 9);
static_assert(siamese::layer<"tower/conv2d">.parameters == 40);
static_assert(siamese::layer<"tower_1/conv2d">.parameters == 0);
static_assert(siamese::layer<"tower_1/conv2d">.weights_from == "tower/conv2d");
static_assert(siamese::layer<"tower_1/dense">.weight_shape("kernel") == shape{400, 8});
static_assert(siamese::layer<"tower/dense">.weights_from == "");
// Each run costs.
static_assert(siamese::macs == 2 * (100 * 36 + 3200) + 8);
static_assert(weight_layout<siamese>::count == 2 + 4 + 2 + 2);
static_assert(__is_same(siamese::layer_type_at<"tower_1/conv2d">, conv2d<4, 3, relu>));

// The shapes may differ as long as the weights do not; one layer may run again, too.
using pyramid =
    network<input<16, 16, 4>, named<"smooth", conv2d<4, 3, same>>, output<"fine">, max_pool2d<2>,
            again<"smooth">, output<"coarse">, max_pool2d<2>, again<"smooth">, output<"coarsest">>;
static_assert(pyramid::parameters == 4 * 36 + 4);
static_assert(pyramid::outputs[2].extent == shape{4, 4, 4});
static_assert(pyramid::layer<"smooth_2">.weights_from == "smooth");

// A part within a part, and a part that runs a third time from its second.
using nested = network<input<8>, block<"outer", block<"inner", dense<8>>, again<"inner">, dense<8>>,
                       again<"outer">, again<"inner">>;
static_assert(nested::parameters == 2 * 72);
static_assert(nested::macs == 7 * 64);
static_assert(nested::layer<"outer_1/inner_1/dense">.weights_from == "outer/inner/dense");
static_assert(nested::layer<"inner/dense">.weights_from == "outer/inner/dense");

// Outputs and inputs in constant expressions.
constexpr float left[] = {1, 2, 3, 4};
constexpr float right[] = {4, 2, 2, 0};
constexpr float factors[] = {1, 10, 100, 1000, 0.5F};
static_assert(run<two_inputs>(factors, {left, right})[0] == 1 * -3 + 100 + 4000 + 0.5F);

static_assert(!well_formed<input<4>, again<"none">>);
static_assert(!well_formed<input<4>, dense<3>, input<3>, dense<1>>); // the first dense is lost
static_assert(!well_formed<input<4>, output<"x">, dense<3>>);        // and here the last one
static_assert(!well_formed<input<4>, output<"x">, output<"x">>);
static_assert(!well_formed<input<4>, block<"a", dense<3>>, again<"a">>);
static_assert(!well_formed<input<4>, block<"a", dense<3>, again<"a">>>);

} // namespace
