// SPDX-License-Identifier: BSL-1.0
// A network that was written, compiled: what run_backend knows of it.
#pragma once

#include <ctnn/ctnn.hpp>
#include <ctnn/runtime/compiled.hpp>
#include <ctnn/safetensors.hpp>

namespace backend {

struct compiled_case {
    const char* file = nullptr; ///< null behind the last one of a table
    const char* name = nullptr;
    const char* main_operator = nullptr;
    const ctnn_compiled_network* network = nullptr;
    ctnn::detail::expected_weights (*weights)() = nullptr;
    int input_count = 0;
    int output_count = 0;
    long long (*input_cells)(int index) = nullptr;
    long long (*output_cells)(int index) = nullptr;
};

template <class Network>
constexpr compiled_case compiled(const char* file, const char* name, const char* main_operator) {
    return {file,
            name,
            main_operator,
            &ctnn::compiled_network<Network, ctnn::this_machine>,
            &ctnn::detail::weights_expected_by<Network>,
            Network::input_count,
            Network::output_count,
            [](int i) -> long long { return Network::inputs[i].extent.elements(); },
            [](int i) -> long long { return Network::outputs[i].extent.elements(); }};
}

} // namespace backend
