// SPDX-License-Identifier: BSL-1.0
// oneDNN as its guide says: weights are laid out once, what follows a convolution is part of it,
// and nothing is made while it runs. There are choices that only a measurement can make for a
// network. bench/compare/run measures them and takes the fastest.
#include "lowered.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include <oneapi/dnnl/dnnl.hpp>

namespace compare {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using tag = memory::format_tag;
using md = memory::desc;

constexpr auto inference = dnnl::prop_kind::forward_inference;

md plain(const map_extents& map, tag order) {
    return {{1, map.channels, map.height, map.width}, memory::data_type::f32, order};
}
md any_layout(const map_extents& map) { return plain(map, tag::any); }

/// A primitive that waits for memory.
struct planned_call {
    struct argument {
        int name;   ///< DNNL_ARG_...
        int tensor; ///< -1: `fixed`
        md layout;
        memory fixed;
    };
    dnnl::primitive primitive;
    std::vector<argument> arguments;
};

algorithm algorithm_of(const lowered_step& step) {
    switch (step.after.of) {
    case function::clip:
        return step.after.low == 0 && step.after.high > 1e30 ? algorithm::eltwise_relu
                                                             : algorithm::eltwise_clip;
    case function::tanh: return algorithm::eltwise_tanh;
    case function::sigmoid: return algorithm::eltwise_logistic;
    case function::elu: return algorithm::eltwise_elu;
    case function::leaky_relu: return algorithm::eltwise_relu;
    case function::hard_swish: return algorithm::eltwise_hardswish;
    case function::silu: return algorithm::eltwise_swish;
    case function::gelu: return algorithm::eltwise_gelu_erf;
    case function::gelu_tanh: return algorithm::eltwise_gelu_tanh;
    default: refuse("onednn", step, "this activation has no adapter");
    }
}

struct eltwise_numbers {
    float alpha, beta;
};
eltwise_numbers numbers_of(const activation& after, algorithm chosen) {
    if (after.of == function::silu) return {1, 0};
    if (chosen == algorithm::eltwise_relu && after.of == function::clip) return {0, 0};
    return {static_cast<float>(after.low), static_cast<float>(after.high)};
}

class onednn_builder {
public:
    onednn_builder(const lowered_network& network, const onednn_choices& choices, dnnl::engine& cpu,
                   dnnl::stream& stream)
        : network_(network), choices_(choices), cpu_(cpu), stream_(stream),
          layouts_(network.tensors.size()), storage_(network.tensors.size()),
          last_reader_(network.tensors.size(), -1), merged_(network.steps.size()) {
        for (std::size_t i = 0; i < storage_.size(); ++i) storage_[i] = static_cast<int>(i);
        for (std::size_t s = 0; s < network.steps.size(); ++s) {
            for (const int input : network.steps[s].inputs) at(last_reader_, input) = int(s);
            if (network.steps[s].added >= 0)
                at(last_reader_, network.steps[s].added) = static_cast<int>(s);
        }
    }

    void build() {
        for (current_ = 0; current_ < static_cast<int>(network_.steps.size()); ++current_)
            if (!at(merged_, current_)) add(network_.steps[static_cast<std::size_t>(current_)]);
    }

    std::vector<planned_call>& calls() { return calls_; }
    /// The tensor in whose memory another one lies.
    int storage_of(int tensor) const { return storage_[static_cast<std::size_t>(tensor)]; }
    const md& layout_of(int tensor) const { return layouts_[static_cast<std::size_t>(tensor)]; }

private:
    template <class Item> static Item& at(std::vector<Item>& items, int index) {
        return items[static_cast<std::size_t>(index)];
    }
    const map_extents& map(int tensor) const { return network_.tensor(tensor); }

    void add(const lowered_step& step) {
        switch (step.what) {
        case operation::convolution: return add_convolution(step);
        case operation::dense: return add_dense(step);
        case operation::max_pool:
        case operation::average_pool: return add_pool(step);
        case operation::activation: return add_activation(step, step.inputs[0]);
        case operation::softmax: return add_softmax(step);
        case operation::add: return add_binary(step, algorithm::binary_add);
        case operation::multiply: return add_binary(step, algorithm::binary_mul);
        case operation::concat: return add_concat(step);
        case operation::affine: return add_affine(step);
        case operation::flatten: return add_flatten(step);
        case operation::pad: refuse("onednn", step, "padding by itself has no adapter");
        }
    }

