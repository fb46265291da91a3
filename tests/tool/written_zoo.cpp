// SPDX-License-Identifier: BSL-1.0
// What was written is what was meant: the headers that write_zoo makes, beside the types that they
// were made from.
#include "zoo_list.hpp"

#include "written_densenet121.hpp"
#include "written_googlenet.hpp"
#include "written_inception_v3.hpp"
#include "written_mobilenet_v2.hpp"
#include "written_mobilenet_v3_small.hpp"
#include "written_nasnet_mobile.hpp"
#include "written_resnet18.hpp"
#include "written_resnet50.hpp"
#include "written_seed.hpp"
#include "written_torch_efficientnet_b0.hpp"
#include "written_unet.hpp"
#include "written_yolov3_tiny.hpp"

namespace {

// Layers may come in another order, where paths are independent of each other.
template <class Written, class Meant>
constexpr bool same =
    Written::layer_count == Meant::layer_count&& Written::parameters ==
    Meant::parameters&& Written::trainable_parameters ==
    Meant::trainable_parameters&& Written::macs ==
    Meant::macs&& Written::peak_activation_bytes <=
        2 * Meant::peak_activation_bytes&& Written::input ==
    Meant::input&& Written::output == Meant::output&& Written::output_count == Meant::output_count;

} // namespace

#define CTNN_COMPARE(name) static_assert(same<written_##name::network, ctnn::zoo::name>);
CTNN_WRITTEN_NETWORKS(CTNN_COMPARE)
