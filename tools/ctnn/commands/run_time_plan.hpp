// SPDX-License-Identifier: BSL-1.0
// The plan of a network whose layers are known at run time only: the library's own passes, with
// room for the largest network.
#pragma once

#include "../writer/network_graph.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ctnn::tool {

/// A plan for a target, and what comes of it.
class run_time_plan {
public:
    run_time_plan(const graph_view& graph, const target& machine);
    run_time_plan(run_time_plan&&) noexcept;
    ~run_time_plan();

    long long arena_bytes() const;
    long long live_bytes() const; ///< no arena is smaller
    long long packed_floats() const;
    int steps() const;
    int kernels() const;       ///< steps that a kernel does
    std::string table() const; ///< as explain<network, target>() gives it

    /// The weights in the layouts of the kernels.
    std::vector<float> pack(const std::vector<float>& blob) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace ctnn::tool
