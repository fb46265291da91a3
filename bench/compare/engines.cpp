// SPDX-License-Identifier: BSL-1.0
// Engines by name. Those whose packages were not there when this was built say so.
#include "subject.hpp"

namespace compare {

std::unique_ptr<engine> make_engine(const std::string& name, const subject& network,
                                    const std::vector<float>& weights) {
    if (name == "ctnn") return network.make_ctnn(network, weights);
    if (name == "ctnn_float16") return network.make_float16(network, weights);
    if (name == "ctnn_bfloat16") return network.make_bfloat16(network, weights);
    if (name == "reference") return network.make_reference(network, weights);
#if defined(CTNN_COMPARE_ONEDNN)
    if (name == "onednn") return make_onednn(network, weights, {});
    if (name == "onednn_blocked") return make_onednn(network, weights, {true, false});
    if (name == "onednn_fused") return make_onednn(network, weights, {false, true});
    if (name == "onednn_blocked_fused") return make_onednn(network, weights, {true, true});
#else
    if (name.rfind("onednn", 0) == 0) throw absent("onednn: built without libdnnl-dev");
#endif
#if defined(CTNN_COMPARE_XNNPACK)
    if (name == "xnnpack") return make_xnnpack(network, weights);
#else
    if (name == "xnnpack")
        throw absent("xnnpack: built without libxnnpack-dev, libpthreadpool-dev");
#endif
#if defined(CTNN_COMPARE_ONNX)
    if (name == "onnxruntime") return make_onnxruntime(network, weights);
    if (name == "onnxruntime_empty") return make_empty_onnxruntime();
#else
    if (name == "onnxruntime" || name == "onnxruntime_empty")
        throw absent("onnxruntime: built without libonnx-dev, libprotobuf-dev");
#endif
    throw absent(name + ": no such engine");
}

} // namespace compare
