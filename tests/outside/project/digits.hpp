// SPDX-License-Identifier: BSL-1.0
// A network of somebody else.
#pragma once

#include <ctnn/ctnn.hpp>

using digits = ctnn::network<ctnn::input<12, 12, 3>, ctnn::conv2d<20, 3, ctnn::same, ctnn::relu>,
                             ctnn::max_pool2d<2>, ctnn::depthwise_conv2d<3, ctnn::same>,
                             ctnn::layer_norm<>, ctnn::conv2d<16, 3, ctnn::same>,
                             ctnn::conv2d<3, 1>, ctnn::flatten, ctnn::dense<10, ctnn::softmax>>;
