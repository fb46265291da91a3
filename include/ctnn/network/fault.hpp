// SPDX-License-Identifier: BSL-1.0
// A mistake in a network as a value: what kind it is and the figures that belong to it.
// How it becomes one compiler error is in network/diagnosis.hpp.
#pragma once

#include <ctnn/core/shape.hpp>

namespace ctnn {

/// Names a mistake; every kind is one object, told apart by its address. A kind is declared beside
/// its sentence, see network/diagnosis.hpp; a user's layer may declare more.
struct fault_kind {
    const char* name;
};

/// What the figures of a fact are. Each role has a template of its name in network/diagnosis.hpp:
/// `receives<26, 26, 40>` is how a fact looks in a compiler's message.
enum class role : unsigned char {
    expects,
    receives,
    declares,
    first,
    second,
    product,
    equals,
    axis,
    kernel,
    span,
    stride,
    padding,
    channels,
    filters,
    groups,
    value,
    option,
    target,
};

/// Figures under a role: `{role::receives, shape{26, 26, 40}}`.
struct fact {
    role what = role::value;
    shape figures;
};

inline constexpr int max_facts = 4;

/// A mistake, or none. Rules return it; the first one of a network is reported.
struct fault {
    const fault_kind* kind = nullptr;
    fact facts[max_facts]{};
    int count = 0;

    constexpr fault() = default;
    template <class... Facts>
    constexpr explicit fault(const fault_kind& kind_of_fault, Facts... values)
        : kind(&kind_of_fault), facts{values...}, count(sizeof...(Facts)) {
        static_assert(sizeof...(Facts) <= max_facts);
    }

    constexpr explicit operator bool() const noexcept { return kind != nullptr; }
};

} // namespace ctnn
