// SPDX-License-Identifier: BSL-1.0
// Everything but the edges to other libraries (ctnn/hana.hpp, ctnn/safetensors.hpp).
#pragma once

#include <ctnn/version.hpp>

#include <ctnn/network/diagnosis.hpp>
#include <ctnn/network/report.hpp>

#include <ctnn/network/blocks.hpp>
#include <ctnn/network/layer_info.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/summary.hpp>

#include <ctnn/quantized/faults.hpp>
#include <ctnn/quantized/quantized.hpp>

#include <ctnn/layers/activations.hpp>
#include <ctnn/layers/adaptive_pool.hpp>
#include <ctnn/layers/affine.hpp>
#include <ctnn/layers/alias.hpp>
#include <ctnn/layers/arrange.hpp>
#include <ctnn/layers/batch_norm.hpp>
#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/conv_transpose.hpp>
#include <ctnn/layers/dense.hpp>
#include <ctnn/layers/depthwise_conv.hpp>
#include <ctnn/layers/dot.hpp>
#include <ctnn/layers/glu.hpp>
#include <ctnn/layers/input.hpp>
#include <ctnn/layers/local_response_norm.hpp>
#include <ctnn/layers/lp_pool.hpp>
#include <ctnn/layers/merge.hpp>
#include <ctnn/layers/normalisation.hpp>
#include <ctnn/layers/pad.hpp>
#include <ctnn/layers/pool.hpp>
#include <ctnn/layers/prelu.hpp>
#include <ctnn/layers/resize.hpp>
#include <ctnn/layers/separable_conv.hpp>
#include <ctnn/layers/shuffle.hpp>
#include <ctnn/layers/slice.hpp>
#include <ctnn/layers/softmax.hpp>

#include <ctnn/plan/explain.hpp>

#include <ctnn/runtime/footprint.hpp>
#include <ctnn/runtime/launch.hpp>
#include <ctnn/runtime/model.hpp>
#include <ctnn/runtime/quantized_model.hpp>
#include <ctnn/runtime/trace.hpp>

#include <ctnn/weights/binding.hpp>
#include <ctnn/weights/layout.hpp>
