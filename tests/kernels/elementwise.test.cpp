// SPDX-License-Identifier: BSL-1.0
// Curves against the activations' meaning in double, and their errors over all float32.
#include "property.hpp"

#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/layers/activations.hpp>

namespace {

using namespace ctnn;

/// A curve with its numbers, and what it stands for.
struct meaning {
    curve shape;
    double alpha, beta;
    double (*of)(double, const attributes&) noexcept;
    attributes options;
};
attributes numbers(double alpha, double beta, double limit = 0) {
    attributes options;
    options.alpha = alpha;
    options.beta = beta;
    options.limit = limit;
    return options;
}
const meaning meanings[]{
    {curve::line, 0.25, -1, &rescaling<0.25, -1>::of, numbers(0.25, -1)},
    {curve::bent, 0.3, 0, &leaky_relu<>::of, numbers(0.3, 0)},
    {curve::bent, 0.5, 1, &relu_with<>::of, numbers(0.5, 1, math::infinity)},
    {curve::step, 1, 0.5, &thresholded_relu<1.0, 0.5>::of, numbers(1, 0.5)},
    {curve::elu, 0.7, 1, &elu<0.7>::of, numbers(0.7, 0)},
    {curve::elu, 1.67326324235437728481704, 1.05070098735548049341933, &selu::of,
     numbers(1.67326324235437728481704, 1.05070098735548049341933)},
    {curve::exponential, 0, 0, &exponential::of, {}},
    {curve::logistic, 0, 0, &sigmoid::of, {}},
    {curve::silu, 0, 0, &silu::of, {}},
    {curve::tanh, 0, 0, &ctnn::tanh::of, {}},
    {curve::gelu, 0, 0, &gelu::of, {}},
    {curve::gelu_tanh, 0, 0, &gelu_tanh::of, {}},
    {curve::hard_swish, 0, 0, &hard_swish::of, {}},
    {curve::softplus, 0, 0, &softplus::of, {}},
    {curve::softsign, 0, 0, &softsign::of, {}},
    {curve::mish, 0, 0, &mish::of, {}},
    {curve::ramp, 1.0 / 6, 0.5, &hard_sigmoid::of, {}},
    {curve::ramp, 0.2, 0.25, &hard_sigmoid_with<>::of, numbers(0.2, 0.25)},
    {curve::capped, 0.5, 1, &relu_with<>::of, numbers(0.5, 1, 6)},
    {curve::capped, -0.5, 1, &relu_with<>::of, numbers(-0.5, 1, 0.25)},
    {curve::capped, 0.25, -1, &relu_with<>::of, numbers(0.25, -1, math::infinity)},
    {curve::celu, 0.7, 0, &celu<>::of, numbers(0.7, 0)},
    {curve::log_logistic, 0, 0, &log_sigmoid::of, {}},
    {curve::tanh_shrink, 0, 0, &tanh_shrink::of, {}},
    {curve::soft_shrink, 0.5, 0, &soft_shrink<>::of, numbers(0.5, 0)},
    {curve::hard_shrink, 0.5, 0, &hard_shrink<>::of, numbers(0.5, 0)},
    {curve::sparse_plus, 0, 0, &sparse_plus::of, {}},
};

template <int Lanes> constexpr auto every_curve() noexcept {
    property::key_list<32> list;
    for (int i = 1; i <= static_cast<int>(curve::sparse_plus); ++i)
        list.insert(choose_elementwise({}, property::machine_of(Lanes), static_cast<curve>(i)).key);
    return list;
}
template <int Lanes> inline constexpr auto keys = every_curve<Lanes>();

template <int Lanes> void check_width() {
    property::random random{static_cast<unsigned long long>(Lanes)};
    for (int i = 0; i < 2000; ++i) {
        const meaning& expected_curve = meanings[random.between(0, std::size(meanings) - 1)];
        geometry g;
        g.out[1] = random.between(1, 4);
        g.filters = random.between(1, 40);
        g.alpha = static_cast<float>(expected_curve.alpha);
        g.beta = static_cast<float>(expected_curve.beta);
        g.limit = static_cast<float>(expected_curve.options.limit);
        if (random.between(0, 2) == 0) g.low = 0;
        if (random.between(0, 2) == 0) g.high = 1.5F;
        property::guarded cells(1LL * g.out[1] * g.filters), output(1LL * g.out[1] * g.filters);
        cells.fill(random);
        for (std::size_t k = 0; k < cells.size(); ++k) cells.data()[k] *= 5;
        cells.data()[0] = 2; // errors are measured by the greatest result, which must not be 0
        std::vector<double> expected;
        for (std::size_t k = 0; k < cells.size(); ++k)
            expected.push_back(
                expected_curve.of(static_cast<double>(cells.data()[k]), expected_curve.options));
        operands o;
        o.input = cells.data();
        const bool in_place = i % 2 == 0;
        o.output = in_place ? cells.data() : output.data();
        const kernel_choice choice =
            choose_elementwise(g, property::machine_of(Lanes), expected_curve.shape);
        property::table_of<keys<Lanes>>::find(choice.key)(o, g);
        CAPTURE(Lanes, i, choice.key.detail, g.filters);
        CHECK(cells.intact());
        CHECK(output.intact());
        REQUIRE(property::difference(o.output, expected, g) < 2e-6);
    }
}

/// The greatest error in units of the last place over every 997th float32 in size from `least` to
/// `most`, both signs.
template <class Vector, class True>
double worst_units(Vector vector, True truth, float least, float most) {
    double worst = 0;
    const unsigned first = __builtin_bit_cast(unsigned, least);
    const unsigned last = __builtin_bit_cast(unsigned, most);
    for (unsigned bits = first; bits <= last; bits += 997) {
        for (const float x : {__builtin_bit_cast(float, bits), -__builtin_bit_cast(float, bits)}) {
            float got[16];
            simd::store<16>(got, vector(simd::broadcast<16>(x)));
            const double expected = truth(static_cast<double>(x));
            if (std::abs(expected) > 3.4028235e38) {
                worst = std::max(worst, got[7] > 3e38F ? 0.0 : 1e9);
                continue;
            }
            int exponent = 0;
            std::frexp(expected, &exponent);
            const double unit = std::ldexp(1.0, std::max(exponent, -125) - 24);
            const double error = std::abs(static_cast<double>(got[7]) - expected) / unit;
            worst = error <= worst ? worst : error;
        }
    }
    return worst;
}

#define CTNN_CURVE(name) [](simd::floats<16> x) { return simd::name<16>(x); }

} // namespace