    planned_call& call(const dnnl::primitive& primitive) {
        calls_.push_back({primitive, {}});
        return calls_.back();
    }
    static void pass(planned_call& to, int name, int tensor, const md& layout) {
        to.arguments.push_back({name, tensor, layout, {}});
    }
    static void pass(planned_call& to, int name, const memory& fixed) {
        to.arguments.push_back({name, -1, {}, fixed});
    }

    int new_tensor(const md& layout) {
        layouts_.push_back(layout);
        storage_.push_back(static_cast<int>(storage_.size()));
        return static_cast<int>(layouts_.size()) - 1;
    }

    /// The layout of a tensor; the image is taken as height, width, channels if nobody minds.
    const md& known_layout(int tensor) {
        md& layout = at(layouts_, tensor);
        if (layout.dims().empty()) layout = plain(map(tensor), tag::nhwc);
        return layout;
    }

    /// The tensor itself, or a copy of it in the wanted layout.
    int in_layout(int tensor, const md& wanted) {
        md& layout = at(layouts_, tensor);
        const bool free = layout.dims().empty();
        if (free &&
            (wanted == plain(map(tensor), tag::nchw) || wanted == plain(map(tensor), tag::nhwc))) {
            layout = wanted; // the image comes as the first layer likes it
            return tensor;
        }
        if (known_layout(tensor) == wanted) return tensor;
        const md from = known_layout(tensor);
        const int copy = new_tensor(wanted);
        planned_call& reorder =
            call(dnnl::reorder(dnnl::reorder::primitive_desc(cpu_, from, cpu_, wanted)));
        pass(reorder, DNNL_ARG_FROM, tensor, from);
        pass(reorder, DNNL_ARG_TO, copy, wanted);
        return copy;
    }

    /// Numbers of ctnn's, laid out once.
    memory constant(const std::vector<float>& cells, const md& from, const md& wanted) {
        memory source(from, cpu_);
        std::memcpy(source.get_data_handle(), cells.data(), cells.size() * sizeof(float));
        memory result(wanted, cpu_);
        dnnl::reorder(source, result).execute(stream_, source, result);
        stream_.wait();
        return result;
    }
    memory constant_vector(const std::vector<float>& cells) {
        const md layout({static_cast<memory::dim>(cells.size())}, memory::data_type::f32, tag::a);
        return constant(cells, layout, layout);
    }

    static void append_activation(dnnl::post_ops& after, const lowered_step& step) {
        if (!step.after) return;
        const algorithm chosen = algorithm_of(step);
        const eltwise_numbers numbers = numbers_of(step.after, chosen);
        after.append_eltwise(1, chosen, numbers.alpha, numbers.beta);
    }

    static md convolution_weights(const lowered_step& step, const map_extents& in,
                                  const map_extents& out, bool any) {
        const memory::dim groups = step.groups;
        const memory::dim filters = out.channels;
        const memory::dim depth = in.channels / groups;
        const memory::dim height = step.window.extent[0];
        const memory::dim width = step.window.extent[1];
        memory::dims extents{filters / groups, depth, height, width};
        memory::dims strides{1, filters, width * depth * filters, depth * filters};
        if (groups > 1) {
            extents.insert(extents.begin(), groups);
            strides.insert(strides.begin(), filters / groups);
        }
        if (any) return {extents, memory::data_type::f32, tag::any};
        return {extents, memory::data_type::f32, strides};
    }

    bool can_be_written_over(int tensor) const {
        return tensor != network_.input && tensor != network_.output &&
               last_reader_[static_cast<std::size_t>(tensor)] == current_;
    }

    /// As many channels as a vector register has lie together, where there are so many.
    md wanted_layout(const map_extents& map) const {
        const bool wide = static_cast<int>(dnnl::get_effective_cpu_isa()) >=
                          static_cast<int>(dnnl::cpu_isa::avx512_core);
        if (!choices_.blocked || map.channels < (wide ? 16 : 8)) return any_layout(map);
        return plain(map, wide ? tag::nChw16c : tag::nChw8c);
    }

    static bool is_pointwise(const lowered_step& step) {
        const geometry& window = step.window;
        return step.what == operation::convolution && step.groups == 1 && step.added < 0 &&
               window.extent[0] == 1 && window.extent[1] == 1 && window.stride[0] == 1 &&
               window.stride[1] == 1 && !window.pads();
    }

