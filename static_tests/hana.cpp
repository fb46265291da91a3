// SPDX-License-Identifier: BSL-1.0
// Hana's algorithms on a network's layers, and networks from Hana sequences.
#include <boost/hana/all_of.hpp>
#include <boost/hana/append.hpp>
#include <boost/hana/chain.hpp>
#include <boost/hana/count_if.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/filter.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/plus.hpp>
#include <boost/hana/prepend.hpp>
#include <boost/hana/range.hpp>
#include <boost/hana/transform.hpp>
#include <boost/hana/tuple.hpp>

#include <ctnn/ctnn.hpp>
#include <ctnn/hana.hpp>

namespace {

namespace hana = boost::hana;
using namespace ctnn;

using digits =
    network<input<28, 28, 1>, conv2d<40, 3, relu>, conv2d<8, 3, relu>, flatten, dense<10>>;

constexpr auto is_convolution = [](auto layer) {
    return hana::bool_c<decltype(layer)::type::family == family::conv>;
};
constexpr auto kernel_depth = [](auto layer) {
    return hana::int_c<decltype(layer)::type::kernel.channels()>;
};

// Every convolution's kernel is as deep as the map it reads.
constexpr auto convolutions = hana::filter(hana_layers<digits>, is_convolution);
static_assert(hana::all_of(convolutions, [](auto layer) {
    using convolution = typename decltype(layer)::type;
    return hana::bool_c<convolution::kernel.channels() == convolution::input.channels()>;
}));

// The depths of all kernels, as a sequence.
static_assert(hana::equal(hana::transform(convolutions, kernel_depth),
                          hana::make_basic_tuple(hana::int_c<1>, hana::int_c<40>)));

// A layer's type as it was written, and its shapes as sequences.
static_assert(std::is_same_v<hana_layer<digits, 1>::type, conv2d<8, 3, relu>>);
static_assert(hana::equal(hana_extents<digits::layer<1>.kernel>,
                          hana::make_basic_tuple(hana::int_c<3>, hana::int_c<3>, hana::int_c<40>)));

// Parameters summed by Hana are those that the network counts.
constexpr auto add_parameters = [](auto sum, auto layer) {
    return hana::plus(sum, hana::llong_c<decltype(layer)::type::parameters>);
};
static_assert(hana::fold_left(hana_layers<digits>, hana::llong_c<0>, add_parameters) ==
              hana::llong_c<digits::parameters>);

// A network from a sequence that was computed: a pyramid whose filters double from stage to stage.
constexpr auto stage = [](auto number) {
    constexpr int filters = 8 << decltype(number)::value;
    return hana::make_tuple(hana::type_c<conv2d<filters, 3, same, relu>>,
                            hana::type_c<max_pool2d<2>>);
};
constexpr auto stages = hana::chain(hana::to_tuple(hana::range_c<int, 0, 3>), stage);
constexpr auto layers = hana::append(
    hana::append(hana::prepend(stages, hana::type_c<input<32, 32, 3>>), hana::type_c<flatten>),
    hana::type_c<dense<10>>);
using pyramid = network_of<decltype(layers)>;

static_assert(pyramid::layer_count == 8);
static_assert(pyramid::layer<4>.kernel == shape{3, 3, 16});
static_assert(pyramid::output == shape{10});
static_assert(hana::count_if(hana_layers<pyramid>, is_convolution) == hana::size_c<3>);

// Dropping every pool from a network gives another network.
constexpr auto is_no_pool = [](auto layer) {
    return hana::bool_c<decltype(layer)::type::info.family != family::pool>;
};
using flat = network_of<decltype(hana::filter(layers, is_no_pool))>;
static_assert(flat::layer_count == 5 && flat::layer<"flatten">.output == shape{32 * 32 * 32});

} // namespace
