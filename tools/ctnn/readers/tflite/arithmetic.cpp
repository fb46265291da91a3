// SPDX-License-Identifier: BSL-1.0
// Arithmetic, activations, norms, and reductions along axes.
#include "importer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

descriptor with(descriptor what, double alpha, double beta = 0) {
    what.options.alpha = alpha;
    what.options.beta = beta;
    return what;
}

/// The layer of a value, its cells repeated to `dims`.
int expanded(importer& by, const value& from, const extents& dims) {
    shape ones;
    const extents longer = lengthened(from.dims, dims.size());
    for (std::size_t axis = has_batch(dims) ? 1 : 0; axis < longer.size(); ++axis)
        ones.append(static_cast<int>(longer[axis]));
    if (ones.rank == 0) ones.append(1);
    const shape wanted = held(dims);
    if (longer == dims) return by.build().reshaped(from.layer, wanted);
    return by.build().expanded(by.build().reshaped(from.layer, ones), wanted);
}

/// Adds or multiplies by a constant.
int with_constant(importer& by, const node& of, int layer, const extents& dims,
                  const constant& numbers, bool multiplies, double (*turn)(double)) {
    const extents longer = lengthened(numbers.dims, dims.size());
    shape extent;
    for (std::size_t axis = has_batch(dims) ? 1 : 0; axis < longer.size(); ++axis)
        extent.append(static_cast<int>(longer[axis]));
    if (extent.rank == 0) extent.append(1);
    std::vector<float> cells;
    const long long count = numbers.count();
    if (count == 1) {
        const double number = turn(numbers.real ? as_written(numbers.reals[0]) : numbers.number(0));
        return multiplies ? by.build().line(layer, number, 0) : by.build().line(layer, 1, number);
    }
    for (long long i = 0; i < count; ++i)
        cells.push_back(static_cast<float>(turn(numbers.number(i))));
    return by.build().with_constant(layer, cells, extent, multiplies, by.name_of(of));
}

double same(double x) { return x; }
double negated(double x) { return -x; }
double inverted(double x) { return 1 / x; }

int activation_option(const node& of) {
    if (const auto* found = of.find<format::Add>()) return found->activation();
    if (const auto* found = of.find<format::Sub>()) return found->activation();
    if (const auto* found = of.find<format::Mul>()) return found->activation();
    if (const auto* found = of.find<format::Div>()) return found->activation();
    return 0;
}

} // namespace

void convert_arithmetic(importer& by, const node& of) {
    const std::string& type = of.type();
    const value& left = by.input(of, 0);
    const value& right = by.input(of, 1);
    const extents dims = broadcast(left.dims, right.dims);
    count_of(dims);
    int made = -1;
    if (left.known && right.known) throw refusal("joins constants, which is not supported");
    if (left.known || right.known) {
        const constant& numbers = left.known ? *left.known : *right.known;
        const int from = expanded(by, left.known ? right : left, dims);
        const bool first = left.known != nullptr;
        const auto join = [&](int layer, bool multiplies, double (*turn)(double)) {
            return with_constant(by, of, layer, dims, numbers, multiplies, turn);
        };
        if (type == "ADD") {
            made = join(from, false, same);
        } else if (type == "SUB") {
            made = first ? join(by.build().line(from, -1, 0), false, same)
                         : join(from, false, negated);
        } else if (type == "MUL") {
            made = join(from, true, same);
        } else if (type == "DIV") {
            made = first ? join(by.build().add(with(power<1>::info, -1), {from}), true, same)
                         : join(from, true, inverted);
        } else {
            if (numbers.count() != 1)
                throw refusal("compares with a constant of shape " + spell(numbers.dims) +
                              "; only a single number is supported");
            const double number = numbers.real ? as_written(numbers.reals[0]) : numbers.number(0);
            constexpr double most = std::numeric_limits<float>::max();
            const bool greatest = type == "MAXIMUM";
            made = by.add(of,
                          greatest && number == 0 ? relu::info
                          : greatest              ? with(clip<0, 1>::info, number, most)
                                                  : with(clip<0, 1>::info, -most, number),
                          {from});
        }
    } else {
        int inputs[2]{};
        for (int i = 0; i < 2; ++i) {
            const value& own = i == 0 ? left : right;
            const shape wanted = held(dims);
            const shape& extent = by.build().extent(own.layer);
            const bool gate = type == "MUL" && own.dims.size() == dims.size() && own.dims != dims &&
                              (i == 0 ? right : left).dims == dims && is_gate(wanted, extent) &&
                              extent.channels() == wanted.channels();
            inputs[i] = gate ? own.layer : expanded(by, own, dims);
        }
        const shape wanted = held(dims);
        if (!(by.build().extent(inputs[0]) == wanted)) std::swap(inputs[0], inputs[1]);
        if (type == "DIV") inputs[1] = by.build().add(with(power<1>::info, -1), {inputs[1]});
        const descriptor& what = type == "ADD"       ? add_descriptor
                                 : type == "SUB"     ? subtract_descriptor
                                 : type == "MAXIMUM" ? maximum_descriptor
                                 : type == "MINIMUM" ? minimum_descriptor
                                                     : multiply_descriptor;
        made = by.add(of, what, {inputs[0], inputs[1]});
    }
    by.give(of, by.activated(made, activation_option(of)), dims);
}

