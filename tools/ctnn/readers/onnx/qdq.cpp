// SPDX-License-Identifier: BSL-1.0
// Quantised models as ONNX has them: operators on floats between QuantizeLinear and
// DequantizeLinear. A QuantizeLinear becomes a `linear` layer that has numbers on int8, a mark;
// when all layers are there, marks say the numbers of the layers around them.
#include "operators.hpp"

#include "../../model/error.hpp"
#include "../../model/int8.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {

/// Scale and zero point of a node, a zero point of uint8 as that of int8.
struct node_scales {
    std::vector<float> scales;
    std::vector<long long> zeros; ///< as many, as the file has them
    long long shift = 0;          ///< 128 of uint8
    int type = 0;                 ///< of the cells
};

node_scales scales_of(importer& by, const node& of) {
    const tensor& scale = by.known(of, 1, "scales");
    node_scales found;
    if (!scale.real || scale.count() == 0) throw refusal("its scales are no real numbers");
    found.scales = scale.reals;
    found.type = whole_int(of.integer("output_dtype", 0), "attribute output_dtype");
    if (found.type == 0) found.type = onnx::TensorProto::UINT8;
    found.zeros.assign(found.scales.size(), 0);
    if (of.has_input(2)) {
        const tensor& zero = by.known(of, 2, "zero points");
        if (zero.real || zero.count() != scale.count())
            throw refusal("has " + std::to_string(scale.count()) + " scales and " +
                          std::to_string(zero.count()) + " zero points of whole numbers");
        found.zeros.assign(zero.wholes.begin(), zero.wholes.end());
        if (zero.type != 0) found.type = zero.type;
    } else if (of.is_dequantise()) {
        const tensor* cells = by.is_known(of, 0) ? &by.known(of, 0, "cells") : nullptr;
        if (cells != nullptr && cells->type != 0) found.type = cells->type;
    }
    for (const float each : found.scales)
        if (!(each > 0) || !std::isfinite(each)) throw refusal("has a scale that is not above 0");
    if (found.type == onnx::TensorProto::UINT8) found.shift = 128;
    return found;
}

bool is_mark(const layer& subject) {
    return subject.on_int8 && subject.what.kind == linear::info.kind;
}

/// Whether numbers of what a layer makes may be those of what it reads, whatever these are.
bool hands_back(const layer& subject) {
    return subject.what.operation == operation::clamp ||
           (keeps_numbers(subject) && subject.what.operation != operation::mean);
}

/// A pool under whose window the whole map lies is a mean that may have other numbers.
void become_global(layer& pool, const shape& map) {
    const window& over = pool.what.options.spatial;
    bool whole = pool.what.family == family::pool && pool.what.operation == operation::mean &&
                 over.axes > 0 && map.rank == over.axes + 1;
    for (int axis = 0; axis < over.axes && whole; ++axis)
        whole = over.extent[axis] == map[axis] && over.before[axis] == 0 && over.after[axis] == 0 &&
                pool.output.extent[axis] == 1;
    if (!whole) return;
    pool.what = over.axes == 1   ? global_avg_pool1d<>::info
                : over.axes == 2 ? global_avg_pool2d<>::info
                                 : global_avg_pool3d<>::info;
    pool.what.options.keep_dims = true;
}

std::optional<quantization> fixed_numbers(const layer& subject) {
    if (subject.what.curve == curve::tanh) return quantization{1.0F / 128, 0};
    if (subject.what.curve == curve::logistic || subject.what.operation == operation::softmax)
        return quantization{1.0F / 256, -128};
    return std::nullopt;
}

/// Numbers for each layer, from the marks.
class resolution {
public:
    explicit resolution(model& subject) : subject_(subject), layers_(subject.layers) {
        wanted_.resize(layers_.size());
        readers_.resize(layers_.size());
        for (const layer& next : layers_)
            for (const int read : next.inputs) ++readers_[at(read)];
        for (const model_output& output : subject.outputs) ++readers_[at(output.layer)];
        ask();
        give();
        set_weights();
    }

private:
    layer& behind(int i) { return layers_[at(i)]; }

    /// What marks want of the layers before them.
    void ask() {
        for (std::size_t i = layers_.size(); i-- > 0;) {
            const layer& next = layers_[i];
            if (is_mark(next)) wanted_[i] = next.on_int8->made;
            if (!wanted_[i] || !(is_mark(next) || hands_back(next))) continue;
            for (const int read : next.inputs)
                if (!is_mark(behind(read)) && !wanted_[at(read)] &&
                    (is_mark(next) || readers_[at(read)] == 1))
                    wanted_[at(read)] = wanted_[i];
        }
    }

