// SPDX-License-Identifier: BSL-1.0
// The edge to Boost.Hana: a network's layers as a Hana sequence, and a network from one.
// Include the single Hana headers of the algorithms you use, not <boost/hana.hpp>.
#pragma once

#include <utility>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

#include <ctnn/network/network.hpp>

namespace ctnn {

/// One layer of a network as a type, for Hana's algorithms: everything of layer_info as static
/// members, and the layer as it was written.
template <class Network, int Index> struct hana_layer {
    using network = Network;
    using type = typename Network::template layer_type_at<Index>;

    static constexpr int index = Index;
    static constexpr layer_info info = Network::template layer<Index>;
    static constexpr ctnn::family family =
        Network::graph().at(find_layer(Network::graph(), Index)).layer->family;
    static constexpr shape input = info.input;
    static constexpr shape output = info.output;
    static constexpr shape kernel = info.kernel;
    static constexpr long long parameters = info.parameters;
    static constexpr long long macs = info.macs;
};

namespace detail {

template <class Network, class Numbers = count_to<Network::layer_count>> struct hana_layers_of;
template <class Network, int... Indices> struct hana_layers_of<Network, numbers<Indices...>> {
    using type = boost::hana::basic_tuple<boost::hana::basic_type<hana_layer<Network, Indices>>...>;
};

template <shape Extents, class Numbers = count_to<Extents.rank>> struct hana_extents_of;
template <shape Extents, int... Axes> struct hana_extents_of<Extents, numbers<Axes...>> {
    using type = boost::hana::basic_tuple<boost::hana::int_<Extents.extents[Axes]>...>;
};

struct network_from_types {
    template <class... Layers>
    constexpr boost::hana::basic_type<network<Layers...>>
    operator()(boost::hana::basic_type<Layers>...) const noexcept {
        return {};
    }
};

} // namespace detail

/// The layers of a network in the order they run, inputs left out: a hana::basic_tuple of
/// hana::basic_type<hana_layer<Network, Index>>.
template <class Network>
inline constexpr typename detail::hana_layers_of<Network>::type hana_layers{};

/// A shape as a hana::basic_tuple of hana::int_.
template <shape Extents>
inline constexpr typename detail::hana_extents_of<Extents>::type hana_extents{};

/// The network whose layers are the types of a Hana sequence, each a hana::type_c<layer>:
/// `network_of<decltype(sequence)>`. A list that does not fit together is the usual one error.
template <class Sequence>
using network_of = typename decltype(boost::hana::unpack(std::declval<Sequence>(),
                                                         detail::network_from_types{}))::type;

} // namespace ctnn