void convert_power(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const std::string& type = of.type();
    if (type == "NEG") return by.give(of, by.build().line(from.layer, -1, 0), from.dims);
    double exponent = type == "SQRT" ? 0.5 : type == "RSQRT" ? -0.5 : 2;
    if (type == "POW") {
        const constant& given = by.known(of, 1, "exponents");
        if (given.count() != 1) throw refusal("has several exponents; only one is supported");
        exponent = given.real ? as_written(given.reals[0]) : given.number(0);
    }
    by.give(of, by.add(of, with(power<1>::info, exponent), {from.layer}), from.dims);
}

namespace {

/// Reduces axes [first, last] of a layer's tensor to extent 1.
int reduced(importer& by, const node& of, int layer, int first, int last, bool greatest) {
    builder& build = by.build();
    const shape map = build.extent(layer);
    const int axes = last - first + 1;
    shape wanted = map;
    long long rows = 1;
    long long length = 1;
    long long inner = 1;
    for (int axis = 0; axis < map.rank; ++axis) {
        (axis < first ? rows : axis > last ? inner : length) *= map[axis];
        if (axis >= first && axis <= last) wanted.extents[axis] = 1;
    }
    if (length == 1) return layer;
    int made = -1;
    if (rows == 1) {
        const bool whole = first == 0 && last == map.rank - 2 && axes <= max_spatial;
        const int spatial = whole ? axes : 1;
        descriptor what = greatest ? by_axes(spatial, global_max_pool1d<>::info,
                                             global_max_pool2d<>::info, global_max_pool3d<>::info)
                                   : by_axes(spatial, global_avg_pool1d<>::info,
                                             global_avg_pool2d<>::info, global_avg_pool3d<>::info);
        made = by.add(of, what, {whole ? layer : build.reshaped(layer, shape{length, inner})});
        return build.reshaped(made, wanted);
    }
    descriptor what = greatest ? max_pool2d<1>::info : avg_pool2d<1>::info;
    window& over = what.options.spatial;
    over.extent[1] = over.stride[1] = whole_number(length, "an axis");
    made = by.add(of, what, {build.reshaped(layer, shape{rows, length, inner})});
    return build.reshaped(made, wanted);
}

} // namespace

