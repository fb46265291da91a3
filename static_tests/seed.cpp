// SPDX-License-Identifier: BSL-1.0
// The question ctnn began with: how deep is a kernel of the second layer? As deep as the map it
// reads.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

using seed = network<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3>, flatten, dense<10>>;

static_assert(seed::input == shape{28, 28, 1});
static_assert(seed::output == shape{10});
static_assert(seed::layer_count == 4);
static_assert(seed::parameters == 49'378);
static_assert(seed::trainable_parameters == 49'378);
static_assert(seed::non_trainable_parameters == 0);
static_assert(seed::macs == 1'948'320);
static_assert(seed::weight_bytes == 197'512);
static_assert(seed::peak_activation_bytes == 4 * (26 * 26 * 40 + 24 * 24 * 8));
static_assert(seed::arena_bytes == 126'592);
static_assert(seed::arena_bytes <= 128 * 1024);

static_assert(seed::layer<0>.input == shape{28, 28, 1});
static_assert(seed::layer<0>.output == shape{26, 26, 40});
static_assert(seed::layer<0>.kernel == shape{3, 3, 1});
static_assert(seed::layer<0>.weight_shape("kernel") == shape{3, 3, 1, 40});
static_assert(seed::layer<0>.weight_shape("bias") == shape{40});
static_assert(seed::layer<0>.weight_shape("gamma") == shape{});
static_assert(seed::layer<0>.parameters == 400);
static_assert(seed::layer<0>.macs == 26 * 26 * 40 * 9);
static_assert(seed::layer<0>.field == receptive_field{3, 3});

static_assert(seed::layer<1>.input == shape{26, 26, 40});
static_assert(seed::layer<1>.output == shape{24, 24, 8});
static_assert(seed::layer<1>.kernel == shape{3, 3, 40});
static_assert(seed::layer<1>.weight_shape("kernel") == shape{3, 3, 40, 8});
static_assert(seed::layer<1>.parameters == 2888);
static_assert(seed::layer<1>.field == receptive_field{5, 5});

static_assert(seed::layer<2>.output == shape{4608});
static_assert(seed::layer<2>.parameters == 0);
static_assert(seed::layer<2>.macs == 0);
static_assert(seed::layer<2>.field == receptive_field{5, 5});

static_assert(seed::layer<3>.kernel == shape{4608});
static_assert(seed::layer<3>.parameters == 46'090);
static_assert(seed::layer<3>.activation_bytes == 40);
static_assert(seed::layer<3>.field == receptive_field{28, 28});

// The same layers by name.
static_assert(seed::layer<"conv2d">.index == 0);
static_assert(seed::layer<"conv2d_1">.kernel == shape{3, 3, 40});
static_assert(seed::layer<"dense">.path == "dense");

// Without biases the last terms go: 40 * (3*3*1) and 8 * (3*3*40).
using bare = network<input<28, 28, 1>, conv2d<40, 3, no_bias>, conv2d<8, 3, no_bias>>;
static_assert(bare::layer<0>.parameters == 360);
static_assert(bare::layer<1>.parameters == 2880);

// An activation at the end of a layer is no layer and adds no parameters.
using trained =
    network<input<28, 28, 1>, conv2d<40, 3, relu>, conv2d<8, 3, relu>, flatten, dense<10, softmax>>;
static_assert(trained::layer_count == 4 && trained::parameters == seed::parameters);

static_assert(well_formed<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3, in<40>>>);
static_assert(!well_formed<input<28, 28, 1>, conv2d<40, 3>, conv2d<8, 3, in<3>>>);

} // namespace
