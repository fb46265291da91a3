// SPDX-License-Identifier: BSL-1.0
// Networks of the zoo all of whose layers have kernels.
#include <ctnn/ctnn.hpp>

#include <zoo/convnext_tiny.hpp>
#include <zoo/efficientnet_b0.hpp>
#include <zoo/mobilenet_v3.hpp>
#include <zoo/nasnet_mobile.hpp>
#include <zoo/shufflenet_v2.hpp>
#include <zoo/torch_vgg16.hpp>
#include <zoo/unet.hpp>
#include <zoo/wavenet.hpp>
#include <zoo/xception.hpp>
#include <zoo/yolov3_tiny.hpp>

namespace {

using namespace ctnn;

/// Steps that are left to reference meanings.
template <class Network, target Machine = targets::avx512>
constexpr int by_reference = [] {
    constexpr auto& plan = plan_of<Network, Machine>::value;
    int count = 0;
    for (int i = 0; i < plan.step_count; ++i)
        if (plan.steps[i].call < 0) ++count;
    return count;
}();

static_assert(by_reference<zoo::convnext_tiny> == 0);
static_assert(by_reference<zoo::efficientnet_b0> == 0);
static_assert(by_reference<zoo::mobilenet_v3_large> == 0);
static_assert(by_reference<zoo::nasnet_mobile> == 0);
static_assert(by_reference<zoo::shufflenet_v2_x1_0> == 0);
static_assert(by_reference<zoo::torch_vgg16> == 0);
static_assert(by_reference<zoo::unet> == 0);
static_assert(by_reference<zoo::wavenet<32, 64>> == 0);
static_assert(by_reference<zoo::xception> == 0);
static_assert(by_reference<zoo::yolov3_tiny> == 0);
static_assert(by_reference<zoo::unet, targets::scalar> == 0);
static_assert(by_reference<zoo::yolov3_tiny, targets::neon> == 0);

} // namespace
