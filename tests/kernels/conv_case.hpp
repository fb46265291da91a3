// SPDX-License-Identifier: BSL-1.0
// Convolutions at random for the tests of kernels, and their results by the layer's reference
// meaning in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/layers/conv.hpp>

#include "../catch.hpp"
#include "round_stored.hpp"

namespace ctnn_test {

using ctnn::geometry;
using ctnn::kernel_choice;
using ctnn::kernel_key;

/// Numbers that look random, the same on every machine and in constant expressions.
struct dice {
    std::uint64_t state;

    constexpr unsigned next() {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<unsigned>(state >> 33U);
    }
    constexpr int from(int low, int high) {
        return low + static_cast<int>(next() % static_cast<unsigned>(high - low + 1));
    }
    constexpr bool one_in(int many) { return from(1, many) == 1; }
    float number() { return static_cast<float>(from(-1000, 1000)) / 1000.0F; }
};

/// Gives one axis a window that fits, with padding as likely as not.
constexpr void roll_axis(dice& roll, geometry& g, int axis, int most_cells, int most_taps) {
    const int taps = roll.from(1, most_taps);
    const int dilation = taps > 1 && roll.one_in(4) ? roll.from(2, 3) : 1;
    const int span = (taps - 1) * dilation + 1;
    const int before = roll.one_in(2) ? roll.from(0, span - 1) : span / 2;
    const int after = roll.one_in(2) ? roll.from(0, span - 1) : span / 2;
    const bool padded = !roll.one_in(3);
    g.window[axis] = taps;
    g.dilation[axis] = dilation;
    g.stride[axis] = roll.one_in(2) ? 1 : roll.from(1, 3);
    g.before[axis] = padded ? before : 0;
    g.in[axis] = roll.from(1, most_cells);
    const int all = g.in[axis] + (padded ? before + after : 0);
    if (all < span) g.in[axis] += span - all;
    const int room = g.in[axis] + (padded ? before + after : 0) - span;
    g.out[axis] = room / g.stride[axis] + 1;
}

constexpr void roll_channels(dice& roll, geometry& g, int lanes) {
    const auto channels = [&] {
        const int kind = roll.from(1, 4);
        if (kind == 1) return roll.from(1, 4);
        if (kind == 2) return lanes * roll.from(1, 3);
        return roll.from(1, 2 * lanes + 3);
    };
    g.groups = roll.one_in(4) ? roll.from(2, 4) : 1;
    g.channels = channels() * g.groups;
    g.filters = channels() * g.groups;
}

constexpr void roll_ends(dice& roll, geometry& g) {
    if (roll.one_in(2)) g.low = 0;
    if (roll.one_in(4)) g.high = 0.5F;
}

/// A pool of 2x2 after it.
constexpr void roll_pool(dice& roll, geometry& g) {
    g.pool[1] = g.pool[2] = 2;
    g.pool_way = roll.one_in(3) ? 1 : 0;
}

/// What a convolution does to the last `axes` axes.
constexpr geometry random_conv(std::uint64_t seed, int lanes) {
    dice roll{seed * 977 + 13};
    for (int i = 0; i < 8; ++i) roll.next();
    geometry g;
    const int axes = roll.one_in(6) ? 3 : roll.one_in(6) ? 1 : 2;
    for (int axis = 3 - axes; axis < 3; ++axis)
        roll_axis(roll, g, axis, axis == 2 ? 40 : axis == 1 ? 9 : 5, axis == 0 ? 3 : 7);
    roll_channels(roll, g, lanes);
    roll_ends(roll, g);
    return g;
}

inline std::string to_string(const geometry& g) {
    std::string text;
    const auto add = [&](const char* name, const int(&numbers)[3]) {
        text += name;
        for (const int number : numbers) text += ' ' + std::to_string(number);
    };
    add("in", g.in);
    add(", out", g.out);
    add(", window", g.window);
    add(", stride", g.stride);
    add(", dilation", g.dilation);
    add(", before", g.before);
    add(", pool", g.pool);
    return text + ", channels " + std::to_string(g.channels) + ", filters " +
           std::to_string(g.filters) + ", groups " + std::to_string(g.groups);
}

inline std::string to_string(const kernel_key& key) {
    return "lanes " + std::to_string(key.lanes) + ", vectors " + std::to_string(key.vectors) +
           ", pixels " + std::to_string(key.pixels) + ", window " + std::to_string(key.window) +
           ", stride " + std::to_string(key.stride) + ", step " + std::to_string(key.step) +
           ", left " + std::to_string(key.left) + ", right " + std::to_string(key.right) +
           ", detail " + std::to_string(key.detail);
}

inline std::size_t cells(const int (&extents)[3], int channels) {
    return static_cast<std::size_t>(extents[0]) * static_cast<std::size_t>(extents[1]) *
           static_cast<std::size_t>(extents[2]) * static_cast<std::size_t>(channels);
}

/// The tensors of one convolution, and its normalisation.
struct conv_case {
    geometry g;
    std::vector<float> input, kernel, bias, gamma, beta, mean, variance, other;

