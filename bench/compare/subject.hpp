// SPDX-License-Identifier: BSL-1.0
// A network without its type: the graph that adapters walk, and ctnn's own ways to run it.
#pragma once

#include "engine.hpp"

#include <ctnn/ctnn.hpp>

namespace compare {

struct subject {
    const char* name = "";
    ctnn::graph_view graph{};
    ctnn::shape input;
    ctnn::shape output;
    long long parameters = 0;
    long long macs = 0;
    engine_maker make_ctnn = nullptr;      ///< ctnn::model, in floats
    engine_maker make_float16 = nullptr;   ///< the same with weights stored as float16
    engine_maker make_bfloat16 = nullptr;  ///< and as bfloat16
    engine_maker make_reference = nullptr; ///< the reference meaning of every layer, in doubles
};

/// The network that a program compares, defined by the file that CMake makes for it.
extern const subject the_subject;

} // namespace compare
