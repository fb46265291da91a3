// SPDX-License-Identifier: BSL-1.0
// The machine that a plan is made for. It is a value, so that any host computes any machine's plan.
#pragma once

#include <ctnn/core/dtype.hpp>

namespace ctnn {

/// An instruction set, as far as kernels are compiled differently for it.
enum class isa : unsigned char {
    scalar,
    sse2,
    avx2,
    avx512,
    neon,
    simd128, ///< WebAssembly's vectors
    dsp,     ///< Arm's DSP extension: pairs of 16-bit numbers in a word
    mve      ///< Arm's M-profile vectors, Helium
};

/// What the choice of kernels, tiles and layouts depends on.
struct target {
    isa instructions = isa::scalar;
    int lanes = 1;     ///< floats in a vector register
    int registers = 8; ///< vector registers
    int l1_bytes = 32 * 1024;
    int l2_bytes = 1024 * 1024;
    /// Most packed bytes of a layer by Winograd, where it is estimated to pay; 0: never.
    long long winograd_bytes = 8 * 1024 * 1024;
    /// A map between two convolutions that is larger is made some rows at a time; 0: never. Less
    /// saves memory and costs some time.
    long long band_bytes = 512 * 1024;
    bool reference = false;         ///< every layer by its plain meaning
    dtype weights = dtype::float32; ///< what kernels that can choose read; others float32
    bool dots = false;              ///< it adds products of four bytes: AVX-512 VNNI, Arm's SDOT

    friend constexpr bool operator==(const target&, const target&) = default;
};

/// The same machine with weights stored as float16 or bfloat16, which halves what is read of them.
constexpr target with_weights(target machine, dtype weights) noexcept {
    machine.weights = weights;
    return machine;
}

namespace targets {
inline constexpr target reference{.reference = true};
inline constexpr target scalar{};
/// No vectors, but a floating point unit with 32 registers: Cortex-M4F, M7, M33, RISC-V with F.
inline constexpr target fpu{isa::scalar, 1, 32};
inline constexpr target sse2{isa::sse2, 4, 16};
inline constexpr target avx2{isa::avx2, 8, 16};
inline constexpr target avx512{isa::avx512, 16, 32};
inline constexpr target avx512_vnni{
    .instructions = isa::avx512, .lanes = 16, .registers = 32, .dots = true};
inline constexpr target neon{isa::neon, 4, 32};
inline constexpr target neon_dots{
    .instructions = isa::neon, .lanes = 4, .registers = 32, .dots = true};
inline constexpr target simd128{isa::simd128, 4, 16};
inline constexpr target cortex_m4{isa::dsp, 1, 32};
inline constexpr target cortex_m7{isa::dsp, 1, 32};
inline constexpr target cortex_m33{isa::dsp, 1, 32};
inline constexpr target cortex_m55{.instructions = isa::mve, .lanes = 4};
} // namespace targets

/// The best target that this file is compiled for. Files compiled with other flags see another one,
/// so it is no inline variable.
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) &&                      \
    defined(__AVX512BW__) && defined(__AVX512VNNI__)
constexpr target this_machine = targets::avx512_vnni;
#elif defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
constexpr target this_machine = targets::avx512;
#elif defined(__AVX2__) && defined(__FMA__)
constexpr target this_machine = targets::avx2;
#elif defined(__SSE2__)
constexpr target this_machine = targets::sse2;
#elif defined(__ARM_NEON) && defined(__ARM_FEATURE_DOTPROD)
constexpr target this_machine = targets::neon_dots;
#elif defined(__ARM_NEON)
constexpr target this_machine = targets::neon;
#elif defined(__wasm_simd128__)
constexpr target this_machine = targets::simd128;
#elif defined(__ARM_FEATURE_MVE)
constexpr target this_machine = targets::cortex_m55;
#elif defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
constexpr target this_machine = targets::cortex_m4;
#elif defined(__ARM_FP) || defined(__riscv_flen)
constexpr target this_machine = targets::fpu;
#else
constexpr target this_machine = targets::scalar;
#endif

} // namespace ctnn
