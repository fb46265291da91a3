// SPDX-License-Identifier: BSL-1.0
// The networks that are written as text and compiled again. X(type in ctnn::zoo).
#pragma once

#include "../../examples/zoo/densenet.hpp"
#include "../../examples/zoo/efficientnet_b0.hpp"
#include "../../examples/zoo/googlenet.hpp"
#include "../../examples/zoo/inception_v3.hpp"
#include "../../examples/zoo/mobilenet_v2.hpp"
#include "../../examples/zoo/mobilenet_v3.hpp"
#include "../../examples/zoo/nasnet_mobile.hpp"
#include "../../examples/zoo/resnet18.hpp"
#include "../../examples/zoo/resnet50.hpp"
#include "../../examples/zoo/seed.hpp"
#include "../../examples/zoo/unet.hpp"
#include "../../examples/zoo/yolov3_tiny.hpp"

#define CTNN_WRITTEN_NETWORKS(X)                                                                   \
    X(densenet121)                                                                                 \
    X(googlenet)                                                                                   \
    X(inception_v3)                                                                                \
    X(mobilenet_v2)                                                                                \
    X(mobilenet_v3_small)                                                                          \
    X(nasnet_mobile)                                                                               \
    X(resnet18)                                                                                    \
    X(resnet50)                                                                                    \
    X(seed)                                                                                        \
    X(torch_efficientnet_b0)                                                                       \
    X(unet)                                                                                        \
    X(yolov3_tiny)
