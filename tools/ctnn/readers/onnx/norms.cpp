// SPDX-License-Identifier: BSL-1.0
#include "operators.hpp"

namespace ctnn::tool::from_onnx {

namespace {

std::vector<float> per_channel(importer& by, const node& of, int i, std::string_view what,
                               long long channels) {
    const tensor& found = by.known(of, i, what);
    if (!found.real || found.count() != channels)
        throw refusal("its " + std::string(what) + " have the shape " + spell(found.dims) +
                      ", expected " + std::to_string(channels));
    return found.reals;
}

} // namespace

void convert_batch_norm(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (of.integer("training_mode", 0) != 0 || of.has_output(1))
        throw refusal("is exported for training. Export the model for evaluation: model.eval()");
    of.require("spatial", 1);
    if (from.rank() < 2) throw refusal("reads a tensor of shape " + spell(from.dims()));
    const long long channels = from.dims()[1];
    std::vector<std::vector<float>> weights;
    static constexpr std::string_view names[] = {"scales", "biases", "means", "variances"};
    for (int i = 0; i < 4; ++i) weights.push_back(per_channel(by, of, i + 1, names[i], channels));
    axis_view view = by.along(from, {1}, true);
    descriptor what = batch_norm<>::info;
    what.options.epsilon = of.real("epsilon", 1e-5);
    const int rank = by.target().extent(view.of.layer).rank;
    what.options.along = view.axis == rank - 1 ? -1 : view.axis;
    by.set(of, 0, by.follow(view.of, what, std::move(weights)));
}

void convert_instance_norm(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (from.rank() < 3) throw refusal("reads a tensor of shape " + spell(from.dims()));
    const long long channels = from.dims()[1];
    std::vector<std::vector<float>> weights{per_channel(by, of, 1, "scales", channels),
                                            per_channel(by, of, 2, "biases", channels)};
    descriptor what = instance_norm<>::info;
    what.options.epsilon = of.real("epsilon", 1e-5);
    by.set(of, 0, by.follow(by.channels_last(from), what, std::move(weights)));
}

void convert_group_norm(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (from.rank() < 3) throw refusal("reads a tensor of shape " + spell(from.dims()));
    const long long channels = from.dims()[1];
    const long long groups = of.integer("num_groups", 1);
    if (groups < 1 || channels % groups != 0)
        throw refusal("has " + std::to_string(groups) + " groups of " + std::to_string(channels) +
                      " channels");
    std::vector<std::vector<float>> weights;
    for (int i = 1; i < 3; ++i) {
        const bool by_group = by.opset() < 21; // one number for each group
        const std::vector<float> given =
            per_channel(by, of, i, i == 1 ? "scales" : "biases", by_group ? groups : channels);
        std::vector<float>& numbers = weights.emplace_back();
        for (long long c = 0; c < channels; ++c)
            numbers.push_back(given[at(by_group ? c / (channels / groups) : c)]);
    }
    descriptor what = group_norm<1>::info;
    what.options.groups = static_cast<int>(groups);
    what.options.epsilon = of.real("epsilon", 1e-5);
    by.set(of, 0, by.follow(by.channels_last(from), what, std::move(weights)));
}

void convert_layer_norm(importer& by, const node& of) {
    if (of.has_output(1)) throw refusal("gives its statistics too, which is not supported");
    const value& from = by.moving(of, 0);
    const int first = normal_axis(of.integer("axis", -1), from.rank());
    std::vector<int> order;
    const std::vector<int> lying = from.where.order();
    for (const int axis : lying)
        if (axis < first) order.push_back(axis);
    long long rows = 1;
    for (const int axis : order) rows *= from.where.extent(axis);
    long long length = 1;
    for (int axis = first; axis < from.rank(); ++axis) {
        order.push_back(axis);
        length *= from.where.extent(axis);
    }
    value read = from;
    if (!from.where.lies(order)) read = by.arranged(from, order);
    const shape held = by.target().extent(read.layer);
    if (held.channels() != length)
        read.layer = by.reshaped(read.layer, rows > 1 ? extents{rows, length} : extents{length});
    std::vector<std::vector<float>> weights{per_channel(by, of, 1, "scales", length)};
    descriptor what = layer_norm<>::info;
    what.options.epsilon = of.real("epsilon", 1e-5);
    what.options.center = of.has_input(2);
    if (of.has_input(2)) weights.push_back(per_channel(by, of, 2, "biases", length));
    by.set(of, 0, by.follow(read, what, std::move(weights)));
}

void convert_local_response_norm(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const int size = whole_int(of.integer("size", 1), "the size");
    if (size % 2 == 0)
        throw refusal("reads an even number of channels, which reach further up than down; only "
                      "odd sizes are supported");
    value read = from;
    const axis_view view = by.along(from, {1}, true);
    read = view.of;
    const shape held = by.target().extent(read.layer);
    if (view.axis != held.rank - 1) {
        std::vector<int> order;
        for (const int axis : from.where.order())
            if (axis != 1) order.push_back(axis);
        order.push_back(1);
        read = by.arranged(from, order);
    }
    descriptor what = local_response_norm<1>::info;
    what.options.target = {size};
    what.options.alpha = of.real("alpha", 1e-4);
    what.options.beta = of.real("beta", 0.75);
    what.options.limit = of.real("bias", 1);
    by.set(of, 0, by.follow(read, what));
}

void convert_lp_norm(importer& by, const node& of) {
    of.require("p", 2);
    const value& from = by.moving(of, 0);
    axis_view view = by.along(from, {normal_axis(of.integer("axis", -1), from.rank())}, false);
    descriptor what = unit_norm<>::info;
    what.options.epsilon = 1e-12;
    const int rank = by.target().extent(view.of.layer).rank;
    what.options.along = view.axis == rank - 1 ? -1 : view.axis;
    by.set(of, 0, by.follow(view.of, what));
}

} // namespace ctnn::tool::from_onnx