    conv_case(const geometry& drawn, std::uint64_t seed, bool normal, bool adds) : g(drawn) {
        dice roll{seed};
        const auto fill = [&](std::vector<float>& to, std::size_t count) {
            to.resize(count);
            for (float& cell : to) cell = roll.number();
        };
        const auto filters = static_cast<std::size_t>(g.filters);
        fill(input, cells(g.in, g.channels));
        fill(kernel, cells(g.window, g.channels / g.groups) * filters);
        fill(bias, filters);
        if (normal)
            for (auto* part : {&gamma, &beta, &mean, &variance}) fill(*part, filters);
        for (float& cell : variance) cell = std::abs(cell) + 0.5F;
        if (adds) fill(other, cells(g.out, g.filters));
    }

    ctnn::weight_source weights() const {
        if (gamma.empty()) return {kernel.data(), bias.data()};
        return {kernel.data(), bias.data(),     gamma.data(), beta.data(),
                mean.data(),   variance.data(), 1e-3};
    }

    /// The same with weights as they are stored.
    conv_case stored(ctnn::dtype weights) const {
        conv_case rounded = *this;
        std::vector<double> scales(bias.size(), 1);
        for (std::size_t f = 0; f < gamma.size(); ++f)
            scales[f] = gamma[f] / std::sqrt(static_cast<double>(variance[f]) + 1e-3);
        property::round_stored(rounded.kernel.data(), kernel.size(), bias.size(), weights,
                               scales.data());
        return rounded;
    }

    /// The outputs; `largest` is the largest of them before they are clamped.
    std::vector<double> expected(double& largest) const {
        ctnn::attributes options;
        options.groups = g.groups;
        options.spatial.axes = 3;
        options.spatial.padding = ctnn::padding_rule::explicit_;
        for (int axis = 0; axis < 3; ++axis) {
            options.spatial.extent[axis] = g.window[axis];
            options.spatial.stride[axis] = g.stride[axis];
            options.spatial.dilation[axis] = g.dilation[axis];
            options.spatial.before[axis] = g.before[axis];
        }
        const ctnn::shape in{g.in[0], g.in[1], g.in[2], g.channels};
        const ctnn::shape out{g.out[0], g.out[1], g.out[2], g.filters};
        const std::vector<double> read(input.begin(), input.end());
        std::vector<double> result(cells(g.out, g.filters));
        const double* inputs[]{read.data()};
        const float* parts[]{kernel.data(), bias.data()};
        ctnn::conv_reference::run<double>({options, &in, inputs, 1, out, result.data(), parts});
        for (std::size_t i = 0; i < result.size(); ++i) {
            const std::size_t f = i % static_cast<std::size_t>(g.filters);
            if (!gamma.empty())
                result[i] =
                    (result[i] - mean[f]) / std::sqrt(variance[f] + 1e-3) * gamma[f] + beta[f];
            if (!other.empty()) result[i] += other[i];
            largest = std::max(largest, std::abs(result[i]));
            result[i] = std::min<double>(std::max<double>(result[i], g.low), g.high);
        }
        return g.pool[1] * g.pool[2] > 1 ? pooled(result) : result;
    }

