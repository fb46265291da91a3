// SPDX-License-Identifier: BSL-1.0
// Turns a located fault into the one error of network/diagnosis.hpp: figures become template
// arguments, the path of a layer becomes its type.
#pragma once

#include <ctnn/network/diagnosis.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn {

namespace detail {

template <role What, int... Figures> struct fact_type;
template <int... F> struct fact_type<role::expects, F...> { using type = expects<F...>; };
template <int... F> struct fact_type<role::receives, F...> { using type = receives<F...>; };
template <int... F> struct fact_type<role::declares, F...> { using type = declares<F...>; };
template <int... F> struct fact_type<role::first, F...> { using type = first_is<F...>; };
template <int... F> struct fact_type<role::second, F...> { using type = second_is<F...>; };
template <int... F> struct fact_type<role::product, F...> { using type = product_of<F...>; };
template <int F> struct fact_type<role::equals, F> { using type = equals<F>; };
template <int F> struct fact_type<role::axis, F> { using type = on_axis<F>; };
template <int... F> struct fact_type<role::kernel, F...> { using type = kernel_is<F...>; };
template <int... F> struct fact_type<role::span, F...> { using type = spans<F...>; };
template <int... F> struct fact_type<role::stride, F...> { using type = stride_is<F...>; };
template <int... F> struct fact_type<role::padding, F...> { using type = padding_is<F...>; };
template <int F> struct fact_type<role::channels, F> { using type = channels_are<F>; };
template <int F> struct fact_type<role::filters, F> { using type = filters_are<F>; };
template <int F> struct fact_type<role::groups, F> { using type = groups_are<F>; };
template <int... F> struct fact_type<role::value, F...> { using type = value_is<F...>; };
template <int F> struct fact_type<role::option, F> { using type = option_number<F>; };
template <int... F> struct fact_type<role::target, F...> { using type = target_is<F...>; };

/// Counts 0, 1, ... Count - 1 as a pack; <utility> parses slowly.
template <int... Numbers> struct numbers {};
#if defined(__has_builtin) && __has_builtin(__make_integer_seq)
template <class, int... Numbers> using numbers_from = numbers<Numbers...>;
template <int Count> using count_to = __make_integer_seq<numbers_from, int, Count>;
#else
template <int Count> using count_to = numbers<__integer_pack(Count)...>;
#endif

/// The type at an index of a list of types.
template <int Index, class Type> struct indexed {
    using type = Type;
};
template <class Numbers, class... Types> struct indexed_types;
template <int... Numbers, class... Types>
struct indexed_types<numbers<Numbers...>, Types...> : indexed<Numbers, Types>... {};
template <int Index, class Type> indexed<Index, Type> pick(indexed<Index, Type>*);
template <int Index, class Types> struct type_at;
template <int Index, class... Types> struct type_at<Index, types<Types...>> {
    using type = typename decltype(pick<Index>(
        static_cast<indexed_types<count_to<sizeof...(Types)>, Types...>*>(nullptr)))::type;
};

/// The type at a path: down through `children`.
template <type_path Path, class Types, int Level = 0> struct type_on_path {
    using child = typename type_at<Path.steps[Level], Types>::type;
    using type = typename type_on_path<Path, typename child::children, Level + 1>::type;
};
template <type_path Path, class Types, int Level>
    requires(Path.depth == Level + 1)
struct type_on_path<Path, Types, Level> {
    using type = typename type_at<Path.steps[Level], Types>::type;
};

template <label Name, int... Numbers>
constexpr fixed_string<Name.size + 1> fix(numbers<Numbers...>) noexcept {
    return {{Name.characters[Numbers]..., '\0'}};
}
/// A label as a template argument of just its length.
template <label Name> inline constexpr auto fixed = fix<Name>(count_to<Name.size>{});

/// A located fault with its names spelled, so that it can be a template argument.
struct spelled_fault {
    fault what;
    int layer_index = 0;
    label layer_name;
    type_path layer_path;
    int producer_index = -1;
    label producer_name;
    type_path producer_path;
};

constexpr spelled_fault spell_fault(const located_fault& found, const graph_view& graph) noexcept {
    spelled_fault result{found.what, found.layer_index, spell(graph.scopes, found.name), found.path,
                         -1, {}, {}};
    if (found.producer < 0) return result;
    const node& producer = graph.at(found.producer);
    result.producer_index = producer.layer_index;
    result.producer_name = name_of(graph, producer);
    result.producer_path = producer.path;
    if (producer.layer->family == family::alias && result.what.count < max_facts)
        result.what.facts[result.what.count++] = {
            role::product, graph.at(graph.input_of(producer, 0)).output.extent};
    return result;
}

template <spelled_fault Fault, class Types> struct producer_of {
    using type = after<Fault.producer_index, fixed<Fault.producer_name>,
                       typename type_on_path<Fault.producer_path, Types>::type>;
};
template <spelled_fault Fault, class Types>
    requires(Fault.producer_index < 0)
struct producer_of<Fault, Types> {
    using type = after_input;
};

template <fact Fact, class Numbers = count_to<Fact.figures.rank>> struct spelled_fact;
template <fact Fact, int... Numbers> struct spelled_fact<Fact, numbers<Numbers...>> {
    using type = typename fact_type<Fact.what, Fact.figures.extents[Numbers]...>::type;
};

/// Names the mistake of a fault, which is an error; true if there is no fault. The name stands on
/// one line: compilers quote every line of it.
template <spelled_fault Fault, class Types, int... Facts>
constexpr bool no_fault(numbers<Facts...>) noexcept {
    if constexpr (Fault.what.kind == nullptr) {
        return true;
    } else {
        constexpr const fault_kind* kind = Fault.what.kind;
        using layer = typename type_on_path<Fault.layer_path, Types>::type;
        using where = at<Fault.layer_index, fixed<Fault.layer_name>, layer>;
        using before = typename producer_of<Fault, Types>::type;
        return mistake<kind, where, typename spelled_fact<Fault.what.facts[Facts]>::type..., before>;
    }
}

} // namespace detail

} // namespace ctnn