TEST_CASE("curves compute what the activations mean", "[kernels]") {
    check_width<1>();
    check_width<4>();
    check_width<8>();
    check_width<16>();
}

TEST_CASE("elementary functions of vectors are as exact as they say", "[kernels]") {
    const float tiny = 1e-40F, huge = 3e38F;
    const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
    const auto share = [](double x) { return 0.5 * std::erfc(-x * 0.70710678118654752440); };
    CHECK(worst_units(
              CTNN_CURVE(exp), [](double x) { return std::exp(x); }, tiny, huge) < 1.5);
    CHECK(worst_units(
              CTNN_CURVE(expm1), [](double x) { return std::expm1(x); }, tiny, huge) < 2);
    CHECK(worst_units(
              CTNN_CURVE(tanh), [](double x) { return std::tanh(x); }, tiny, huge) < 3);
    CHECK(worst_units(CTNN_CURVE(logistic), logistic, tiny, huge) < 3);
    CHECK(worst_units(CTNN_CURVE(normal_share), share, tiny, 1.0F) < 7);
    CHECK(worst_units(CTNN_CURVE(normal_share), share, 1.0F, 4.0F) < 20);
}

TEST_CASE("a NaN stays, and the infinities are where they belong", "[kernels]") {
    const auto at = [](auto function, float x) {
        float got[16];
        simd::store<16>(got, function(simd::broadcast<16>(x)));
        return got[3];
    };
    const float nan = std::nanf(""), infinity = INFINITY;
    CHECK(std::isnan(at(CTNN_CURVE(exp), nan)));
    CHECK(std::isnan(at(CTNN_CURVE(expm1), nan)));
    CHECK(std::isnan(at(CTNN_CURVE(tanh), nan)));
    CHECK(std::isnan(at(CTNN_CURVE(logistic), nan)));
    CHECK(std::isnan(at(CTNN_CURVE(normal_share), nan)));
    CHECK(at(CTNN_CURVE(exp), -infinity) == 0);
    CHECK(at(CTNN_CURVE(exp), infinity) == infinity);
    CHECK(at(CTNN_CURVE(expm1), -infinity) == -1);
    CHECK(at(CTNN_CURVE(tanh), -infinity) == -1);
    CHECK(at(CTNN_CURVE(tanh), infinity) == 1);
    CHECK(at(CTNN_CURVE(logistic), -infinity) == 0);
    CHECK(at(CTNN_CURVE(logistic), infinity) == 1);
}
