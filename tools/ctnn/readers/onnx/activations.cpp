// SPDX-License-Identifier: BSL-1.0
// What works cell by cell, or along an axis, and keeps shapes.
#include "operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ctnn::tool::from_onnx {

namespace {

descriptor with(descriptor what, double alpha, double beta = 0) {
    what.options.alpha = alpha;
    what.options.beta = beta;
    return what;
}

bool close(double left, double right) { return std::abs(left - right) < 1e-6; }

} // namespace

void convert_activation(importer& by, const node& of) {
    const std::string& type = of.type();
    const value& from = by.moving(of, 0);
    const auto give = [&](const descriptor& what) { by.set(of, 0, by.follow(from, what)); };
    if (type == "Relu") return give(relu::info);
    if (type == "LeakyRelu") return give(with(leaky_relu<>::info, of.real("alpha", 0.01)));
    if (type == "Elu") return give(with(elu<>::info, of.real("alpha", 1), 1));
    if (type == "Celu") return give(with(celu<>::info, of.real("alpha", 1)));
    if (type == "ThresholdedRelu")
        return give(with(thresholded_relu<>::info, of.real("alpha", 1), 0));
    if (type == "Sigmoid") return give(sigmoid::info);
    if (type == "Tanh") return give(ctnn::tanh::info);
    if (type == "Softplus") return give(softplus::info);
    if (type == "Softsign") return give(softsign::info);
    if (type == "HardSwish") return give(hard_swish::info);
    if (type == "Mish") return give(mish::info);
    if (type == "Exp") return give(exponential::info);
    if (type == "Swish" && close(of.real("alpha", 1), 1)) return give(silu::info);
    if (type == "Gelu")
        return give(of.text("approximate", "none") == "tanh" ? gelu_tanh::info : gelu::info);
    if (type == "HardSigmoid") {
        const double alpha = of.real("alpha", 0.2);
        const double beta = of.real("beta", 0.5);
        if (close(alpha, 1.0 / 6) && close(beta, 0.5)) return give(hard_sigmoid::info);
        return give(with(hard_sigmoid_with<>::info, alpha, beta));
    }
    if (type == "Selu") {
        const bool rounded = by.opset() < 6;
        const double alpha = of.real("alpha", rounded ? 1.6732 : selu::info.options.alpha);
        const double gamma = of.real("gamma", rounded ? 1.0507 : selu::info.options.beta);
        if (close(alpha, selu::info.options.alpha) && close(gamma, selu::info.options.beta))
            return give(selu::info);
        return by.set(of, 0, line(by, by.follow(from, with(elu<>::info, alpha, 1)), gamma, 0));
    }
    if (type == "Shrink") {
        const double bias = of.real("bias", 0);
        const double lambda = of.real("lambd", 0.5);
        if (bias != 0 && bias != lambda)
            throw refusal("shrinks by another number than it is limited by");
        return give(with(bias == 0 ? hard_shrink<>::info : soft_shrink<>::info, lambda));
    }
    throw refusal("has attributes that are not supported");
}

void convert_clip(importer& by, const node& of) {
    constexpr double most = std::numeric_limits<float>::max();
    double low = of.real("min", -most);
    double high = of.real("max", most);
    const auto bound = [&](int i, double usual) {
        if (!of.has_input(i) || !by.is_known(of, i)) return usual;
        const tensor& given = by.known(of, i, i == 1 ? "lower bound" : "upper bound");
        if (given.count() != 1) throw refusal("has a bound that is no single number");
        return given.real ? written(given.reals[0]) : given.number(0);
    };
    if (by.opset() >= 11) {
        low = bound(1, -most);
        high = bound(2, most);
    }
    low = std::max(low, -most);
    high = std::min(high, most);
    value from = by.moving(of, 0);
    if (by.opset() >= 11 && of.has_input(1) && !by.is_known(of, 1))
        from = merged(by, maximum_descriptor, from, by.input(of, 1));
    if (by.opset() >= 11 && of.has_input(2) && !by.is_known(of, 2))
        from = merged(by, minimum_descriptor, from, by.input(of, 2));
    if (low == -most && high >= most) return by.set(of, 0, from);
    if (low == 0 && high >= most) return by.set(of, 0, by.follow(from, relu::info));
    if (low == 0 && high == 6) return by.set(of, 0, by.follow(from, relu6::info));
    if (low == -1 && high == 1) return by.set(of, 0, by.follow(from, hard_tanh::info));
    if (!(low <= high)) throw refusal("its lower bound is greater than its upper one");
    by.set(of, 0, by.follow(from, with(clip<0, 1>::info, low, high)));
}

