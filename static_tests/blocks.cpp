// SPDX-License-Identifier: BSL-1.0
// Blocks: names, repetition, several paths, tensors used again; and layers that users write.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

// A block of one's own is an alias, or a struct where it needs a name of its own.
template <int Filters>
using basic_block =
    sequence<residual<conv2d<Filters, 3, same, relu>, conv2d<Filters, 3, same>>, relu>;

template <int Filters>
struct down_block : residual<conv2d<Filters, 3, same, stride<2>, relu>, conv2d<Filters, 3, same>,
                             shortcut<conv2d<Filters, 1, stride<2>>>> {};

using net = network<input<32, 32, 3>, named<"stem", conv2d<16, 3, same, relu>>,
                    block<"stage1", repeat<2, basic_block<16>>>,
                    block<"stage2", down_block<32>, relu, basic_block<32>>, expect<16, 16, 32>,
                    global_avg_pool2d<>, dense<10, softmax>>;

static_assert(net::layer<"stem">.index == 0);
static_assert(net::layer<"stage1/conv2d_3">.output == shape{32, 32, 16});
static_assert(net::layer<"stage1/add_1">.index == 7);
static_assert(net::layer<"stage2/conv2d_2">.kernel == shape{1, 1, 16}); // the shortcut's
static_assert(net::layer<"stage2/add">.output == shape{16, 16, 32});
static_assert(net::layer<"dense">.parameters == 330);

// A block of the same name beside it is numbered.
using twice = network<input<8, 8, 1>, block<"tower", conv2d<2, 3>>, block<"tower", conv2d<3, 3>>>;
static_assert(twice::layer<"tower/conv2d">.output == shape{6, 6, 2});
static_assert(twice::layer<"tower_1/conv2d">.output == shape{4, 4, 3});

// A name that an automatic one would have is left to the layer that was given it.
using written =
    network<input<8, 8, 1>, named<"conv2d_1", conv2d<2, 1>>, conv2d<3, 1>, conv2d<4, 1>>;
static_assert(written::layer<"conv2d_1">.index == 0);
static_assert(written::layer<"conv2d">.index == 1);
static_assert(written::layer<"conv2d_2">.index == 2);
using rewritten =
    network<input<8, 8, 1>, conv2d<3, 1>, conv2d<4, 1>, named<"conv2d_1", conv2d<2, 1>>>;
static_assert(rewritten::layer<"conv2d_1">.index == 1);
static_assert(rewritten::layer<"conv2d_1_1">.index == 2);

// A named repeat numbers each time.
using stack = network<input<8, 8, 1>, named<"unit", repeat<3, conv2d<2, 3, same>>>>;
static_assert(stack::layer<"unit_2/conv2d">.kernel == shape{3, 3, 2});

// Branches side by side; an empty one is the tensor itself.
using inception = network<
    input<28, 28, 192>,
    concat<branch<conv2d<64, 1, relu>>, branch<conv2d<96, 1, relu>, conv2d<128, 3, same, relu>>,
           branch<conv2d<16, 1, relu>, conv2d<32, 5, same, relu>>,
           branch<max_pool2d<3, stride<1>, same>, conv2d<32, 1, relu>>>>;
static_assert(inception::output == shape{28, 28, 256});
using dense_unit = network<input<8, 8, 4>, concat<branch<>, branch<conv2d<12, 3, same>>>>;
static_assert(dense_unit::output == shape{8, 8, 16});

// Merged cell by cell.
using merged = network<input<4, 4, 2>, average<branch<>, maximum<branch<>, branch<relu>>>,
                       subtract<branch<>, minimum<branch<>, branch<relu>>>>;
static_assert(merged::output == shape{4, 4, 2});
static_assert(!well_formed<input<4, 4, 2>, subtract<branch<>, branch<>, branch<>>>);

// Along another axis.
using stacked = network<input<2, 3, 4>, concat_over<axis<0>, branch<>, branch<relu>>>;
static_assert(stacked::output == shape{4, 3, 4});
static_assert(!well_formed<input<2, 3, 4>, concat_over<axis<3>, branch<>, branch<>>>);

