// SPDX-License-Identifier: BSL-1.0
// Small networks that fit into 16 KB of RAM, with every kind of layer that int8 has, and most that
// float has.
#pragma once

#include "made_up.hpp"

namespace embedded {

using namespace ctnn;

/// Each layer with a meaning on int8 by rules of its own.
using int8_layers =
    network<input<7, 6, 3>, conv2d<8, 3, same, relu>, save<"map">, depthwise_conv2d<3, same, relu6>,
            conv2d<8, 1>, add_with<"map">, relu, max_pool2d<2>, save<"small">, zero_padding2d<1>,
            conv2d<6, kernel<2, 3>, stride<2>>, ctnn::tanh, avg_pool2d<2>, output<"pooled">,
            from<"small">,
            multiply<branch<>, branch<global_avg_pool2d<keep_dims>, conv2d<8, 1>, sigmoid>>,
            output<"gated">, flatten, dense<7>, softmax, output<"kinds">>;
using int8_net = quantized<int8_layers, made_up::int8_numbers<int8_layers>>;
using int8_net_once = quantized<int8_layers, made_up::int8_numbers<int8_layers>, rounding::once>;

// Not inline: of such objects g++'s UBSan does not know in constant expressions that they are
// there.
constexpr made_up::int8_cells<int8_net::size.kernels> int8_kernels{1};
constexpr made_up::ints<int8_net::size.biases> int8_biases{2, 2000};
constexpr made_up::int8_cells<7 * 6 * 3> int8_image{2};

/// All outputs of a run.
struct int8_results {
    int8 pooled[6];
    int8 gated[72];
    int8 kinds[7];

    constexpr unsigned hash() const noexcept {
        made_up::hash sum;
        for (const int8 cell : pooled) sum.add(static_cast<unsigned>(cell), 1);
        for (const int8 cell : gated) sum.add(static_cast<unsigned>(cell), 1);
        for (const int8 cell : kinds) sum.add(static_cast<unsigned>(cell), 1);
        return sum.value();
    }
    friend constexpr bool operator==(const int8_results&, const int8_results&) = default;
};

template <class Network> constexpr int8_results run_int8() noexcept {
    int8_results results{};
    quantized_arena<Network> memory{};
    run(quantized_weights<Network>{int8_kernels.each, int8_biases.each}, int8_image.each,
        {results.pooled, results.gated, results.kinds}, memory);
    return results;
}

/// Convolutions of all kinds, pools, merges, norms, curves.
using float_net =
    network<input<8, 8, 3>, conv2d<8, 3, same>, batch_norm<>, relu, save<"map">,
            depthwise_conv2d<3, same>, silu, conv2d<8, 1>, add_with<"map">, max_pool2d<2>,
            conv2d<12, 3, same, gelu>, layer_norm<>, conv2d_transpose<4, 2, stride<2>>,
            avg_pool2d<2>, conv2d<6, kernel<3, 1>, stride<2>, ctnn::tanh>, flatten,
            dense<10, sigmoid>, dense<5, softmax>>;

constexpr made_up::weights<float_net> float_weights{4};
constexpr made_up::reals<8 * 8 * 3> float_image{5};
/// By the reference meaning in double (oracle.cpp).
constexpr float float_results[]{0.183105421541F, 0.150805823851F, 0.156541458269F, 0.320719424286F,
                                0.188827872053F};

} // namespace embedded
