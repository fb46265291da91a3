// SPDX-License-Identifier: BSL-1.0
// Plans of quantised networks for Cortex-M: which kernels, what is drawn in, and how much memory.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

/// All tensors and all filters have the same numbers.
template <class Network, class Nodes, class Filters> struct plain_numbers;
template <class Network, int... Nodes, int... Filters>
struct plain_numbers<Network, detail::numbers<Nodes...>, detail::numbers<Filters...>> {
    static constexpr quantization tensors[]{{Nodes < 0 ? 1.0F : 0.05F, -128}...};
    static constexpr float kernel_scales[]{(Filters < 0 ? 1.0F : 0.002F)...};
};

template <class Network> constexpr int count_filters() noexcept {
    int filters = 0;
    for (int i = 0; i < Network::graph().node_count; ++i)
        filters += detail::weights_of_node(Network::graph(), Network::graph().at(i)).filters;
    return filters;
}

template <class Network>
using plain =
    quantized<Network, plain_numbers<Network, detail::count_to<Network::graph().node_count>,
                                     detail::count_to<count_filters<Network>()>>>;

template <class Network, target Machine>
constexpr auto& plan = int8_plan_of<plain<Network>, Machine>::value;

template <class Network, target Machine> constexpr kernel_kind kind_of_step(int step) noexcept {
    return plan<Network, Machine>.kernels[step].choice.key.kind;
}

using keyword_block = sequence<depthwise_conv2d<3, same, relu>, conv2d<64, 1, relu>>;
using keywords = network<input<49, 10, 1>, conv2d<64, kernel<10, 4>, stride<2>, same, relu>,
                         repeat<4, keyword_block>, avg_pool2d<kernel<25, 5>>, flatten, dense<12>>;

static_assert(kind_of_step<keywords, targets::cortex_m4>(0) == kernel_kind::conv_pairs);
static_assert(kind_of_step<keywords, targets::cortex_m4>(1) == kernel_kind::depthwise_pairs);
static_assert(kind_of_step<keywords, targets::cortex_m4>(9) == kernel_kind::pool_pairs);
static_assert(kind_of_step<keywords, targets::cortex_m55>(0) == kernel_kind::conv_dots);
static_assert(kind_of_step<keywords, targets::cortex_m55>(1) == kernel_kind::depthwise_lanes);

// One map of 25 * 5 * 64 cells, since all layers write over what they read.
static_assert(plan<keywords, targets::cortex_m4>.arena_bytes <= 13'000);
static_assert(plan<keywords, targets::cortex_m55>.arena_bytes <= 13'000);
static_assert(plan<keywords, targets::reference>.arena_bytes == 16'000);

// What needs most: the first depthwise convolution, which keeps rows beside its map, and the first
// convolution of 64 channels by 64.
static_assert(fits<plain<keywords>, targets::cortex_m4, ram<13'000>, flash<40_KB>>);
static_assert(footprint_of<plain<keywords>, targets::cortex_m4>.peak_step == 1);
static_assert(footprint_of<plain<keywords>, targets::cortex_m4>.heaviest_step == 2);

// A small dense layer beside convolutions shares their kernel; others have one of their own.
static_assert(kind_of_step<keywords, targets::cortex_m4>(10) == kernel_kind::conv_pairs);
using wide = network<input<64>, dense<64, relu>, dense<8>>;
static_assert(kind_of_step<wide, targets::cortex_m4>(0) == kernel_kind::dense_pairs);
static_assert(kind_of_step<wide, targets::cortex_m4>(1) == kernel_kind::dense_pairs);
static_assert(kind_of_step<wide, targets::cortex_m55>(1) == kernel_kind::dense_dots);

// A clamp with the numbers of what it reads is drawn into the sum before it.
using sums = network<input<32, 32, 16>, conv2d<16, 3, same, relu>,
                     residual<conv2d<16, 3, same, relu>, conv2d<16, 3, same>>, relu>;
static_assert(plan<sums, targets::cortex_m4>.step_count == 4);
static_assert(plan<sums, targets::reference>.step_count == 5);
static_assert(kind_of_step<sums, targets::cortex_m4>(3) == kernel_kind::sum_pairs);

// A tensor that grows under a pixel's window is written over too, from its end.
using grows = network<input<8, 8, 8>, conv2d<8, 3, same>, conv2d<16, 1>, conv2d<8, 1>,
                      conv2d<4, 3, same>, avg_pool2d<8>>;
static_assert(plan<grows, targets::cortex_m4>.arena_bytes < 8 * 8 * 16 + 1024);
static_assert(plan<grows, targets::cortex_m4>.arena_bytes >= 8 * 8 * 16);

// Instruction sets without kernels on int8 of their own have the others.
static_assert(kind_of_step<keywords, targets::scalar>(0) == kernel_kind::conv_direct);

} // namespace