    /// What a pool with windows side by side makes of a plane.
    std::vector<double> pooled(const std::vector<double>& cells) const {
        const int count = g.pool[1] * g.pool[2];
        std::vector<double> result;
        for (int y = 0; y < g.out[1] / g.pool[1]; ++y)
            for (int x = 0; x < g.out[2] / g.pool[2]; ++x)
                for (int f = 0; f < g.filters; ++f) {
                    double joined = g.pool_way == 0 ? -1e30 : 0;
                    for (int i = 0; i < count; ++i) {
                        const int row = y * g.pool[1] + i / g.pool[2];
                        const int at = row * g.out[2] + x * g.pool[2] + i % g.pool[2];
                        const double cell = cells[static_cast<std::size_t>(at * g.filters + f)];
                        joined = g.pool_way == 0 ? std::max(joined, cell) : joined + cell / count;
                    }
                    result.push_back(joined);
                }
        return result;
    }
};

/// What a kernel made of a case: the largest error over the largest sum, and whether it wrote
/// beside its output.
struct outcome {
    double error = 0;
    bool stays_inside = true;
};

/// Memory that begins at a multiple of 64 bytes, plus what it is asked to be off by.
class room {
public:
    explicit room(long long floats, int off = 0)
        : cells_(static_cast<std::size_t>(floats) + 32, nan()), off_(off) {}
    float* data() {
        const auto address = reinterpret_cast<std::uintptr_t>(cells_.data());
        return cells_.data() + (64 - address % 64) % 64 / 4 + off_;
    }

private:
    static float nan() { return std::numeric_limits<float>::quiet_NaN(); }
    std::vector<float> cells_;
    int off_;
};

inline outcome run_case(const conv_case& test, const kernel_choice& choice,
                        ctnn::kernel_function kernel) {
    constexpr std::size_t fence = 64;
    constexpr float canary = 12345.0F;
    double largest = 1e-3;
    const std::vector<double> expected = test.stored(choice.key.weights).expected(largest);
    room packed{choice.packed_floats};
    room scratch{choice.scratch_floats};
    choice.pack(test.weights(), test.g, choice.key, packed.data());
    std::vector<float> output(expected.size() + 2 * fence, canary);
    kernel({test.input.data(), test.other.empty() ? nullptr : test.other.data(),
            output.data() + fence, packed.data(), scratch.data()},
           test.g);
    outcome result;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double error = std::abs(static_cast<double>(output[i + fence]) - expected[i]);
        if (!(error <= result.error)) result.error = error;
    }
    result.error /= largest;
    for (std::size_t i = 0; i < fence; ++i)
        if (output[i] != canary || output[output.size() - 1 - i] != canary)
            result.stays_inside = false;
    return result;
}

/// Other geometries that the kernel of a key serves: found by changing what a key does not hold.
template <class Choose>
std::vector<geometry> alike(const geometry& g, const kernel_key& key, Choose choose,
                            std::uint64_t seed) {
    std::vector<geometry> found{g};
    dice roll{seed};
    for (int tries = 0; tries < 60 && found.size() < 6; ++tries) {
        geometry other = g;
        for (int axis = 0; axis < 2; ++axis)
            if (g.in[axis] > 1 || roll.one_in(3)) roll_axis(roll, other, axis, 8, 4);
        if (roll.one_in(2)) roll_axis(roll, other, 2, 40, 7);
        if (roll.one_in(3)) { // only longer or shorter
            other = g;
            for (int axis = 1; axis < 3; ++axis) {
                const int more = roll.from(0, 9) * (g.out[axis] > 1);
                other.in[axis] += more * g.stride[axis];
                other.out[axis] += more;
            }
        }
        if (key.kind == ctnn::kernel_kind::conv_direct && key.step == 0 && roll.one_in(2))
            roll_channels(roll, other, key.lanes);
        if (roll.one_in(2)) other.filters = other.groups * roll.from(1, 3 * key.lanes + 2);
        roll_ends(roll, other);
        if (choose(other).key == key) found.push_back(other);
    }
    return found;
}

/// As this file's machine, but with vectors of any width.
template <int Lanes>
constexpr ctnn::target machine{ctnn::this_machine.instructions, Lanes, Lanes > 8 ? 32 : 16};

/// Checks the kernels that Chooser::choose finds for Chooser::roll's convolutions, each with other
/// geometries too, and counts the runs.
template <class Chooser, int Lanes, int Seed> int check_kernel() {
    static constexpr geometry g = Chooser::roll(Seed + 1000 * Lanes, Lanes);
    static constexpr kernel_choice choice = Chooser::choose(g, machine<Lanes>);
    int runs = 0;
    if constexpr (choice.key.kind != ctnn::kernel_kind::none) {
        const auto choose = [](const geometry& other) {
            return Chooser::choose(other, machine<Lanes>);
        };
        std::uint64_t seed = Seed;
        for (const geometry& like : alike(g, choice.key, choose, Seed)) {
            ++seed;
            const bool adds =
                like.pool[1] == 1 && choice.key.kind != ctnn::kernel_kind::conv_planar;
            const conv_case test{like, seed, seed % 3 == 0, seed % 2 == 0 && adds};
            const outcome got = run_case(test, choose(like), ctnn::kernel_of<choice.key>);
            INFO(to_string(like) << "\n" << to_string(choice.key));
            CHECK(got.error <= Chooser::tolerance);
            CHECK(got.stays_inside);
            ++runs;
        }
    }
    return runs;
}

template <class Chooser, int Lanes, int... Seeds>
int check_kernels(std::integer_sequence<int, Seeds...> /*seeds*/) {
    return (check_kernel<Chooser, Lanes, Seeds>() + ...);
}

} // namespace ctnn_test
