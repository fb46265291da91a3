// SPDX-License-Identifier: BSL-1.0
// What the benchmark asks of an engine: one network, one input, one output, one thread.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace compare {

struct subject;

/// A network made ready in one engine. Whatever can be done once is done in its constructor.
class engine {
public:
    engine() = default;
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    virtual ~engine() = default;

    /// Takes the image, height x width x channels. Never timed: an engine that wants its input in
    /// another order of axes is given it so.
    virtual void set_input(const std::vector<float>& image) = 0;
    /// What is timed.
    virtual void run() = 0;
    /// Fills in the output, channels last. Never timed.
    virtual void get_output(std::vector<float>& output) const = 0;
};

/// An engine that is not in this build, or whose library cannot be loaded.
struct absent : std::runtime_error {
    using runtime_error::runtime_error;
};

/// A network that an engine, or its adapter here, cannot express.
struct unsupported : std::runtime_error {
    using runtime_error::runtime_error;
};

using engine_maker = std::unique_ptr<engine> (*)(const subject& network,
                                                 const std::vector<float>& weights);

struct onednn_choices {
    bool blocked = false; ///< channels lie together by vectors; else as each convolution likes it
    bool fuses_depthwise = false; ///< a depthwise convolution is part of the pointwise one before
};
std::unique_ptr<engine> make_onednn(const subject& network, const std::vector<float>& weights,
                                    const onednn_choices& choices);
std::unique_ptr<engine> make_xnnpack(const subject& network, const std::vector<float>& weights);
std::unique_ptr<engine> make_onnxruntime(const subject& network, const std::vector<float>& weights);
/// A graph that only copies one number: what a call of ONNX Runtime costs before any layer runs.
std::unique_ptr<engine> make_empty_onnxruntime();

/// Engines by name: "ctnn", "ctnn_float16", "ctnn_bfloat16", "reference", "onednn",
/// "onednn_blocked", "onednn_fused", "onednn_blocked_fused", "xnnpack", "onnxruntime",
/// "onnxruntime_empty".
std::unique_ptr<engine> make_engine(const std::string& name, const subject& network,
                                    const std::vector<float>& weights);

} // namespace compare