void convert_reduce(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const auto* options = of.find<format::Reducer>();
    const bool keeps = options != nullptr && options->keep_dims();
    std::vector<bool> gone(from.dims.size());
    for (const long long axis : by.wholes(of, 1, "axes")) gone[at(by.axis_of(from, axis))] = true;
    const int batch = has_batch(from.dims) ? 1 : 0;
    // A global pool without the axes that it reduces is the last one's own form.
    int layer = from.layer;
    long long count = 1;
    extents dims;
    for (std::size_t axis = 0; axis < gone.size(); ++axis) {
        if (gone[axis]) count *= from.dims[axis];
        if (!gone[axis] || keeps) dims.push_back(gone[axis] ? 1 : from.dims[axis]);
    }
    for (int last = static_cast<int>(gone.size()) - 1; last >= batch; --last) {
        if (!gone[at(last)]) continue;
        int first = last;
        while (first > batch && gone[at(first - 1)]) --first;
        const bool spatial = !keeps && first == batch && batch == 1 &&
                             last == static_cast<int>(gone.size()) - 2 &&
                             last - first < max_spatial;
        if (spatial && has_batch(from.dims)) {
            const bool greatest = of.type() == "REDUCE_MAX";
            const int axes = last - first + 1;
            layer = by.add(of,
                           greatest ? by_axes(axes, global_max_pool1d<>::info,
                                              global_max_pool2d<>::info, global_max_pool3d<>::info)
                                    : by_axes(axes, global_avg_pool1d<>::info,
                                              global_avg_pool2d<>::info, global_avg_pool3d<>::info),
                           {layer});
            break;
        }
        layer = reduced(by, of, layer, first - batch, last - batch, of.type() == "REDUCE_MAX");
        last = first;
    }
    if (of.type() == "SUM") layer = by.build().line(layer, static_cast<double>(count), 0);
    by.give(of, layer, dims);
}

void convert_activation(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    static const std::map<std::string, descriptor> table{
        {"ELU", elu<>::info},
        {"EXP", exponential::info},
        {"HARD_SWISH", hard_swish::info},
        {"LOGISTIC", sigmoid::info},
        {"RELU", relu::info},
        {"RELU6", relu6::info},
        {"RELU_0_TO_1", clip<0, 1>::info},
        {"RELU_N1_TO_1", hard_tanh::info},
        {"TANH", ctnn::tanh::info},
    };
    descriptor what;
    const auto found = table.find(of.type());
    if (found != table.end()) {
        what = found->second;
    } else if (of.type() == "LEAKY_RELU") {
        what = with(leaky_relu<>::info, as_written(of.options<format::LeakyRelu>().alpha()));
    } else {
        const auto* options = of.find<format::Gelu>();
        what = options != nullptr && options->approximate() ? gelu_tanh::info : gelu::info;
    }
    by.give(of, by.add(of, what, {from.layer}), from.dims);
}

void convert_prelu(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const constant& slopes = by.known(of, 1, "slopes");
    if (!slopes.real || broadcast(from.dims, slopes.dims) != from.dims)
        throw refusal("has slopes of shape " + spell(slopes.dims) + " for a tensor of shape " +
                      spell(from.dims));
    const extents longer = lengthened(slopes.dims, from.dims.size());
    const std::size_t batch = has_batch(from.dims) ? 1 : 0;
    descriptor what = prelu<>::info;
    what.options.target = shape{};
    for (std::size_t axis = batch; axis < longer.size(); ++axis)
        if (longer[axis] == 1 && what.options.target.rank < max_rank)
            what.options.target.append(static_cast<int>(axis - batch));
    by.give(of, by.add(of, what, {from.layer}, {slopes.reals}), from.dims);
}

void convert_softmax(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    int layer = from.layer;
    if (of.type() == "SOFTMAX")
        layer = by.build().line(layer, as_written(of.options<format::Softmax>().beta()), 0);
    by.give(of, by.add(of, of.type() == "SOFTMAX" ? softmax::info : log_softmax::info, {layer}),
            from.dims);
}

void convert_norm(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    descriptor what = unit_norm<>::info;
    what.options.epsilon = 1e-6;
    if (of.type() == "LOCAL_RESPONSE_NORMALIZATION") {
        const auto& options = of.options<format::LocalResponseNormalization>();
        if (options.radius() < 0 || options.radius() > 1 << 20)
            throw refusal("has a radius below 0");
        const int size = 2 * options.radius() + 1;
        what = local_response_norm<1>::info;
        what.options.target = {size};
        what.options.alpha = as_written(options.alpha()) * size;
        what.options.beta = as_written(options.beta());
        what.options.limit = as_written(options.bias());
    }
    by.give(of, by.add(of, what, {from.layer}), from.dims);
}

} // namespace ctnn::tool::from_tflite
