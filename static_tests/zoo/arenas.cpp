// SPDX-License-Identifier: BSL-1.0
// How much room the arenas of the zoo waste beside the least possible: the most bytes that live at
// one time, each tensor rounded up to a cache line. What lives is what a step reads, what it
// writes, what later steps read and what its kernel keeps meanwhile; a step that writes over what
// it reads needs that room once. The network's inputs and outputs lie elsewhere.
#include <zoo/alexnet.hpp>
#include <zoo/c3d.hpp>
#include <zoo/convnext_tiny.hpp>
#include <zoo/densenet.hpp>
#include <zoo/efficientnet_b0.hpp>
#include <zoo/googlenet.hpp>
#include <zoo/inception_v3.hpp>
#include <zoo/lenet5.hpp>
#include <zoo/mlperf_ad.hpp>
#include <zoo/mlperf_ic.hpp>
#include <zoo/mlperf_kws.hpp>
#include <zoo/mlperf_vww.hpp>
#include <zoo/mobilenet.hpp>
#include <zoo/mobilenet_v2.hpp>
#include <zoo/mobilenet_v3.hpp>
#include <zoo/nasnet_mobile.hpp>
#include <zoo/regnet.hpp>
#include <zoo/resnet18.hpp>
#include <zoo/resnet50.hpp>
#include <zoo/resnet50_v2.hpp>
#include <zoo/resnext50.hpp>
#include <zoo/seed.hpp>
#include <zoo/shufflenet_v2.hpp>
#include <zoo/squeezenet.hpp>
#include <zoo/torch_mobilenet_v2.hpp>
#include <zoo/torch_resnet50.hpp>
#include <zoo/unet.hpp>
#include <zoo/vgg16.hpp>
#include <zoo/wavenet.hpp>
#include <zoo/xception.hpp>
#include <zoo/yolov3_tiny.hpp>

namespace {

using namespace ctnn;

/// Per cent of the least, by the reference meanings and by kernels.
template <class Network, target Machine> constexpr double wasted_on() noexcept {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    return static_cast<double>(plan.arena_bytes - plan.live_bytes) * 100 /
           static_cast<double>(plan.live_bytes);
}
template <class Network> constexpr double wasted() noexcept {
    return math::max(wasted_on<Network, targets::reference>(),
                     wasted_on<Network, targets::avx512>());
}

static_assert(wasted<zoo::lenet5>() == 0);
static_assert(wasted<zoo::seed>() == 0);
static_assert(wasted<zoo::mlperf_ad>() == 0);
static_assert(wasted<zoo::mlperf_ic>() == 0);
static_assert(wasted<zoo::mlperf_kws>() == 0);
static_assert(wasted<zoo::mlperf_vww>() == 0);

static_assert(wasted<zoo::alexnet_grouped>() <= 5);
static_assert(wasted<zoo::c3d>() <= 5);
static_assert(wasted<zoo::convnext_tiny>() <= 5);
static_assert(wasted<zoo::densenet121>() <= 5);
static_assert(wasted<zoo::efficientnet_b0>() <= 5);
static_assert(wasted<zoo::googlenet>() <= 5);
static_assert(wasted<zoo::inception_v3>() <= 5);
static_assert(wasted<zoo::mobilenet<100>>() <= 5);
static_assert(wasted<zoo::mobilenet_v2>() <= 5);
static_assert(wasted<zoo::mobilenet_v3_large>() <= 5);
static_assert(wasted<zoo::mobilenet_v3_small>() <= 5);
static_assert(wasted<zoo::nasnet_mobile>() <= 5);
static_assert(wasted<zoo::regnet_x_400mf>() <= 5);
static_assert(wasted<zoo::regnet_y_400mf>() <= 5);
static_assert(wasted<zoo::resnet18>() <= 5);
static_assert(wasted<zoo::resnet50>() <= 5);
static_assert(wasted<zoo::resnet50_v2>() <= 5);
static_assert(wasted<zoo::resnext50>() <= 5);
static_assert(wasted<zoo::shufflenet_v2_x1_0>() <= 5);
static_assert(wasted<zoo::squeezenet1_0>() <= 5);
static_assert(wasted<zoo::squeezenet1_1>() <= 5);
static_assert(wasted<zoo::torch_mobilenet_v2>() <= 5);
static_assert(wasted<zoo::torch_resnet50>() <= 5);
static_assert(wasted<zoo::unet>() <= 5);
static_assert(wasted<zoo::vgg16>() <= 5);
static_assert(wasted<zoo::wavenet<64, 256>>() <= 5);
static_assert(wasted<zoo::xception>() <= 5);
static_assert(wasted<zoo::yolov3_tiny>() <= 5);

} // namespace
