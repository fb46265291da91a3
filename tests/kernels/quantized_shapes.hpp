// SPDX-License-Identifier: BSL-1.0
// Networks of odd shapes for kernels on int8, by kinds of layers.
#pragma once

#include "catch.hpp"
#include "quantized_case.hpp"

namespace property {

using namespace ctnn;

template <class... Networks> struct network_list {};

template <class Network, target Machine, unsigned Seed> void check_network() {
    CHECK(bytes_that_differ<Network, Machine, Seed>() == 0);
}
template <class Network, target Machine, unsigned... Seeds> void check_seeds() {
    (check_network<Network, Machine, Seeds>(), ...);
}
/// Runs each network of a list with each seed by a machine's kernels in plain C++.
template <target Machine, unsigned... Seeds, class... Networks>
void check_networks(network_list<Networks...>) {
    (check_seeds<Networks, Machine, Seeds...>(), ...);
}

using sum_block = residual<conv2d<8, 3, same, relu>, conv2d<8, 3, same>>;

using odd_convolutions =
    network_list<network<input<7, 5, 3>, conv2d<6, 3, same, relu>>,
                 network<input<8, 9, 4>, conv2d<8, kernel<3, 2>, stride<2, 1>>>,
                 network<input<9, 7, 1>, conv2d<9, kernel<5, 4>, stride<2>, same, relu6>>,
                 network<input<6, 6, 8>, conv2d<12, 3, same, dilation<2>>>,
                 network<input<5, 5, 8>, conv2d<4, 3, same, dilation<2, 1>>>>;
using convolutions_in_place = network_list<
    network<input<6, 5, 4>, conv2d<8, 3, same, relu>, conv2d<8, 3, same, relu>, conv2d<4, 3, same>>,
    network<input<5, 5, 4>, conv2d<8, 3, same>, conv2d<16, 1>, conv2d<20, 1, relu>, conv2d<4, 1>>,
    network<input<9, 9, 4>, conv2d<8, 3>, conv2d<16, 3, same, stride<2>>, conv2d<6, 3>>>;
using depthwise_convolutions = network_list<
    network<input<7, 6, 8>, depthwise_conv2d<3, same, relu>>,
    network<input<7, 6, 8>, conv2d<8, 1>, depthwise_conv2d<3, same>,
            depthwise_conv2d<3, same, stride<2>>>,
    network<input<9, 8, 4>, conv2d<12, 1>, depthwise_conv2d<5, same, relu6>,
            depthwise_conv2d<3, stride<2>>>,
    network<input<9, 8, 4>, conv2d<12, 1>, depthwise_conv2d<kernel<4, 2>, stride<3, 2>>>,
    network<input<9, 9, 4>, depthwise_conv2d<3, stride<3>>>>;
using dense_layers =
    network_list<network<input<70>, dense<75, relu>, dense<64>, dense<64, relu>, dense<3>>,
                 network<input<64>, dense<10>, softmax>>;
using sums = network_list<
    network<input<6, 6, 8>, sum_block, relu, sum_block, relu6, avg_pool2d<3, same>, sum_block>,
    network<input<5, 5, 4>, residual<conv2d<4, 1>>, avg_pool2d<2>, flatten, dense<5>, softmax>,
    network<input<5, 5, 3>, residual<conv2d<3, 1>>, max_pool2d<2>, relu>>;

} // namespace property
