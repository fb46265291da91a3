// SPDX-License-Identifier: BSL-1.0
// Calls of kernels on int8, cell by cell against the layer's meaning.
#pragma once

#include "property.hpp"

#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/depthwise_conv.hpp>
#include <ctnn/plan/int8_plan.hpp>

namespace property {

using namespace ctnn;

/// Bytes between canaries, at an address that a byte may have.
class guarded_bytes {
public:
    explicit guarded_bytes(long long count) : count_(static_cast<std::size_t>(count)) {
        cells_.assign(count_ + 2 * border, canary);
    }
    int8* data() { return cells_.data() + border; }
    std::size_t size() const { return count_; }
    void fill(property::random& source, int least = least_int8) {
        for (std::size_t i = 0; i < count_; ++i)
            data()[i] = static_cast<int8>(source.between(least, greatest_int8));
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
    static constexpr int8 canary = 85;
    std::size_t count_;
    std::vector<int8> cells_;
};

/// Mostly cells of chance; now and then all the least or all the greatest.
inline void fill_or_extremes(guarded_bytes& cells, random& source) {
    const int way = source.between(0, 9);
    if (way > 1) {
        cells.fill(source);
        return;
    }
    for (std::size_t i = 0; i < cells.size(); ++i)
        cells.data()[i] = static_cast<int8>(way == 0 ? least_int8 : greatest_int8);
}

/// Any call with a window; `depthwise` filters each channel alone.
constexpr int8_geometry any_call(random& random, bool depthwise) noexcept {
    int8_geometry g;
    geometry& map = g.map;
    const bool wide = random.between(0, 4) > 0;
    for (int axis = 1; axis < 3; ++axis) {
        map.window[axis] = random.between(0, 2) == 0 ? 1 : random.between(0, 1) ? 3 : 5;
        map.stride[axis] = random.between(0, 2) == 0 ? 2 : 1;
        if (random.between(0, 11) == 0) map.dilation[axis] = 2;
        const int span = (map.window[axis] - 1) * map.dilation[axis] + 1;
        const bool padded = random.between(0, 1) == 0;
        map.before[axis] = padded ? random.between(0, span - 1) : 0;
        map.after[axis] = padded ? random.between(0, span - 1) : 0;
        map.in[axis] = wide ? random.between(span, 17) : span;
        map.out[axis] =
            (map.in[axis] + map.before[axis] + map.after[axis] - span) / map.stride[axis] + 1;
    }
    const int sizes[]{1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 24, 32, 33, 40, 64};
    map.channels = random.one_of(sizes);
    map.filters =
        depthwise ? map.channels * (random.between(0, 9) == 0 ? 2 : 1) : random.one_of(sizes);
    if (depthwise) map.groups = map.channels;
    g.input_zero = random.between(least_int8, greatest_int8);
    g.output_zero = random.between(least_int8, greatest_int8);
    if (random.between(0, 1) == 0) g.low = g.output_zero;
    if (random.between(0, 3) == 0) g.high = math::min(greatest_int8, g.output_zero + 60);
    return g;
}

/// How many cells of a kernel's output are not those of the meaning.
template <class Meaning>
int cells_that_differ(const int8_geometry& g, const int8_choice& choice, int8_function run,
                      random& random) {
    const geometry& map = g.map;
    const int taps = map.window[1] * map.window[2];
    const int depth = map.groups == 1 ? map.channels : 1;
    guarded_bytes input(1LL * map.in[1] * map.in[2] * map.channels);
    guarded_bytes output(1LL * map.out[1] * map.out[2] * map.filters);
    guarded_bytes kernel(1LL * taps * depth * map.filters);
    fill_or_extremes(input, random);
    fill_or_extremes(kernel, random);
    std::vector<int> bias(static_cast<std::size_t>(map.filters));
    std::vector<rescale> factors(bias.size());
    for (std::size_t f = 0; f < bias.size(); ++f) {
        // Now and then factors and biases for which no short way does.
        const int way = random.between(0, 15);
        const double factor = random.between(1, 4000) / 1e6 / math::sqrt(taps * depth);
        bias[f] = random.between(-20'000, 20'000) * (way == 0 ? 40'000 : 1);
        factors[f] = fixed::rescale_by(factor * (way == 1   ? 3000
                                                 : way == 2 ? 1e-5
                                                 : way == 3 ? 1e-9
                                                            : 1));
        if (way == 4) factors[f] = fixed::rescale_by(random.between(0, 1) ? 0.5 : 0.25);
    }
    aligned weights((choice.packed_bytes + 3) / 4);
    aligned scratch((choice.scratch_bytes() + 3) / 4);
    auto* const packed = reinterpret_cast<unsigned char*>(weights.data());
    choice.pack({kernel.data(), bias.data(), factors.data()}, g, choice.key, packed);
    run({input.data(), nullptr, output.data(), packed,
         reinterpret_cast<unsigned char*>(scratch.data())},
        g);
    CHECK(input.intact());
    CHECK(output.intact());

    const shape read = shape_of(map.in, map.channels);
    const shape written = shape_of(map.out, map.filters);
    attributes options = options_of(map);
    options.depth_multiplier = map.filters / map.channels;
    const int8* inputs[]{input.data()};
    const quantization numbers[]{{1, g.input_zero}};
    std::vector<int8> expected(output.size());
    Meaning::run({options,
                  &read,
                  inputs,
                  numbers,
                  1,
                  written,
                  expected.data(),
                  {1, g.output_zero},
                  kernel.data(),
                  bias.data(),
                  factors.data(),
                  g.low,
                  g.high,
                  rounding::twice});
    int differ = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (output.data()[i] != expected[i]) ++differ;
    return differ;
}

} // namespace property
