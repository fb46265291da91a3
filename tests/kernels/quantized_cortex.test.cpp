// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 as Cortex-M has them, by pairs of 16-bit numbers and by vectors, in plain C++.
#include "catch.hpp"
#include "quantized_case.hpp"

namespace {

using namespace ctnn;
using property::bytes_that_differ;

template <class Network> void check() {
    CHECK(bytes_that_differ<Network, targets::cortex_m4, 1>() == 0);
    CHECK(bytes_that_differ<Network, targets::cortex_m4, 2>() == 0);
    CHECK(bytes_that_differ<Network, targets::cortex_m4, 3>() == 0);
    CHECK(bytes_that_differ<Network, targets::cortex_m55, 1>() == 0);
    CHECK(bytes_that_differ<Network, targets::cortex_m55, 4>() == 0);
}

} // namespace

TEST_CASE("convolutions on int8 of odd shapes on Cortex-M") {
    check<network<input<7, 5, 3>, conv2d<6, 3, same, relu>>>();
    check<network<input<8, 9, 4>, conv2d<8, kernel<3, 2>, stride<2, 1>>>>();
    check<network<input<9, 7, 1>, conv2d<9, kernel<5, 4>, stride<2>, same, relu6>>>();
    check<network<input<6, 6, 8>, conv2d<12, 3, same, dilation<2>>>>();
    check<network<input<5, 5, 8>, conv2d<4, 3, same, dilation<2, 1>>>>();
}

TEST_CASE("convolutions on int8 over what they read on Cortex-M") {
    check<network<input<6, 5, 4>, conv2d<8, 3, same, relu>, conv2d<8, 3, same, relu>,
                  conv2d<4, 3, same>>>();
    check<network<input<5, 5, 4>, conv2d<8, 3, same>, conv2d<16, 1>, conv2d<20, 1, relu>,
                  conv2d<4, 1>>>();
    check<network<input<9, 9, 4>, conv2d<8, 3>, conv2d<16, 3, same, stride<2>>, conv2d<6, 3>>>();
}

TEST_CASE("depthwise convolutions on int8 on Cortex-M") {
    check<network<input<7, 6, 8>, depthwise_conv2d<3, same, relu>>>();
    check<network<input<7, 6, 8>, conv2d<8, 1>, depthwise_conv2d<3, same>,
                  depthwise_conv2d<3, same, stride<2>>>>();
    check<network<input<9, 8, 4>, conv2d<12, 1>, depthwise_conv2d<5, same, relu6>,
                  depthwise_conv2d<3, stride<2>>>>();
    check<network<input<9, 8, 4>, conv2d<12, 1>, depthwise_conv2d<kernel<4, 2>, stride<3, 2>>>>();
    check<network<input<9, 9, 4>, depthwise_conv2d<3, stride<3>>>>();
}

TEST_CASE("dense layers on int8 on Cortex-M") {
    check<network<input<70>, dense<75, relu>, dense<64>, dense<64, relu>, dense<3>>>();
    check<network<input<64>, dense<10>, softmax>>();
}

TEST_CASE("sums, means and clamps on int8 on Cortex-M") {
    using block = residual<conv2d<8, 3, same, relu>, conv2d<8, 3, same>>;
    check<network<input<6, 6, 8>, block, relu, block, relu6, avg_pool2d<3, same>, block>>();
    check<network<input<5, 5, 4>, residual<conv2d<4, 1>>, avg_pool2d<2>, flatten, dense<5>,
                  softmax>>();
    check<network<input<5, 5, 3>, residual<conv2d<3, 1>>, max_pool2d<2>, relu>>();
}