    /// What every layer makes. A mark that wants what is there already goes.
    void give() {
        std::vector<int> becomes(layers_.size());
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            layer& next = layers_[i];
            becomes[i] = static_cast<int>(i);
            for (int& read : next.inputs) read = becomes[at(read)];
            const bool mark = is_mark(next);
            const layer* source = next.inputs.empty() ? nullptr : &behind(next.inputs[0]);
            std::optional<quantization> number = wanted_[i];
            if (mark && source->on_int8 && source->on_int8->made == *number)
                becomes[i] = next.inputs[0];
            if (!mark && keeps_numbers(next)) {
                if (next.what.operation == operation::mean && number && source->on_int8 &&
                    !(source->on_int8->made == *number))
                    become_global(next, source->output.extent);
                if (keeps_numbers(next))
                    number = source->on_int8 ? std::optional(source->on_int8->made) : std::nullopt;
            }
            if (const auto fixed = fixed_numbers(next); fixed && source->on_int8) {
                number = fixed;
                told_.push_back(next.place);
            }
            if (!number) {
                next.on_int8.reset();
                continue;
            }
            if (!next.on_int8) next.on_int8.emplace();
            next.on_int8->made = *number;
        }
        for (model_output& output : subject_.outputs) output.layer = becomes[at(output.layer)];
        for (const layer& next : layers_)
            if (next.inputs.empty() && next.on_int8)
                subject_.notes.push_back("input '" + next.name +
                                         "' is int8: QuantizeLinear at the start was dropped (cell "
                                         "= number / scale + zero point)");
        for (const model_output& output : subject_.outputs)
            subject_.notes.push_back("output '" + output.name +
                                     "' is int8 (number = scale * (cell - zero point))");
        for (const std::string& place : told_)
            subject_.notes.push_back(place +
                                     ": is computed on int8, and the model has floats there");
    }

    void set_weights() {
        for (layer& next : layers_) {
            if (!next.on_int8 || next.weights.empty() || next.on_int8->kernel_scales.empty())
                continue; // check_int8 tells
            std::vector<float> scales = next.on_int8->kernel_scales;
            const layer& source = behind(next.inputs[0]);
            std::vector<int> bias;
            for (std::size_t f = 0; next.weights.size() > 1 && f < next.weights[1].size(); ++f) {
                if (!source.on_int8) return;
                const double unit = static_cast<double>(source.on_int8->made.scale) *
                                    static_cast<double>(scales[scales.size() > 1 ? f : 0]);
                const double cell = std::round(static_cast<double>(next.weights[1][f]) / unit);
                if (!(std::abs(cell) < 2147483648.0))
                    throw import_error(subject_.file, next.place,
                                       "has a bias that is no int32 in units of its scales");
                bias.push_back(static_cast<int>(cell));
            }
            set_int8_weights(subject_, next, std::move(scales), std::move(bias));
        }
    }

    model& subject_;
    std::vector<layer>& layers_;
    std::vector<std::optional<quantization>> wanted_;
    std::vector<int> readers_;
    std::vector<std::string> told_;
};

} // namespace

void convert_quantise(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    if (of.is_dequantise()) return by.set(of, 0, from);
    const node_scales found = scales_of(by, of);
    if (found.type != onnx::TensorProto::INT8 && found.type != onnx::TensorProto::UINT8)
        throw refusal("makes " + name_of_type(found.type) +
                      "; of quantised models, those on int8 "
                      "and uint8 are supported");
    if (found.scales.size() != 1)
        throw refusal("has " + std::to_string(found.scales.size()) +
                      " scales for a tensor that is made at run time; one is supported");
    value made = from;
    made.layer = by.add(linear::info, {from.layer}, {}, false);
    by.target().layers[at(made.layer)].on_int8 =
        int8_facts{{found.scales[0], static_cast<int>(found.zeros[0] - found.shift)}};
    if (found.shift != 0) by.note("cells of uint8 become int8: 128 less, as their zero points");
    by.set(of, 0, std::move(made));
}

bool fold_quantise(importer& by, const node& of) {
    const node_scales found = scales_of(by, of);
    const tensor& from = by.known(of, 0, "numbers");
    long long inner = 1;
    if (found.scales.size() > 1) {
        const int axis = normal_axis(of.integer("axis", 1), static_cast<int>(from.dims.size()));
        if (from.dims[at(axis)] != static_cast<long long>(found.scales.size()))
            throw refusal("has " + std::to_string(found.scales.size()) + " scales along axis " +
                          std::to_string(axis) + " of a tensor of shape " + spell(from.dims));
        for (std::size_t i = at(axis) + 1; i < from.dims.size(); ++i) inner *= from.dims[i];
    }
    const bool back = of.is_dequantise();
    if (from.real == back)
        throw refusal(back ? "reads real numbers" : "reads numbers that are quantised already");
    tensor made;
    made.dims = from.dims;
    made.real = back;
    made.type = back ? 0 : found.type;
    made.scales = found.scales;
    const long long least = found.shift != 0 ? 0 : -128;
    for (long long i = 0; i < from.count(); ++i) {
        const std::size_t own =
            found.scales.size() > 1 ? at(i / inner) % found.scales.size() : std::size_t{0};
        if (back) {
            made.reals.push_back(
                static_cast<float>(static_cast<double>(from.wholes[at(i)] - found.zeros[own]) *
                                   static_cast<double>(found.scales[own])));
        } else {
            const double cell = std::nearbyint(static_cast<double>(from.reals[at(i)]) /
                                               static_cast<double>(found.scales[own])) +
                                static_cast<double>(found.zeros[own]);
            made.wholes.push_back(static_cast<std::int64_t>(
                std::clamp(cell, static_cast<double>(least), static_cast<double>(least + 255))));
        }
    }
    by.set(of, 0, std::move(made));
    return true;
}

void resolve_marks(model& subject) {
    bool any = false;
    bool kernels = false;
    for (const layer& next : subject.layers) {
        any = any || is_mark(next);
        kernels = kernels || (next.on_int8 && !next.on_int8->kernel_scales.empty());
    }
    if (any && !kernels)
        throw import_error(subject.file, "",
                           "quantises tensors, and no layer of it has quantised weights. Supported "
                           "are networks that are on int8 throughout");
    if (any) {
        const resolution made(subject);
        return;
    }
    for (layer& next : subject.layers) next.on_int8.reset(); // weights alone: they are numbers now
}

} // namespace ctnn::tool::from_onnx
