// SPDX-License-Identifier: BSL-1.0
// Weights of 16 bits: how floats are rounded to them, how groups are written and read, and that no
// weight is too large for them.
#include "property.hpp"

#include <cstring>

#include <ctnn/kernels/dense.hpp>

namespace {

using namespace ctnn;

/// What the bits of a float16 mean.
double float16_meaning(unsigned bits) {
    const int exponent = static_cast<int>(bits >> 10 & 31U);
    const double mantissa = bits & 1023U;
    const double size = exponent == 31  ? (mantissa > 0 ? NAN : INFINITY)
                        : exponent == 0 ? std::ldexp(mantissa, -24)
                                        : std::ldexp(1024 + mantissa, exponent - 25);
    return (bits & 0x8000U) != 0 ? -size : size;
}
double bfloat16_meaning(unsigned bits) {
    return static_cast<double>(__builtin_bit_cast(float, bits << 16));
}
double meaning(dtype stored, unsigned bits) {
    return stored == dtype::float16 ? float16_meaning(bits) : bfloat16_meaning(bits);
}

template <dtype Stored, int Lanes, int Count> void check_reading() {
    constexpr int size = Lanes * Count;
    for (unsigned first = 0; first < 0x10000; first += size) {
        float group[(size + 1) / 2];
        for (int i = 0; i < size; ++i) { // weight i, where it is to be
            int at = 0;
            while (stored_at(Stored, Lanes, Count, at) != i) ++at;
            const auto bits = static_cast<unsigned short>(first + static_cast<unsigned>(i));
            std::memcpy(reinterpret_cast<char*>(group) + 2 * at, &bits, 2);
        }
        simd::floats<Lanes> read[Count];
        load_stored<Stored, Lanes>(group, read);
        float cells[size];
        for (int n = 0; n < Count; ++n) simd::store<Lanes>(cells + n * Lanes, read[n]);
        for (int i = 0; i < size; ++i) {
            const double expected = meaning(Stored, (first + static_cast<unsigned>(i)) & 0xffffU);
            const auto got = static_cast<double>(cells[i]);
            if (std::isnan(expected) ? !std::isnan(got) : got != expected)
                FAIL(first << " " << i << ": " << got << " is not " << expected);
        }
    }
}
template <int Lanes> void check_widths() {
    check_reading<dtype::float16, Lanes, 1>();
    check_reading<dtype::float16, Lanes, 3>();
    check_reading<dtype::bfloat16, Lanes, 1>();
    check_reading<dtype::bfloat16, Lanes, 2>();
    check_reading<dtype::bfloat16, Lanes, 5>();
}

/// Between two neighbours, the middle goes to the even one, and what is beside it to the nearer.
void check_rounding(dtype stored, unsigned (*round)(float) noexcept, unsigned greatest) {
    for (unsigned bits = 0; bits < greatest; ++bits) {
        const double low = meaning(stored, bits);
        const double high = meaning(stored, bits + 1);
        const auto number = static_cast<float>(low);
        const auto middle = static_cast<float>(low + (high - low) / 2);
        const bool good = round(number) == bits && round(-number) == (bits | 0x8000U) &&
                          round(middle) == bits + (bits & 1U) &&
                          round(std::nextafter(middle, -1.0F)) == bits &&
                          round(std::nextafter(middle, INFINITY)) == bits + 1 &&
                          round(-std::nextafter(middle, INFINITY)) == ((bits + 1) | 0x8000U);
        if (!good) FAIL("bits " << bits);
    }
}

/// Any float of those that have an exponent: at most half a unit of the last place away.
void check_samples(dtype stored, unsigned (*round)(float) noexcept, int bits, int least,
                   double greatest) {
    property::random random{5};
    for (int i = 0; i < 1000000; ++i) {
        const float number = __builtin_bit_cast(float, random.next() << 1 ^ random.next());
        const double size = std::abs(static_cast<double>(number));
        const double got = meaning(stored, round(number) & 0xffffU);
        REQUIRE(round(number) <= 0xffffU);
        if (std::isnan(number)) {
            REQUIRE(std::isnan(got));
        } else if (size >= greatest) {
            REQUIRE(got == (number > 0 ? INFINITY : -INFINITY));
        } else {
            const int exponent = size == 0 ? least : std::max(std::ilogb(size), least);
            REQUIRE(std::abs(got - static_cast<double>(number)) <=
                    std::ldexp(0.5, exponent - bits));
            REQUIRE(std::signbit(got) == std::signbit(number));
        }
    }
}

static_assert(float16_bits(1) == 0x3c00 && float16_bits(-2) == 0xc000);
static_assert(float16_bits(65504) == 0x7bff && float16_bits(65519.996F) == 0x7bff);
static_assert(float16_bits(65520) == 0x7c00 && float16_bits(-1e30F) == 0xfc00);
static_assert(float16_bits(0x1p-24F) == 1 && float16_bits(0x1p-25F) == 0);
static_assert(float16_bits(0x1.000002p-25F) == 1);
static_assert(float16_bits(__builtin_inff()) == 0x7c00);
static_assert(float16_bits(__builtin_nanf("")) == 0x7e00);
static_assert(bfloat16_bits(1) == 0x3f80 && bfloat16_bits(-0.0F) == 0x8000);
static_assert(bfloat16_bits(0x1.01p0F) == 0x3f80 && bfloat16_bits(0x1.03p0F) == 0x3f82);
static_assert(bfloat16_bits(0x1.fep127F) == 0x7f7f && bfloat16_bits(0x1.ffp127F) == 0x7f80);
static_assert(bfloat16_bits(__builtin_inff()) == 0x7f80);
static_assert((bfloat16_bits(__builtin_nanf("0x3fff")) & 0x7fffU) > 0x7f80);
static_assert((bfloat16_bits(__builtin_bit_cast(float, 0x7f800001U)) & 0x7fffU) > 0x7f80);

// Twice to the nearest would be 1: the first time to the middle, the second time to the even one.
static_assert(float16_bits(before_halves(1 + 0x1p-11 + 0x1p-40)) == 0x3c01);
static_assert(float16_bits(before_halves(-1 - 0x1p-11 - 0x1p-40)) == 0xbc01);
static_assert(float16_bits(before_halves(1 + 0x3p-11 - 0x1p-40)) == 0x3c01);
static_assert(bfloat16_bits(before_halves(1 + 0x1p-8 + 0x1p-40)) == 0x3f81);
static_assert(before_halves(0.75) == 0.75F && before_halves(-0.0) == 0);

static_assert(power_of_two_in(1) == 1 && power_of_two_in(1.99) == 1 && power_of_two_in(2) == 2);
static_assert(power_of_two_in(0.3) == 0.25 && power_of_two_in(0) == 1);

} // namespace