    /// The depthwise step that alone reads what a pointwise one gives, if one primitive can be
    /// both.
    const lowered_step* depthwise_after(const lowered_step& step) {
        if (!choices_.fuses_depthwise || !is_pointwise(step) || step.output == network_.output)
            return nullptr;
        const lowered_step* found = nullptr;
        for (std::size_t s = 0; s < network_.steps.size(); ++s) {
            const lowered_step& reader = network_.steps[s];
            const bool reads = std::count(reader.inputs.begin(), reader.inputs.end(), step.output);
            if (!reads && reader.added != step.output) continue;
            if (found != nullptr || !reads) return nullptr;
            found = &reader;
        }
        const map_extents& in = map(step.output);
        const map_extents& out = map(found->output);
        const geometry& window = found->window;
        const int stride = window.stride[0];
        const bool fits = found->what == operation::convolution && found->groups == in.channels &&
                          out.channels == in.channels && found->added < 0 &&
                          window.extent[0] == 3 && window.extent[1] == 3 &&
                          window.stride[1] == stride && window.dilation[0] == 1 &&
                          window.dilation[1] == 1 && window.before[0] == window.before[1] &&
                          out.height == (in.height + stride - 1) / stride &&
                          out.width == (in.width + stride - 1) / stride;
        return fits ? found : nullptr;
    }

    dnnl::convolution_forward::primitive_desc
    choose_convolution(const lowered_step& step, const lowered_step* depthwise) const {
        const map_extents& in = map(step.inputs[0]);
        const map_extents& out = map(step.output);
        const geometry& window = step.window;
        dnnl::post_ops after;
        if (step.added >= 0) after.append_sum();
        append_activation(after, step);
        if (depthwise != nullptr) {
            constexpr auto f32 = memory::data_type::f32;
            after.append_dw(f32, f32, f32, 3, depthwise->window.stride[0],
                            depthwise->window.before[0], 0, {});
            append_activation(after, *depthwise);
        }
        dnnl::primitive_attr attributes;
        attributes.set_post_ops(after);
        return {{inference,
                 algorithm::convolution_auto,
                 wanted_layout(in),
                 convolution_weights(step, in, out, true),
                 {{out.channels}, memory::data_type::f32, tag::a},
                 wanted_layout(out),
                 {window.stride[0], window.stride[1]},
                 {window.dilation[0] - 1, window.dilation[1] - 1},
                 {window.before[0], window.before[1]},
                 {window.after[0], window.after[1]}},
                attributes,
                cpu_};
    }

    void add_convolution(const lowered_step& step) {
        const lowered_step* depthwise = depthwise_after(step);
        const dnnl::convolution_forward::primitive_desc chosen =
            choose_convolution(step, depthwise);
        const int output = depthwise != nullptr ? depthwise->output : step.output;
        const int source = in_layout(step.inputs[0], chosen.src_desc());
        at(layouts_, output) = chosen.dst_desc();
        if (step.added >= 0) lay_over(step, chosen.dst_desc());
        planned_call& convolution = call(dnnl::convolution_forward(chosen));
        pass(convolution, DNNL_ARG_SRC, source, chosen.src_desc());
        pass(convolution, DNNL_ARG_WEIGHTS,
             constant(step.kernel,
                      convolution_weights(step, map(step.inputs[0]), map(step.output), false),
                      chosen.weights_desc()));
        pass(convolution, DNNL_ARG_BIAS, constant_vector(step.bias));
        pass(convolution, DNNL_ARG_DST, output, chosen.dst_desc());
        if (depthwise == nullptr) return;
        constexpr int argument = DNNL_ARG_ATTR_POST_OP_DW | DNNL_ARG_WEIGHTS;
        pass(convolution, argument,
             constant(depthwise->kernel,
                      convolution_weights(*depthwise, map(step.output), map(output), false),
                      chosen.query_md(dnnl::query::exec_arg_md, argument)));
        pass(convolution, DNNL_ARG_ATTR_POST_OP_DW | DNNL_ARG_BIAS,
             constant_vector(depthwise->bias));
        at(merged_, static_cast<int>(depthwise - network_.steps.data())) = 1;
    }