// A shortcut without layers is the identity, so that one block serves with and without projection.
using plain = network<input<8, 8, 4>, residual<conv2d<4, 3, same>, shortcut<>>>;
static_assert(plain::output == shape{8, 8, 4} && plain::layer_count == 2);

// Between the layers of a path it is numbered, and runs, where it is written.
using between = network<input<8, 8, 4>,
                        residual<conv2d<5, 3, same>, shortcut<conv2d<6, 1>>, conv2d<6, 3, same>>>;
static_assert(between::layer<1>.kernel == shape{1, 1, 4});
static_assert(between::layer<2>.kernel == shape{3, 3, 5});

// No times is nothing.
using once = network<input<8, 8, 4>, conv2d<4, 3, same>, repeat<0, conv2d<4, 3, same>>>;
static_assert(once::layer_count == 1);

// Squeeze and excite: a gate of 1 x 1 x channels multiplies a map.
using gated = network<input<8, 8, 16>,
                      multiply<branch<>, branch<global_avg_pool2d<keep_dims>, conv2d<4, 1, relu>,
                                                conv2d<16, 1, sigmoid>>>>;
static_assert(gated::output == shape{8, 8, 16});

// A small U-Net: tensors saved on the way down, used on the way up.
using u_net =
    network<input<32, 32, 1>, conv2d<8, 3, same, relu>, save<"enc1">, max_pool2d<2>,
            conv2d<16, 3, same, relu>, save<"enc2">, max_pool2d<2>, conv2d<32, 3, same, relu>,
            conv2d_transpose<16, 2, stride<2>>, concat_with<"enc2">, conv2d<16, 3, same, relu>,
            conv2d_transpose<8, 2, stride<2>>, concat_with<"enc1">, conv2d<1, 1, sigmoid>>;
static_assert(u_net::output == shape{32, 32, 1});
static_assert(u_net::layer<"concatenate">.output == shape{16, 16, 32});

// Going on from a saved tensor, and adding one.
using forked = network<input<8, 8, 4>, save<"x">, conv2d<4, 3, same>, save<"y">, from<"x">,
                       conv2d<4, 1>, add_with<"y">, multiply_with<"x">>;
static_assert(forked::output == shape{8, 8, 4});
static_assert(forked::layer<1>.input == shape{8, 8, 4});

// Comments that the compiler checks.
using checked =
    network<input<28, 28, 1>, conv2d<40, 3>, expect<26, 26, 40>, expect_parameters<400>>;
static_assert(checked::layer_count == 1);
static_assert(!well_formed<input<28, 28, 1>, conv2d<40, 3>, expect_parameters<399>>);

// A user's layer: a type with a descriptor. This one scales each channel by a trained factor.
struct scale_rule_and_meaning {
    static constexpr outcome rule(const rule_call& call) noexcept {
        outcome result;
        result.output = call.inputs[0];
        result.add_weight("factor", {call.input().channels()});
        return result;
    }
    template <class Cell> static constexpr void run(const reference_call<Cell>& call) noexcept {
        const int channels = call.output_shape.channels();
        for (long long i = 0; i < call.output_shape.elements(); ++i)
            call.output[i] = call.inputs[0][i] * static_cast<Cell>(call.weights[0][i % channels]);
    }
};
struct channel_scale {
    static constexpr descriptor info{.kind = "channel_scale",
                                     .keras = "ChannelScale",
                                     .rule = scale_rule_and_meaning::rule,
                                     .reference = reference_of<scale_rule_and_meaning>};
};
using scaled = network<input<1, 1, 3>, channel_scale>;
static_assert(scaled::parameters == 3);
static_assert(scaled::layer<"channel_scale">.weight_shape("factor") == shape{3});
constexpr float factors[] = {2, 3, 4};
constexpr float ones[] = {1, 1, 1};
static_assert(argmax(run<scaled>(factors, ones)) == 2);

// The type of a layer as it was written, through blocks.
static_assert(__is_same(net::layer_type_at<"stage1/conv2d">, conv2d<16, 3, same, relu>));
static_assert(__is_same(scaled::layer_type_at<0>, channel_scale));

} // namespace
