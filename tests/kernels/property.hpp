// SPDX-License-Identifier: BSL-1.0
// What the property tests of kernels share: random numbers, a table of the kernels that constexpr
// random calls choose, and tensors between canaries. A table's kernels then run many more calls, at
// every width of vector, whatever this machine has.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include <catch.hpp>

#include "round_stored.hpp"

#include <ctnn/kernels/kernel.hpp>
#include <ctnn/network/descriptor.hpp>

namespace property {

/// The same numbers on every machine, and in constant expressions.
struct random {
    unsigned long long state;

    constexpr unsigned next() noexcept {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<unsigned>(state >> 33);
    }
    constexpr int between(int least, int most) noexcept {
        return least + static_cast<int>(next() % static_cast<unsigned>(most - least + 1));
    }
    template <int Count> constexpr int one_of(const int (&numbers)[Count]) noexcept {
        return numbers[between(0, Count - 1)];
    }
    float cell() noexcept { return static_cast<float>(between(-4096, 4096)) / 2048; }
};

/// Targets with every number of lanes; the instruction set is this file's.
constexpr ctnn::target machine_of(int lanes) noexcept {
    ctnn::target machine = ctnn::this_machine;
    machine.lanes = lanes;
    machine.registers = lanes < 16 ? 16 : 32; // both sizes of tiles
    return machine;
}
inline constexpr int every_width[]{1, 4, 8, 16};

/// Numbers between canaries, at an address that only floats may have.
class guarded {
public:
    explicit guarded(long long count) : count_(static_cast<std::size_t>(count)) {
        cells_.assign(count_ + 2 * border, canary);
    }
    float* data() { return cells_.data() + border; }
    std::size_t size() const { return count_; }
    void fill(random& source) {
        for (std::size_t i = 0; i < count_; ++i) data()[i] = source.cell();
    }
    bool intact() const {
        for (std::size_t i = 0; i < border; ++i)
            if (cells_[i] != canary || cells_[border + count_ + i] != canary) return false;
        return true;
    }

private:
#if defined(__SANITIZE_ADDRESS__)
    static constexpr std::size_t border = 0; // the sanitizer guards, and sees reads too
#else
    static constexpr std::size_t border = 37;
#endif
    static constexpr float canary = -12345.5F;
    std::size_t count_;
    std::vector<float> cells_;
};

/// Floats that end an allocation at an address that is a multiple of 64, for packed weights and
/// scratch.
class aligned {
public:
    explicit aligned(long long count) : count_(static_cast<std::size_t>(count)) {
        cells_ = static_cast<float*>(::operator new (count_ * sizeof(float), std::align_val_t{64}));
        std::fill_n(cells_, count_, 1e30F);
    }
    aligned(const aligned&) = delete;
    aligned& operator=(const aligned&) = delete;
    ~aligned() { ::operator delete (cells_, std::align_val_t{64}); }
    float* data() { return cells_; }

private:
    float* cells_ = nullptr;
    std::size_t count_;
};

/// The greatest difference from what is expected after clamping, over the greatest size of what is
/// expected before it.
inline double difference(const float* got, const std::vector<double>& expected,
                         const ctnn::geometry& g = {}) {
    double size = 1e-30;
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        size = std::max(size, std::abs(expected[i]));
        const double clamped = std::min(std::max(expected[i], static_cast<double>(g.low)),
                                        static_cast<double>(g.high));
        const double error = std::abs(static_cast<double>(got[i]) - clamped);
        worst = error <= worst ? worst : error; // a NaN is the worst
    }
    return worst / size;
}

/// The distinct keys that `Make(random)` calls choose on `machine`.
template <int Most> struct key_list {
    ctnn::kernel_key keys[Most]{};
    int count = 0;

    constexpr void insert(const ctnn::kernel_key& key) noexcept {
        if (key.kind == ctnn::kernel_kind::none || count == Most) return;
        for (int i = 0; i < count; ++i)
            if (keys[i] == key) return;
        keys[count++] = key;
    }
};

/// Kernels by their keys, made from a list of keys.
template <const auto& Keys, int... Index> struct kernel_table {
    static ctnn::kernel_function find(const ctnn::kernel_key& key) noexcept {
        static constexpr ctnn::kernel_function functions[]{ctnn::kernel_of<Keys.keys[Index]>...};
        for (int i = 0; i < Keys.count; ++i)
            if (Keys.keys[i] == key) return functions[i];
        return nullptr;
    }
};
template <const auto& Keys, class Sequence = std::make_integer_sequence<int, Keys.count>>
struct table_of;
template <const auto& Keys, int... Index>
struct table_of<Keys, std::integer_sequence<int, Index...>> : kernel_table<Keys, Index...> {};

/// A map's extents as the reference meanings take them.
inline ctnn::shape shape_of(const int (&extents)[3], int channels) {
    return ctnn::shape{extents[0], extents[1], extents[2], channels};
}

/// The window of a call as a layer's options have it.
inline ctnn::attributes options_of(const ctnn::geometry& g) {
    ctnn::attributes options;
    options.spatial.axes = 3;
    options.spatial.padding = ctnn::padding_rule::explicit_;
    for (int axis = 0; axis < 3; ++axis) {
        options.spatial.extent[axis] = g.window[axis];
        options.spatial.stride[axis] = g.stride[axis];
        options.spatial.dilation[axis] = g.dilation[axis];
        options.spatial.before[axis] = g.before[axis];
    }
    return options;
}

/// A kernel's `difference` from the layer's meaning, for an input, a kernel and biases of chance.
template <class Meaning>
double error_of(const ctnn::geometry& g, const ctnn::kernel_choice& choice,
                ctnn::kernel_function run, random& random, long long kernel_cells,
                const ctnn::attributes& options) {
    guarded input(1LL * g.in[0] * g.in[1] * g.in[2] * g.channels);
    guarded output(1LL * g.out[0] * g.out[1] * g.out[2] * g.filters);
    guarded kernel(kernel_cells), bias(g.filters);
    for (guarded* each : {&input, &kernel, &bias}) each->fill(random);
    aligned weights(choice.packed_floats), scratch(choice.scratch_floats);
    ctnn::weight_source source;
    source.kernel = kernel.data();
    source.bias = bias.data();
    choice.pack(source, g, choice.key, weights.data());
    ctnn::operands o;
    o.input = input.data();
    o.output = output.data();
    o.weights = weights.data();
    o.scratch = scratch.data();
    run(o, g);
    CHECK(input.intact());
    CHECK(output.intact());

    const std::vector<double> cells(input.data(), input.data() + input.size());
    std::vector<double> expected(output.size());
    const ctnn::shape read = shape_of(g.in, g.channels);
    const ctnn::shape written = shape_of(g.out, g.filters);
    const double* inputs[]{cells.data()};
    const float* factors[]{kernel.data(), bias.data()};
    Meaning::template run<double>({options, &read, inputs, 1, written, expected.data(), factors});
    return difference(output.data(), expected, g);
}

} // namespace property