void convert_prelu(importer& by, const node& of) {
    tensor slopes = by.known(of, 1, "slopes");
    value from = by.moving(of, 0);
    if (by.opset() < 7 && slopes.dims.size() == 1 && from.rank() > 2) // one for each channel
        slopes.dims.insert(slopes.dims.end(), at(from.rank()) - 2, 1);
    if (broadcast(from.dims(), slopes.dims) != from.dims())
        throw refusal("has slopes of shape " + spell(slopes.dims) + " for a tensor of shape " +
                      spell(from.dims()));
    const std::vector<int> order = by.full_order(from);
    from = by.arranged(from, order);
    const extents dims = from.dims();
    // Slopes of the tensor's axes: its strides in the source's order.
    extents extent;
    extents steps;
    descriptor what = prelu<>::info;
    what.options.target = shape{};
    for (std::size_t i = 0; i < order.size(); ++i) {
        const long long from_end = static_cast<long long>(dims.size()) - order[i];
        const auto rank = static_cast<long long>(slopes.dims.size());
        const long long own = from_end <= rank ? slopes.dims[at(rank - from_end)] : 1;
        long long step = 1;
        for (long long axis = rank - from_end + 1; axis > 0 && axis < rank; ++axis)
            step *= slopes.dims[at(axis)];
        extent.push_back(own);
        steps.push_back(step);
        if (own == 1 && dims[at(order[i])] != 1) what.options.target.append(static_cast<int>(i));
        if (own == 1 && dims[at(order[i])] == 1 && i + 1 < order.size())
            what.options.target.append(static_cast<int>(i));
    }
    if (order.empty()) extent = {1}, steps = {1};
    const long long count = count_of(extent);
    if (count != slopes.count()) throw refusal("has slopes along its batch");
    std::vector<float> alpha;
    for (long long cell = 0; cell < count; ++cell) {
        long long rest = cell;
        long long index = 0;
        for (std::size_t i = extent.size(); i-- > 0; rest /= extent[i])
            index += rest % extent[i] * steps[i];
        alpha.push_back(static_cast<float>(slopes.number(index)));
    }
    by.set(of, 0, by.follow(from, what, {std::move(alpha)}));
}

void convert_softmax(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const bool logarithm = of.type() == "LogSoftmax";
    std::vector<int> axes;
    if (by.opset() >= 13) {
        axes = {normal_axis(of.integer("axis", -1), from.rank())};
    } else { // all axes from this one on are one
        const long long given = of.integer("axis", 1);
        const int first = given == from.rank() ? from.rank() : normal_axis(given, from.rank());
        for (int axis = first; axis < from.rank(); ++axis) axes.push_back(axis);
    }
    axis_view view = by.along(from, axes, false);
    descriptor what = logarithm ? log_softmax::info : softmax::info;
    const int rank = by.target().extent(view.of.layer).rank;
    if (view.axis != rank - 1) {
        if (logarithm) { // it has no axis of its own here
            std::vector<int> order;
            for (const int axis : view.of.where.order())
                if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
            long long length = 1;
            for (const int axis : axes) length *= from.where.extent(axis);
            const long long rows = by.target().extent(view.of.layer).elements() / length;
            order.insert(order.end(), axes.begin(), axes.end());
            view.of = by.arranged(view.of, order);
            view.of.layer = by.reshaped(view.of.layer, {rows, length});
        } else {
            what.options.along = view.axis;
        }
    }
    by.set(of, 0, by.follow(view.of, what));
}

} // namespace ctnn::tool::from_onnx
