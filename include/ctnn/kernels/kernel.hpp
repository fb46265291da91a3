// SPDX-License-Identifier: BSL-1.0
// What a kernel is: a function that is told at run time where its tensors are and how large, and at
// compile time by a small key what its loops look like. Layers that are alike share one function.
#pragma once

#include <ctnn/core/math.hpp>
#include <ctnn/plan/target.hpp>

namespace ctnn {

/// Where the tensors of one call are.
struct operands {
    const float* input = nullptr;
    const float* other = nullptr; ///< a tensor that is added, or a merge's second; may be missing
    float* output = nullptr;
    const float* weights = nullptr; ///< packed for the kernel, aligned to 64 bytes
    float* scratch = nullptr;       ///< as many bytes as the kernel's choice asked for
};

/// The numbers of one call: a window over a map of depth, height, width (missing axes have extent
/// 1), channels last, and what happens to the result: output = clamp(sum + other, low, high).
struct geometry {
    int in[3]{1, 1, 1};
    int out[3]{1, 1, 1};
    int channels = 1; ///< of the input
    int filters = 1;  ///< channels of the output
    int groups = 1;
    int window[3]{1, 1, 1};
    int stride[3]{1, 1, 1};
    int dilation[3]{1, 1, 1};
    int before[3]{};      ///< cells of zeros before the map
    int after[3]{};       ///< and after it: an average may count them
    int ring = 0;         ///< rows of the map that are kept, row y in place of y % ring; 0: all
    bool banded = false;  ///< it runs on some rows at a time, not always as many
    int pool[3]{1, 1, 1}; ///< windows of a pool of what a convolution makes, side by side
    int pool_way = 0;     ///< a pool_way
    int divisor =
        0; ///< of an average: 0: the cells of the map under the window; -1: of padding too
    float alpha = 0; ///< first number of a curve: slope, scale
    float beta = 0;  ///< second number of a curve: threshold, shift
    float limit = 0; ///< third number of a curve: ceiling
    float low = -__builtin_inff();
    float high = __builtin_inff();
};

/// The kinds of kernels; each is a file of kernels/.
enum class kernel_kind : unsigned char {
    none, ///< the layer's reference meaning
    conv_direct,
    conv_few,
    conv_planar,
    winograd,
    winograd_few,
    depthwise,
    depthwise_multiple, ///< several filters for each channel
    dense,
    pool,
    global_pool,
    elementwise,
    affine, ///< a multiplication and an addition per channel
    merge,
    softmax,
    copy,
    transposed,
    row_norm,   ///< rows that are normalised by themselves
    group_norm, ///< groups of channels that are
    gate,
    slopes,
    uneven_pool,
    conv_pairs, ///< on int8, by pairs of 16-bit numbers
    dense_pairs,
    depthwise_pairs,
    pool_pairs,
    sum_pairs,
    conv_dots, ///< on int8, by vectors of sixteen
    dense_dots,
    depthwise_lanes,
    sum_lanes,
    conv_vectors, ///< on int8, by vectors of 32-bit sums
    depthwise_vectors,
    pool_vectors,
    sum_vectors
};

/// What a kernel is compiled for. A member that means nothing to a kind stays 0, so that equal
/// kernels have equal keys.
struct kernel_key {
    kernel_kind kind = kernel_kind::none;
    isa machine = isa::scalar;
    int lanes = 0;
    int vectors = 0; ///< vectors of output channels in a register tile
    int pixels = 0;  ///< output pixels in a register tile
    int window = 0;  ///< extent of the window along the width
    int rows = 0;    ///< extent of the window along the height
    int stride = 0;  ///< along the width
    int step = 0;   ///< floats from the input of one output pixel to that of the next; 0: not known
    int left = 0;   ///< output pixels of the first tile that miss taps; cells of padding before
    int right = 0;  ///< the same after the map
    int pool = 0;   ///< extent along both axes of a pool that is made too
    int detail = 0; ///< what else the kind distinguishes
    dtype weights = dtype::float32; ///< what packed weights are made of

    friend constexpr bool operator==(const kernel_key&, const kernel_key&) = default;
};

using kernel_function = void (*)(const operands&, const geometry&) noexcept;

/// The function of a key. Each kind specialises it in its own file.
template <kernel_key Key> inline constexpr kernel_function kernel_of = nullptr;

/// A layer's weights as the network has them, and the normalisation that is folded into them:
/// y = scale(f) * conv(x) + shift(f).
struct weight_source {
    const float* kernel = nullptr;
    const float* bias = nullptr; ///< may be missing, and so may all below
    const float* gamma = nullptr;
    const float* beta = nullptr;
    const float* mean = nullptr;
    const float* variance = nullptr;
    double epsilon = 0;
    const double* lines = nullptr; ///< known numbers instead: factors, then what is added
    int line_count = 0;
    double least_root = 0; ///< a root of a variance below it counts as this

    constexpr double scale(int filter) const noexcept {
        if (lines) return lines[filter % line_count];
        double factor = gamma ? static_cast<double>(gamma[filter]) : 1;
        if (variance)
            factor /=
                math::max(math::sqrt(static_cast<double>(variance[filter]) + epsilon), least_root);
        return factor;
    }
    constexpr double shift(int filter) const noexcept {
        if (lines) return lines[line_count + filter % line_count];
        double sum = bias ? static_cast<double>(bias[filter]) : 0;
        if (mean) sum -= static_cast<double>(mean[filter]);
        return sum * scale(filter) + (beta ? static_cast<double>(beta[filter]) : 0);
    }
};

/// Brings weights into a kernel's layout: `to` has room for kernel_choice::packed_floats. Runs
/// once, when a model is made; not a template, since it runs once.
using pack_function = void (*)(const weight_source&, const geometry&, const kernel_key&,
                               float* to) noexcept;

/// A kernel that was chosen for a call, and what it needs.
struct kernel_choice {
    kernel_key key;
    pack_function pack = nullptr;
    long long packed_floats = 0;  ///< room for its packed weights
    long long scratch_floats = 0; ///< room for what it keeps while it runs
    bool takes_norm = false;      ///< a norm is folded when its weights are packed
    bool takes_sum = false;       ///< it adds operands::other
    bool takes_clamp = false;     ///< it keeps what it gives between geometry::low and high

    constexpr long long scratch_bytes() const noexcept { return 4 * scratch_floats; }
};

} // namespace ctnn
