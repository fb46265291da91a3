// SPDX-License-Identifier: BSL-1.0
// Vectors of numbers by the vector extension of GCC and clang. What an instruction set has and this
// cannot say is in the files of kernels/machine/. A vector wider than the machine's registers
// works, in several of them: tests run every kernel at every width.
#pragma once

#include <ctnn/kernels/machine/extrema.hpp>

namespace ctnn::simd {

/// Lanes numbers side by side; one lane is the number itself.
template <class Number, int Lanes> struct vector_of {
    typedef Number type __attribute__((vector_size(Lanes * sizeof(Number))));
    typedef Number anywhere
        __attribute__((vector_size(Lanes * sizeof(Number)), aligned(sizeof(Number)), may_alias));
};
template <class Number> struct vector_of<Number, 1> {
    using type = Number;
    typedef Number anywhere __attribute__((may_alias));
};
template <int Lanes> using floats = typename vector_of<float, Lanes>::type;
template <int Lanes> using ints = typename vector_of<int, Lanes>::type;

/// Lanes floats from any address that a float may have.
template <int Lanes> [[gnu::always_inline]] inline floats<Lanes> load(const float* from) noexcept {
    return *reinterpret_cast<const typename vector_of<float, Lanes>::anywhere*>(from);
}
template <int Lanes> [[gnu::always_inline]] inline void store(float* to, floats<Lanes> v) noexcept {
    *reinterpret_cast<typename vector_of<float, Lanes>::anywhere*>(to) = v;
}

/// The numbers of Lanes lanes, for shuffles: a function that takes `lane_list<Lane...>`.
template <int... Lane> struct lane_list {};
template <int Lanes, int... Lane> struct lanes_from : lanes_from<Lanes - 1, Lanes - 1, Lane...> {};
template <int... Lane> struct lanes_from<0, Lane...> { using type = lane_list<Lane...>; };
template <int Lanes> using lanes_of = typename lanes_from<Lanes>::type;

/// One number in all lanes.
template <int Lanes> [[gnu::always_inline]] inline floats<Lanes> broadcast(float number) noexcept {
    return number - floats<Lanes>{};
}

/// max(low, min(high, v)) lane by lane; a NaN stays.
template <int Lanes>
[[gnu::always_inline]] inline floats<Lanes> clamp(floats<Lanes> v, floats<Lanes> low,
                                                  floats<Lanes> high) noexcept {
    return lesser(high, greater(low, v));
}

} // namespace ctnn::simd
