// SPDX-License-Identifier: BSL-1.0
// How much memory a network needs on a machine, and a budget that it must keep to.
#pragma once

#include <ctnn/network/report.hpp>
#include <ctnn/runtime/model.hpp>
#include <ctnn/runtime/quantized_model.hpp>

namespace ctnn {

/// Bytes that a network needs on a machine. Tables hold pointers: they are as large as they are on
/// the machine that is compiled for.
struct footprint {
    long long arena = 0;   ///< of RAM; input and output lie outside
    long long weights = 0; ///< packed, read-only
    long long tables = 0;  ///< what is run and where its tensors are, read-only
    int peak_step = 0;     ///< the plan's step that needs most of the arena
    int heaviest_step = 0; ///< that has most packed weights

    /// Constants that a run reads. Code is not in it: only the linker knows that.
    constexpr long long flash() const noexcept { return weights + tables; }
};

/// Bytes of RAM, as a limit; and of constants.
template <long long Bytes> struct ram;
template <long long Bytes> struct flash;

inline namespace literals {
/// 1,024 bytes, as linker scripts count them.
consteval long long operator""_KB(unsigned long long number) noexcept {
    return static_cast<long long>(number) * 1024;
}
} // namespace literals

// Facts in a message.
template <long long Bytes> struct needs_bytes;
template <long long Bytes> struct may_have;
template <long long Bytes> struct over_by;

namespace faults {
inline constexpr fault_kind over_ram_budget{"over_ram_budget"};
inline constexpr fault_kind over_flash_budget{"over_flash_budget"};
} // namespace faults

template <class... Facts>
__attribute__((unavailable(
    "a network's arena is larger than its budget of RAM. The layer that is named is the step that "
    "needs most: fewer channels there, or a smaller map"))) constexpr bool
    mistake<&faults::over_ram_budget, Facts...> = reported;
template <class... Facts>
__attribute__((unavailable(
    "a network's constants, which are packed weights and tables, are larger than its budget of "
    "flash. The layer that is named has the most weights"))) constexpr bool
    mistake<&faults::over_flash_budget, Facts...> = reported;

namespace detail {

/// The step with most packed weights: those up to where the next one's begin. `packed_at` says
/// where a step's are, below 0 if it has none.
template <class Plan, class Where>
constexpr int heaviest_step(const Plan& plan, long long end, Where packed_at) noexcept {
    int heaviest = 0;
    long long most = -1;
    for (int i = plan.step_count - 1; i >= 0; --i) {
        const long long begin = packed_at(plan.steps[i], i);
        if (begin < 0) continue;
        if (end - begin >= most) {
            most = end - begin;
            heaviest = i;
        }
        end = begin;
    }
    return heaviest;
}

template <class Network, target Machine> struct footprint_maker {
    static constexpr auto& plan = plan_of<Network, Machine>::value;
    static constexpr footprint make() noexcept {
        const int heaviest = detail::heaviest_step(
            plan, plan.packed_floats * 4, [](const step& each, int) noexcept -> long long {
                return 4 * (each.call < 0 ? each.packed : plan.kernels[each.call].packed);
            });
        using table = launch_table<float, size_of_launches(plan, Network::graph())>;
        return {plan.arena_bytes, plan.packed_floats * 4, static_cast<long long>(sizeof(table)),
                plan.peak_step, heaviest};
    }
    using layers = typename Network::layers;
};
template <class Network, target Machine>
requires requires { Network::rule; }
struct footprint_maker<Network, Machine> {
    static constexpr auto& plan = int8_plan_of<Network, Machine>::value;
    static constexpr footprint make() noexcept {
        const int heaviest =
            detail::heaviest_step(plan, plan.packed_bytes, [&](const step&, int i) noexcept {
                return plan.kernels[i].packed;
            });
        using table = typename int8_table_type<Network, Machine>::type;
        return {plan.arena_bytes, plan.packed_bytes, static_cast<long long>(sizeof(table)),
                plan.peak_step, heaviest};
    }
    using layers = typename Network::network::layers;
};

} // namespace detail

template <class Network, target Machine = this_machine>
inline constexpr footprint footprint_of = detail::footprint_maker<Network, Machine>::make();

/// Bytes of the arena, and of the constants that a run reads.
template <class Network, target Machine = this_machine>
inline constexpr long long arena_bytes = footprint_of<Network, Machine>.arena;
template <class Network, target Machine = this_machine>
inline constexpr long long flash_bytes = footprint_of<Network, Machine>.flash();

/// Bytes of stack that a run on int8 takes at most on a machine of 32 bits, compiled with -O2;
/// interrupts have their own. It depends on no shape, since what kernels keep lies in the arena:
/// only on whether all steps have kernels, or some go by their layers' meaning.
template <class Network, target Machine = this_machine>
requires(sizeof(void*) == 4 && requires { Network::rule; }) inline constexpr unsigned stack_bytes =
    detail::int8_table_type<Network, Machine>::type::meaning_count == 0 ? 640 : 1536;

namespace detail {

/// The layer of a plan's step in a message.
template <class Network, target Machine, int Step> struct layer_of_step {
    using maker = footprint_maker<Network, Machine>;
    static constexpr node subject = Network::graph().at(maker::plan.steps[Step].node);
    using type = at<subject.layer_index, fixed<name_of(Network::graph(), subject)>,
                    typename type_on_path<subject.path, typename maker::layers>::type>;
};

/// Names what is over a limit, which is an error.
// clang-format off
template <class Network, target Machine, class Limit> struct within;
template <class Network, target Machine, long long Bytes> struct within<Network, Machine, ram<Bytes>> {
    static constexpr bool check() noexcept {
        constexpr footprint needs = footprint_of<Network, Machine>;
        if constexpr (needs.arena > Bytes)
            return mistake<&faults::over_ram_budget, over_by<needs.arena - Bytes>, needs_bytes<needs.arena>, may_have<Bytes>, typename layer_of_step<Network, Machine, needs.peak_step>::type>;
        else
            return true;
    }
};
template <class Network, target Machine, long long Bytes> struct within<Network, Machine, flash<Bytes>> {
    static constexpr bool check() noexcept {
        constexpr footprint needs = footprint_of<Network, Machine>;
        if constexpr (needs.flash() > Bytes)
            return mistake<&faults::over_flash_budget, over_by<needs.flash() - Bytes>, needs_bytes<needs.flash()>, may_have<Bytes>, typename layer_of_step<Network, Machine, needs.heaviest_step>::type>;
        else
            return true;
    }
};
// clang-format on

} // namespace detail

/// True if a network keeps to limits on a machine; one that does not is an error, which says by how
/// many bytes and which layer needs most:
///     static_assert(fits<net, targets::cortex_m4, ram<16_KB>, flash<64_KB>>);
template <class Network, target Machine, class... Limits>
inline constexpr bool fits = (detail::within<Network, Machine, Limits>::check() && ...);

} // namespace ctnn
