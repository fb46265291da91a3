// SPDX-License-Identifier: BSL-1.0
// A network that was compiled for several instruction sets (ctnn_add_kernels, in CMake), run by the
// best one that the machine has.
#pragma once

#include <ctnn/kernels/machine/cpu.hpp>
#include <ctnn/runtime/compiled.hpp>

namespace ctnn {

/// A target and what was compiled for it.
template <target Machine, const ctnn_compiled_network& Table> struct compiled_for {
    static constexpr target machine = Machine;
    static constexpr const ctnn_compiled_network& table = Table;
};

/// As `model`, but the target is chosen when it is made. `Compiled` begins with the best target;
/// the last one is taken where no other is possible. It holds as much memory as the largest needs,
/// and the weights may go once it is made.
template <class Network, class... Compiled> class dispatched_model {
public:
    static constexpr int target_count = static_cast<int>(sizeof...(Compiled));

    /// Not above `most`, for tests and comparisons: `dispatched{weights, isa::sse2}`.
    explicit dispatched_model(weights_span<Network> blob, isa most = best_instructions()) noexcept {
        const isa best = best_instructions();
        static_cast<void>((choose<Compiled>(most < best ? most : best) || ...));
        table_->pack(blob.data(), packed_);
    }
    dispatched_model(const dispatched_model&) = default;
    dispatched_model& operator=(const dispatched_model&) = default;

    /// As model::run.
    void run(const input_spans<Network>& inputs, const output_spans<Network>& outputs) noexcept {
        table_->run(packed_, inputs.pointers(), outputs.pointers(), arena_);
    }

    /// What was chosen.
    isa instructions() const noexcept { return instructions_; }

private:
    template <class One> bool choose(isa most) noexcept {
        table_ = &One::table;
        instructions_ = One::machine.instructions;
        return instructions_ <= most;
    }
    static constexpr long long greatest(const long long (&sizes)[sizeof...(Compiled)]) noexcept {
        long long most = 0;
        for (const long long size : sizes) most = math::max(most, size);
        return most;
    }

    const ctnn_compiled_network* table_ = nullptr;
    isa instructions_ = isa::scalar;
    alignas(arena_alignment) float packed_[greatest(
        {static_cast<long long>(packed_span<Network, Compiled::machine>::extent)...})];
    alignas(arena_alignment) float arena_[greatest(
        {math::max(arena<Network, float, Compiled::machine>::cells, 1)...})];
};

} // namespace ctnn