    /// The sum is written over the tensor that is added, or over a copy of it.
    void lay_over(const lowered_step& step, const md& layout) {
        int added = in_layout(step.added, layout);
        if (added == step.added && !can_be_written_over(added)) {
            added = new_tensor(layout);
            planned_call& copy =
                call(dnnl::reorder(dnnl::reorder::primitive_desc(cpu_, layout, cpu_, layout)));
            pass(copy, DNNL_ARG_FROM, step.added, layout);
            pass(copy, DNNL_ARG_TO, added, layout);
        }
        at(storage_, step.output) = at(storage_, added);
    }

    void add_dense(const lowered_step& step) {
        const map_extents& in = map(step.inputs[0]);
        const map_extents& out = map(step.output);
        dnnl::post_ops after;
        append_activation(after, step);
        dnnl::primitive_attr attributes;
        attributes.set_post_ops(after);
        const bool flat = in.pixels() == 1;
        const memory::dims extents =
            flat ? memory::dims{out.channels, in.channels}
                 : memory::dims{out.channels, in.channels, in.height, in.width};
        const memory::dim units = out.channels;
        const memory::dims strides =
            flat ? memory::dims{1, units}
                 : memory::dims{1, units, in.width * in.channels * units, in.channels * units};
        const md from(extents, memory::data_type::f32, strides);
        const md any(extents, memory::data_type::f32, tag::any);
        const md bias({units}, memory::data_type::f32, tag::a);
        const md result({1, units}, memory::data_type::f32, tag::nc);
        const md vector({1, in.channels}, memory::data_type::f32, tag::nc);

        // A vector is a vector in every layout; a map is read as it is if that can be done fast.
        const md source_layout = flat ? vector : known_layout(step.inputs[0]);
        dnnl::inner_product_forward::primitive_desc chosen(
            {inference, source_layout, any, bias, result}, attributes, cpu_);
        if (std::string(chosen.impl_info_str()).rfind("ref", 0) == 0)
            chosen = {{inference, any_layout(in), any, bias, result}, attributes, cpu_};
        int source = step.inputs[0];
        if (flat)
            as_vector(source, vector);
        else
            source = in_layout(source, chosen.src_desc());
        at(layouts_, step.output) = plain(out, tag::nchw);
        planned_call& dense = call(dnnl::inner_product_forward(chosen));
        pass(dense, DNNL_ARG_SRC, source, chosen.src_desc());
        pass(dense, DNNL_ARG_WEIGHTS, constant(step.kernel, from, chosen.weights_desc()));
        pass(dense, DNNL_ARG_BIAS, constant_vector(step.bias));
        pass(dense, DNNL_ARG_DST, step.output, chosen.dst_desc());
    }

    /// Channels of one pixel lie one after the other in every layout that a primitive gives.
    void as_vector(int tensor, const md& vector) {
        md& layout = at(layouts_, tensor);
        if (layout.dims().empty()) layout = plain(map(tensor), tag::nchw);
        if (layout.get_size() < vector.get_size())
            throw std::logic_error("a vector that is shorter than itself");
    }

    void add_pool(const lowered_step& step) {
        const geometry& window = step.window;
        const algorithm kind = step.what == operation::max_pool ? algorithm::pooling_max
                               : step.average_counts_padding
                                   ? algorithm::pooling_avg_include_padding
                                   : algorithm::pooling_avg_exclude_padding;
        const md& source = known_layout(step.inputs[0]);
        const dnnl::pooling_v2_forward::primitive_desc chosen(
            {inference,
             kind,
             source,
             any_layout(map(step.output)),
             {window.stride[0], window.stride[1]},
             {window.extent[0], window.extent[1]},
             {window.dilation[0] - 1, window.dilation[1] - 1},
             {window.before[0], window.before[1]},
             {window.after[0], window.after[1]}},
            cpu_);
        at(layouts_, step.output) = chosen.dst_desc();
        planned_call& pool = call(dnnl::pooling_v2_forward(chosen));
        pass(pool, DNNL_ARG_SRC, step.inputs[0], chosen.src_desc());
        pass(pool, DNNL_ARG_DST, step.output, chosen.dst_desc());
    }

    void add_activation(const lowered_step& step, int from) {
        const md layout = known_layout(from);
        const algorithm kind = algorithm_of(step);
        const eltwise_numbers numbers = numbers_of(step.after, kind);
        const dnnl::eltwise_forward::primitive_desc chosen(
            {inference, kind, layout, numbers.alpha, numbers.beta}, cpu_);
        at(layouts_, step.output) = layout;
        planned_call& eltwise = call(dnnl::eltwise_forward(chosen));
        pass(eltwise, DNNL_ARG_SRC, from, layout);
        pass(eltwise, DNNL_ARG_DST, step.output, layout);
    }

