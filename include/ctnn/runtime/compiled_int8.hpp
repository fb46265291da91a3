// SPDX-License-Identifier: BSL-1.0
// A quantised network with its packed weights, compiled for one instruction set or for several
// (ctnn_add_model with INT8, in CMake): as compiled.hpp and dispatch.hpp do for floats.
#pragma once

#include <ctnn/kernels/machine/cpu.hpp>
#include <ctnn/runtime/quantized_model.hpp>

/// Weights are packed; the arena is the caller's, and aligned to 64 bytes.
struct ctnn_compiled_int8 {
    const unsigned char* packed;
    void (*run)(const unsigned char* packed, const signed char* const* inputs,
                signed char* const* outputs, signed char* arena) noexcept;
};

namespace ctnn {

namespace detail {
template <class Network, target Machine>
void run_compiled_int8(const unsigned char* packed, const int8* const* inputs, int8* const* outputs,
                       int8* arena) noexcept {
    run_int8_launches(int8_launches_of<Network, Machine>, packed, Network::rule,
                      {inputs, arena, outputs});
}
} // namespace detail

/// The table of a quantised network for the machine that the file is compiled for. `Packed` is an
/// array of its packed weights.
template <class Network, target Machine, const auto& Packed>
inline constexpr ctnn_compiled_int8 compiled_int8{Packed,
                                                  &detail::run_compiled_int8<Network, Machine>};

/// A target and what was compiled for it.
template <target Machine, const ctnn_compiled_int8& Table> struct compiled_int8_for {
    static constexpr target machine = Machine;
    static constexpr const ctnn_compiled_int8& table = Table;
};

namespace detail {

/// Which of several tables is used.
template <class... Compiled> class int8_choice_of {
public:
    explicit int8_choice_of(isa most) noexcept {
        const isa best = best_instructions();
        static_cast<void>((choose<Compiled>(most < best ? most : best) || ...));
    }
    const ctnn_compiled_int8& table() const noexcept { return *table_; }

private:
    template <class One> bool choose(isa most) noexcept {
        table_ = &One::table;
        return One::machine.instructions <= most;
    }
    const ctnn_compiled_int8* table_ = nullptr;
};

/// There is one alone: nothing to do when the program starts, and nothing to keep.
template <class Compiled> class int8_choice_of<Compiled> {
public:
    constexpr explicit int8_choice_of(isa) noexcept {}
    static constexpr const ctnn_compiled_int8& table() noexcept { return Compiled::table; }
};

template <class... Compiled> constexpr isa most_of() noexcept {
    if constexpr (sizeof...(Compiled) == 1)
        return isa::scalar;
    else
        return best_instructions();
}

} // namespace detail

/// A quantised network that is ready to run: its weights lie in read-only memory. `Compiled` begins
/// with the best target; the last one is taken where no other is possible. It holds as much memory
/// as the largest needs, zeros to begin with.
template <class Network, class... Compiled> class dispatched_int8 {
public:
    constexpr dispatched_int8() noexcept : choice_(detail::most_of<Compiled...>()) {}

    /// Not above `most`, for tests and comparisons.
    constexpr explicit dispatched_int8(isa most) noexcept : choice_(most) {}

    /// As ctnn::run: cells of int8; the network's numbers say what they stand for.
    void run(const input_spans<Network, int8>& inputs,
             const output_spans<Network, int8>& outputs) noexcept {
        const ctnn_compiled_int8& table = choice_.table();
        table.run(table.packed, inputs.pointers(), outputs.pointers(), arena_);
    }

private:
    static constexpr int greatest(const int (&sizes)[sizeof...(Compiled)]) noexcept {
        int most = 1;
        for (const int size : sizes) most = math::max(most, size);
        return most;
    }

    [[no_unique_address]] detail::int8_choice_of<Compiled...> choice_;
    alignas(arena_alignment)
        int8 arena_[greatest({quantized_arena<Network, Compiled::machine>::cells...})]{};
};

} // namespace ctnn
