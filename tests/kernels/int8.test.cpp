// SPDX-License-Identifier: BSL-1.0
// Kernels on int8 against the layers' meanings, cell by cell, and those against real numbers.
#include "property.hpp"

#include <ctnn/core/fixed_curves.hpp>
#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/depthwise_conv.hpp>
#include <ctnn/plan/int8_plan.hpp>

namespace {

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

constexpr target machine = this_machine;

/// Any call with a window; `depthwise` filters each channel alone.
constexpr int8_geometry any_call(property::random& random, bool depthwise) noexcept {
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

constexpr int8_choice choose(const int8_geometry& g, bool depthwise) noexcept {
    return depthwise ? choose_int8_depthwise(g, machine) : choose_int8_conv(g, machine);
}

template <bool Depthwise> constexpr auto some_keys() noexcept {
    property::key_list<24> list;
    property::random random{1};
    for (int i = 0; i < 60; ++i) list.insert(choose(any_call(random, Depthwise), Depthwise).key);
    return list;
}
template <bool Depthwise> inline constexpr auto keys = some_keys<Depthwise>();

template <const auto& Keys, class Sequence = std::make_integer_sequence<int, Keys.count>>
struct functions;
template <const auto& Keys, int... Index>
struct functions<Keys, std::integer_sequence<int, Index...>> {
    static int8_function find(const kernel_key& key) noexcept {
        static constexpr int8_function all[]{int8_kernel_of<Keys.keys[Index]>...};
        for (int i = 0; i < Keys.count; ++i)
            if (Keys.keys[i] == key) return all[i];
        return nullptr;
    }
};

/// How many cells of a kernel's output are not those of the meaning.
template <class Meaning>
int cells_that_differ(const int8_geometry& g, const int8_choice& choice, int8_function run,
                      property::random& random) {
    const geometry& map = g.map;
    const int taps = map.window[1] * map.window[2];
    const int depth = map.groups == 1 ? map.channels : 1;
    guarded_bytes input(1LL * map.in[1] * map.in[2] * map.channels);
    guarded_bytes output(1LL * map.out[1] * map.out[2] * map.filters);
    guarded_bytes kernel(1LL * taps * depth * map.filters);
    input.fill(random);
    kernel.fill(random, -127);
    std::vector<int> bias(static_cast<std::size_t>(map.filters));
    std::vector<rescale> factors(bias.size());
    for (int& each : bias) each = random.between(-20'000, 20'000);
    for (rescale& each : factors)
        each = fixed::rescale_by(random.between(1, 4000) / 1e6 / math::sqrt(taps * depth));
    property::aligned weights((choice.packed_bytes + 3) / 4);
    property::aligned scratch((choice.scratch_bytes() + 3) / 4);
    auto* const packed = reinterpret_cast<unsigned char*>(weights.data());
    choice.pack({kernel.data(), bias.data(), factors.data()}, g, choice.key, packed);
    run({input.data(), nullptr, output.data(), packed,
         reinterpret_cast<unsigned char*>(scratch.data())},
        g);
    CHECK(input.intact());
    CHECK(output.intact());

    const shape read = property::shape_of(map.in, map.channels);
    const shape written = property::shape_of(map.out, map.filters);
    attributes options = property::options_of(map);
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

template <bool Depthwise, class Meaning> void check_calls() {
    property::random random{2};
    int checked = 0;
    for (int i = 0; i < 1500; ++i) {
        const int8_geometry g = any_call(random, Depthwise);
        const int8_choice choice = choose(g, Depthwise);
        const int8_function run = functions<keys<Depthwise>>::find(choice.key);
        if (run == nullptr) continue;
        ++checked;
        CAPTURE(i, g.map.channels, g.map.filters, g.map.in[1], g.map.in[2], g.map.window[1],
                g.map.window[2], g.map.stride[2], g.map.before[2], g.map.dilation[2]);
        REQUIRE(cells_that_differ<Meaning>(g, choice, run, random) == 0);
    }
    CHECK(checked > 700);
}

} // namespace

TEST_CASE("convolutions on int8") { check_calls<false, conv_int8>(); }
TEST_CASE("depthwise convolutions on int8") { check_calls<true, depthwise_int8>(); }

TEST_CASE("factors as integers") {
    for (const double factor : {1.0, 0.5, 0.75, 1e-3, 0.0123, 3.7, 1e-9, 200.0}) {
        const rescale by = fixed::rescale_by(factor);
        CAPTURE(factor);
        CHECK(std::abs(std::ldexp(by.multiplier, by.shift - 31) / factor - 1) < 1e-9);
        for (int sum = -100'000; sum <= 100'000; sum += 997) {
            if (std::abs(sum * factor) > 1e9) continue;
            CHECK(std::abs(fixed::scaled(sum, by) - sum * factor) <= 1);
            CHECK(std::abs(fixed::scaled(sum, by, rounding::once) - sum * factor) <= 0.5001);
        }
    }
    CHECK(fixed::rescale_by(1) == rescale{1 << 30, 1});
    CHECK(fixed::rescale_by(0) == rescale{});
    // A product is rounded with halves upwards, a power of two after it with halves away from 0.
    CHECK(fixed::scaled(5, fixed::rescale_by(0.5)) == 3);
    CHECK(fixed::scaled(-5, fixed::rescale_by(0.5)) == -2);
    CHECK(fixed::scaled(-5, fixed::rescale_by(0.5), rounding::once) == -2);
    CHECK(fixed::scaled(-6, fixed::rescale_by(0.25)) == -2);
    CHECK(fixed::scaled(-6, fixed::rescale_by(0.25), rounding::once) == -1);
    CHECK(fixed::multiply_high(fixed::least, fixed::least) == fixed::greatest);
}

TEST_CASE("curves of fixed-point numbers") {
    const double unit = std::ldexp(1, -31);
    for (int cell = -2000; cell <= 0; ++cell) {
        const double x = cell / 100.0;
        const int number = static_cast<int>(std::lround(std::ldexp(x, 26)));
        CHECK(std::abs(fixed::exp_of_negative(number, 5) * unit - std::exp(x)) < 3e-7);
    }
    for (int cell = -790; cell <= 790; ++cell) {
        const double x = cell / 100.0;
        const int number = static_cast<int>(std::lround(std::ldexp(x, 27)));
        CHECK(std::abs(fixed::logistic(number, 4) * unit - 1 / (1 + std::exp(-x))) < 1e-6);
        CHECK(std::abs(fixed::tanh(number, 4) * unit - std::tanh(x)) < 1e-6);
    }
}
