// SPDX-License-Identifier: BSL-1.0
#include "quantise.hpp"

#include "error.hpp"
#include "evaluate.hpp"
#include "int8.hpp"
#include "tidy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace ctnn::tool {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

bool has_kernel(const layer& subject) {
    const family found = subject.what.family;
    return found == family::conv || found == family::depthwise || found == family::dense;
}

std::vector<int> readers_of(const model& subject) {
    std::vector<int> readers(subject.layers.size());
    for (const layer& next : subject.layers)
        for (const int read : next.inputs) ++readers[at(read)];
    for (const model_output& output : subject.outputs) ++readers[at(output.layer)];
    return readers;
}

/// A batch norm behind a kernel becomes part of it.
void fold_norms(model& subject) {
    const std::vector<int> readers = readers_of(subject);
    for (std::size_t i = 0; i < subject.layers.size(); ++i) {
        layer& norm = subject.layers[i];
        if (norm.what.operation != operation::normalise || norm.inputs.size() != 1) continue;
        const int before = norm.inputs[0];
        layer& kernel = subject.layers[at(before)];
        if (!has_kernel(kernel) || readers[at(before)] != 1 || kernel.what.options.has_activation ||
            kernel.owner >= 0 || norm.owner >= 0 || norm.what.options.along != -1)
            continue;
        const attributes& options = norm.what.options;
        const auto filters = at(kernel.output.extent.channels());
        const std::size_t first = (options.scale ? 1U : 0U) + (options.center ? 1U : 0U);
        if (!kernel.what.options.bias) kernel.weights.emplace_back(filters, 0.0F);
        kernel.what.options.bias = true;
        std::vector<double> factors(filters);
        for (std::size_t f = 0; f < filters; ++f) {
            const double mean = static_cast<double>(norm.weights.at(first).at(f));
            const double spread = static_cast<double>(norm.weights.at(first + 1).at(f));
            factors[f] = (options.scale ? static_cast<double>(norm.weights[0].at(f)) : 1.0) /
                         std::sqrt(spread + options.epsilon);
            const double shift =
                options.center ? static_cast<double>(norm.weights.at(options.scale ? 1 : 0).at(f))
                               : 0.0;
            const double bias = static_cast<double>(kernel.weights[1][f]);
            kernel.weights[1][f] = static_cast<float>((bias - mean) * factors[f] + shift);
        }
        for (std::size_t k = 0; k < kernel.weights[0].size(); ++k)
            kernel.weights[0][k] = static_cast<float>(static_cast<double>(kernel.weights[0][k]) *
                                                      factors[k % filters]);
        for (layer& next : subject.layers)
            for (int& read : next.inputs)
                if (read == static_cast<int>(i)) read = before;
        for (model_output& output : subject.outputs)
            if (output.layer == static_cast<int>(i)) output.layer = before;
    }
    tidy(subject);
}

/// Activations that are no clamp are layers of their own on int8.
void split_activations(model& subject) {
    std::vector<layer> whole = std::move(subject.layers);
    subject.layers.clear();
    std::vector<int> now;
    for (layer& next : whole) {
        for (int& read : next.inputs) read = now[at(read)];
        if (next.owner >= 0)
            throw import_error(subject.file, next.place,
                               "uses the weights of another layer, which is not supported on int8");
        attributes& options = next.what.options;
        const descriptor* activation = options.has_activation ? options.activation : nullptr;
        if (activation != nullptr && activation->operation == operation::clamp)
            activation = nullptr;
        if (activation == nullptr) {
            subject.layers.push_back(std::move(next));
        } else {
            layer behind;
            behind.what = *activation;
            behind.output = next.output;
            behind.place = next.place;
            behind.inputs = {static_cast<int>(subject.layers.size())};
            options.has_activation = false;
            options.activation = nullptr;
            subject.layers.push_back(std::move(next));
            subject.layers.push_back(std::move(behind));
        }
        now.push_back(static_cast<int>(subject.layers.size()) - 1);
    }
    for (model_output& output : subject.outputs) output.layer = now[at(output.layer)];
}

struct range {
    double least = 0; ///< 0 is a cell always
    double greatest = 0;

    void add(double number) {
        least = std::min(least, number);
        greatest = std::max(greatest, number);
    }
    quantization numbers() const {
        const double reach = greatest - least;
        if (!(reach > 0)) return {1.0F, 0};
        const auto scale = static_cast<float>(reach / 255);
        const double zero = std::nearbyint(-128 - least / static_cast<double>(scale));
        return {scale, static_cast<int>(std::clamp(zero, -128.0, 127.0))};
    }
};

/// What all layers make of an example.
std::vector<std::vector<double>> make_all(const model& subject, const example& inputs) {
    std::vector<std::vector<double>> made;
    std::size_t next_input = 0;
    for (const layer& next : subject.layers) {
        std::vector<const std::vector<double>*> reads;
        for (const int read : next.inputs) reads.push_back(&made[at(read)]);
        made.push_back(next.inputs.empty() ? inputs.at(next_input++)
                                           : evaluate_layer(subject, next, reads));
    }
    return made;
}