TEST_CASE("groups of every 16 bits are read as what they are", "[kernels]") {
    check_widths<1>();
    check_widths<4>();
    check_widths<8>();
    check_widths<16>();
}

TEST_CASE("what is stored is the nearest number", "[kernels]") {
    check_rounding(dtype::float16, float16_bits, 0x7bff);
    check_rounding(dtype::bfloat16, bfloat16_bits, 0x7f7f);
    check_samples(dtype::float16, float16_bits, 10, -14, 65520);
    check_samples(dtype::bfloat16, bfloat16_bits, 7, -126, 0x1.ffp127);
}

TEST_CASE("no weight is too large or too small to be stored", "[kernels]") {
    static constexpr geometry g = [] {
        geometry made;
        made.channels = 2;
        made.filters = 8;
        return made;
    }();
    constexpr target machine = with_weights(property::machine_of(4), dtype::float16);
    static constexpr kernel_choice choice = choose_dense(g, machine);
    static_assert(choice.key.weights == dtype::float16);
    const float kernel[]{1e6F,  65520, 3e38F, 1e-30F, 0, 1e-42F, INFINITY, NAN, //
                         -3e6F, 1,     1,     2e-30F, 0, 0,      5,        2};
    const float bias[]{1, 0, 0, 0, 7, 0, 0, 0};
    const float input[]{1, 0.5F};
    property::aligned weights(choice.packed_floats);
    weight_source source;
    source.kernel = kernel;
    source.bias = bias;
    choice.pack(source, g, choice.key, weights.data());
    float output[8]{};
    operands places;
    places.input = input;
    places.output = output;
    places.weights = weights.data();
    kernel_of<choice.key>(places, g);
    CHECK(output[0] == Approx(-5e5).epsilon(2e-3));
    CHECK(output[1] == Approx(65520).epsilon(1e-3));
    CHECK(output[2] == Approx(3e38).epsilon(1e-3));
    CHECK(output[3] == Approx(2e-30).epsilon(1e-3).margin(0));
    CHECK(output[4] == 7);
    CHECK(output[6] == INFINITY);
    CHECK(std::isnan(output[7]));
}