    void add_softmax(const lowered_step& step) {
        const md layout = known_layout(step.inputs[0]);
        const dnnl::softmax_forward::primitive_desc chosen({inference, layout, 1}, cpu_);
        at(layouts_, step.output) = layout;
        planned_call& softmax = call(dnnl::softmax_forward(chosen));
        pass(softmax, DNNL_ARG_SRC, step.inputs[0], layout);
        pass(softmax, DNNL_ARG_DST, step.output, layout);
    }

    void add_binary(const lowered_step& step, algorithm kind) {
        dnnl::post_ops after;
        append_activation(after, step);
        dnnl::primitive_attr attributes;
        attributes.set_post_ops(after);
        const md first = known_layout(step.inputs[0]);
        int other = step.inputs[1];
        if (map(other) == map(step.inputs[0])) other = in_layout(other, first);
        const md second = known_layout(other);
        const dnnl::binary::primitive_desc chosen({kind, first, second, first}, attributes, cpu_);
        at(layouts_, step.output) = first;
        planned_call& binary = call(dnnl::binary(chosen));
        pass(binary, DNNL_ARG_SRC_0, step.inputs[0], first);
        pass(binary, DNNL_ARG_SRC_1, other, second);
        pass(binary, DNNL_ARG_DST, step.output, first);
    }

    void add_concat(const lowered_step& step) {
        std::vector<md> sources;
        for (const int input : step.inputs) sources.push_back(known_layout(input));
        const dnnl::concat::primitive_desc chosen(1, sources, cpu_);
        at(layouts_, step.output) = chosen.dst_desc();
        planned_call& concat = call(dnnl::concat(chosen));
        for (std::size_t i = 0; i < sources.size(); ++i)
            pass(concat, DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), step.inputs[i], sources[i]);
        pass(concat, DNNL_ARG_DST, step.output, chosen.dst_desc());
    }

    void add_affine(const lowered_step& step) {
        const md layout = known_layout(step.inputs[0]);
        using flags = dnnl::normalization_flags;
        const bool relu =
            step.after.of == function::clip && algorithm_of(step) == algorithm::eltwise_relu;
        if (step.after && !relu) refuse("onednn", step, "only relu follows a normalisation");
        flags known = flags::use_global_stats | flags::use_scale | flags::use_shift;
        if (relu) known |= flags::fuse_norm_relu;
        const dnnl::batch_normalization_forward::primitive_desc chosen(
            {inference, layout, 0, known}, cpu_);
        const std::size_t channels = step.bias.size();
        at(layouts_, step.output) = layout;
        planned_call& norm = call(dnnl::batch_normalization_forward(chosen));
        pass(norm, DNNL_ARG_SRC, step.inputs[0], layout);
        pass(norm, DNNL_ARG_MEAN, constant_vector(std::vector<float>(channels, 0.0F)));
        pass(norm, DNNL_ARG_VARIANCE, constant_vector(std::vector<float>(channels, 1.0F)));
        pass(norm, DNNL_ARG_SCALE, constant_vector(step.kernel));
        pass(norm, DNNL_ARG_SHIFT, constant_vector(step.bias));
        pass(norm, DNNL_ARG_DST, step.output, layout);
    }

    void add_flatten(const lowered_step& step) {
        const int map_last = in_layout(step.inputs[0], plain(map(step.inputs[0]), tag::nhwc));
        at(storage_, step.output) = at(storage_, map_last);
        at(layouts_, step.output) = plain(map(step.output), tag::nchw);
    }

    const lowered_network& network_;
    const onednn_choices choices_;
    dnnl::engine& cpu_;
    dnnl::stream& stream_;
    std::vector<md> layouts_;  ///< of each tensor
    std::vector<int> storage_; ///< of each tensor: the one whose memory it uses
    std::vector<int> last_reader_;
    std::vector<char> merged_; ///< of each step: it is part of an earlier one
    std::vector<planned_call> calls_;
    int current_ = 0;
};