/// Gives every layer its numbers: layers that keep them share those of what they read.
void set_numbers(model& subject, std::vector<range> ranges) {
    std::vector<layer>& layers = subject.layers;
    const std::vector<int> readers = readers_of(subject);
    std::vector<int> group(layers.size());
    std::iota(group.begin(), group.end(), 0);
    const auto root = [&](int i) {
        while (group[at(i)] != i) i = group[at(i)];
        return i;
    };
    for (std::size_t i = layers.size(); i-- > 0;) {
        const layer& next = layers[i];
        // What a clamp cuts off needs no cells before it.
        const bool clamps = next.what.operation == operation::clamp && next.inputs.size() == 1 &&
                            readers[at(next.inputs[0])] == 1;
        if (clamps) ranges[at(next.inputs[0])] = ranges[i];
        if (!clamps && !keeps_numbers(next)) continue;
        for (const int read : next.inputs) group[at(root(read))] = root(static_cast<int>(i));
    }
    std::vector<range> joined(layers.size());
    std::vector<std::optional<quantization>> fixed(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto own = at(root(static_cast<int>(i)));
        joined[own].add(ranges[i].least);
        joined[own].add(ranges[i].greatest);
        const descriptor& what = layers[i].what;
        if (what.curve == curve::tanh) fixed[own] = quantization{1.0F / 128, 0};
        if (what.curve == curve::logistic || what.operation == operation::softmax)
            fixed[own] = quantization{1.0F / 256, -128};
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto own = at(root(static_cast<int>(i)));
        layers[i].on_int8 = int8_facts{fixed[own] ? *fixed[own] : joined[own].numbers()};
    }
}

void set_weights(model& subject) {
    for (layer& next : subject.layers) {
        if (!has_kernel(next)) continue; // check_int8 tells of others with weights
        std::vector<float>& kernel = next.weights.at(0);
        const auto filters = at(next.output.extent.channels());
        std::vector<float> scales(filters, 0.0F);
        for (std::size_t k = 0; k < kernel.size(); ++k)
            scales[k % filters] = std::max(scales[k % filters], std::abs(kernel[k]) / 127.0F);
        const auto read =
            static_cast<double>(subject.layers[at(next.inputs[0])].on_int8->made.scale);
        std::vector<int> bias;
        for (std::size_t f = 0; f < filters; ++f) {
            const double number =
                next.weights.size() > 1 ? static_cast<double>(next.weights[1][f]) : 0.0;
            // So that the bias has room, and a filter of zeros a scale.
            const double least = std::abs(number) / (read * double{1 << 30});
            scales[f] = std::max({scales[f], static_cast<float>(least), 1e-12F});
            const double unit = read * static_cast<double>(scales[f]);
            if (next.weights.size() < 2) continue;
            bias.push_back(static_cast<int>(std::round(number / unit)));
            next.weights[1][f] = static_cast<float>(unit * bias.back());
        }
        for (std::size_t k = 0; k < kernel.size(); ++k) {
            const float scale = scales[k % filters];
            kernel[k] = scale * std::clamp(std::round(kernel[k] / scale), -127.0F, 127.0F);
        }
        set_int8_weights(subject, next, std::move(scales), std::move(bias));
    }
}

std::vector<signed char> cells_of(const std::vector<double>& numbers, const quantization& as) {
    std::vector<signed char> cells;
    for (const double number : numbers)
        cells.push_back(static_cast<signed char>(std::clamp(
            std::round(number / static_cast<double>(as.scale)) + as.zero_point, -128.0, 127.0)));
    return cells;
}

template <class Cells> auto greatest_of(const Cells& cells) {
    return std::max_element(cells.begin(), cells.end()) - cells.begin();
}

} // namespace

std::vector<quantised_output> quantise(model& subject, const std::vector<example>& examples) {
    if (subject.on_int8()) throw import_error(subject.file, "", "is on int8 already");
    fold_norms(subject);
    split_activations(subject);
    std::vector<range> ranges(subject.layers.size());
    std::vector<std::vector<std::vector<double>>> expected;
    for (const example& inputs : examples) {
        const std::vector<std::vector<double>> made = make_all(subject, inputs);
        for (std::size_t i = 0; i < made.size(); ++i)
            for (const double number : made[i]) {
                if (!std::isfinite(number))
                    throw import_error(subject.file, subject.layers[i].place,
                                       "makes a number that is not finite of an example");
                ranges[i].add(number);
            }
        auto& outputs = expected.emplace_back();
        for (const model_output& output : subject.outputs)
            outputs.push_back(made[at(output.layer)]);
    }
    set_numbers(subject, std::move(ranges));
    set_weights(subject);
    check_int8(subject);

    std::vector<quantised_output> results(subject.outputs.size());
    std::vector<range> reaches(subject.outputs.size());
    std::vector<long long> cells(subject.outputs.size());
    for (std::size_t i = 0; i < examples.size(); ++i) {
        std::vector<std::vector<signed char>> inputs;
        for (const layer& next : subject.layers)
            if (next.inputs.empty())
                inputs.push_back(cells_of(examples[i].at(inputs.size()), next.on_int8->made));
        const auto made = evaluate_int8(subject, inputs);
        for (std::size_t o = 0; o < made.size(); ++o) {
            const quantization as = subject.layers[at(subject.outputs[o].layer)].on_int8->made;
            for (std::size_t k = 0; k < made[o].size(); ++k) {
                const double number = static_cast<double>(as.scale) * (made[o][k] - as.zero_point);
                const double off = std::abs(number - expected[i][o][k]);
                results[o].largest = std::max(results[o].largest, off);
                results[o].mean += off;
                reaches[o].add(expected[i][o][k]);
                ++cells[o];
            }
            results[o].same += greatest_of(made[o]) == greatest_of(expected[i][o]) ? 1 : 0;
            ++results[o].count;
        }
    }
    for (std::size_t o = 0; o < results.size(); ++o) {
        results[o].mean /= static_cast<double>(std::max(cells[o], 1LL));
        results[o].reach = reaches[o].greatest - reaches[o].least;
    }
    return results;
}

} // namespace ctnn::tool
