// SPDX-License-Identifier: BSL-1.0
// The networks of MLPerf Tiny as they are run on int8: norms are in the weights.
#pragma once

#include <ctnn/ctnn.hpp>

namespace tiny {

using namespace ctnn;

using kws_pair = sequence<depthwise_conv2d<3, same, relu>, conv2d<64, 1, relu>>;
using kws = network<input<49, 10, 1>, conv2d<64, kernel<10, 4>, stride<2>, same, relu>,
                    repeat<4, kws_pair>, avg_pool2d<kernel<25, 5>>, flatten, dense<12>, softmax>;

template <int Filters, int Step>
using ic_path = sequence<conv2d<Filters, 3, stride<Step>, same, relu>, conv2d<Filters, 3, same>>;
template <int Filters>
using ic_narrower = residual<shortcut<conv2d<Filters, 1, stride<2>, same>>, ic_path<Filters, 2>>;
using ic = network<input<32, 32, 3>, conv2d<16, 3, same, relu>, residual<ic_path<16, 1>>, relu,
                   ic_narrower<32>, relu, ic_narrower<64>, relu, avg_pool2d<8>, flatten, dense<10>,
                   softmax>;

template <int Filters, int Step = 1>
using vww_pair = sequence<depthwise_conv2d<3, stride<Step>, same, relu>, conv2d<Filters, 1, relu>>;
using vww =
    network<input<96, 96, 3>, conv2d<8, 3, stride<2>, same, relu>, vww_pair<16>, vww_pair<32, 2>,
            vww_pair<32>, vww_pair<64, 2>, vww_pair<64>, vww_pair<128, 2>, repeat<5, vww_pair<128>>,
            vww_pair<256, 2>, vww_pair<256>, avg_pool2d<3>, flatten, dense<2>, softmax>;

using ad = network<input<640>, repeat<4, dense<128, relu>>, dense<8, relu>,
                   repeat<4, dense<128, relu>>, dense<640>>;

} // namespace tiny