class onednn_engine final : public engine {
public:
    onednn_engine(const lowered_network& network, const onednn_choices& choices)
        : input_map_(network.tensor(network.input)), output_map_(network.tensor(network.output)) {
        onednn_builder builder(network, choices, cpu_, stream_);
        builder.build();
        give_memory(network, builder);
    }

    void set_input(const std::vector<float>& image) override {
        memory source(plain(input_map_, tag::nhwc), cpu_);
        std::memcpy(source.get_data_handle(), image.data(), image.size() * sizeof(float));
        dnnl::reorder(source, input_).execute(stream_, source, input_);
        stream_.wait();
    }

    void run() override {
        for (const ready_call& call : calls_)
            dnnl_primitive_execute(call.primitive, stream_.get(),
                                   static_cast<int>(call.arguments.size()), call.arguments.data());
        stream_.wait();
    }

    void get_output(std::vector<float>& output) const override {
        memory last(plain(output_map_, tag::nhwc), cpu_);
        memory from = output_;
        dnnl::stream stream(cpu_);
        dnnl::reorder(from, last).execute(stream, from, last);
        stream.wait();
        std::memcpy(output.data(), last.get_data_handle(), output.size() * sizeof(float));
    }

private:
    struct ready_call {
        const_dnnl_primitive_t primitive;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    /// Tensors that do not live at the same time share memory.
    void give_memory(const lowered_network& network, onednn_builder& builder) {
        std::map<int, ctnn::buffer> lives; // by the tensor whose memory it is
        planned_ = std::move(builder.calls());
        for (int c = 0; c < static_cast<int>(planned_.size()); ++c)
            for (const auto& argument : planned_[static_cast<std::size_t>(c)].arguments) {
                if (argument.tensor < 0) continue;
                const auto bytes = static_cast<long long>(argument.layout.get_size());
                auto [place, is_new] = lives.try_emplace(builder.storage_of(argument.tensor),
                                                         ctnn::buffer{bytes, c, c});
                place->second.last = c;
                place->second.bytes = std::max(place->second.bytes, bytes);
            }
        const int outside[] = {builder.storage_of(network.input),
                               builder.storage_of(network.output)};
        input_ = memory(builder.layout_of(network.input), cpu_);
        output_ = memory(builder.layout_of(network.output), cpu_);
        std::map<int, char*> places{{outside[1], handle(output_)}, {outside[0], handle(input_)}};
        std::vector<std::pair<int, ctnn::buffer>> buffers;
        for (const auto& life : lives)
            if (places.count(life.first) == 0) buffers.push_back(life);
        std::sort(buffers.begin(), buffers.end(), [](const auto& left, const auto& right) {
            return left.second.first < right.second.first;
        });
        std::vector<ctnn::buffer> lifetimes;
        for (const auto& one : buffers) lifetimes.push_back(one.second);
        std::vector<int> order(lifetimes.size());
        const long long bytes =
            ctnn::place_buffers(lifetimes.data(), order.data(), static_cast<int>(lifetimes.size()))
                .bytes;
        arena_ = memory(md({bytes}, memory::data_type::u8, tag::a), cpu_);
        for (std::size_t i = 0; i < buffers.size(); ++i)
            places[buffers[i].first] = handle(arena_) + lifetimes[i].offset;

        for (const planned_call& call : planned_) {
            ready_call ready{call.primitive.get(), {}};
            for (const auto& argument : call.arguments) {
                keep_.push_back(argument.tensor < 0
                                    ? argument.fixed
                                    : memory(argument.layout, cpu_,
                                             places.at(builder.storage_of(argument.tensor))));
                ready.arguments.push_back({argument.name, keep_.back().get()});
            }
            calls_.push_back(std::move(ready));
        }
    }

    static char* handle(const memory& from) { return static_cast<char*>(from.get_data_handle()); }

    dnnl::engine cpu_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{cpu_};
    map_extents input_map_;
    map_extents output_map_;
    memory input_;
    memory output_;
    memory arena_;
    std::vector<planned_call> planned_; ///< keeps the primitives
    std::vector<memory> keep_;
    std::vector<ready_call> calls_;
};

} // namespace

std::unique_ptr<engine> make_onednn(const subject& network, const std::vector<float>& weights,
                                    const onednn_choices& choices) {
    const lowered_network lowered = lower(network, weights, {.adds = true, .activations = true});
    return std::make_unique<onednn_engine>(lowered, choices);
}

} // namespace compare
