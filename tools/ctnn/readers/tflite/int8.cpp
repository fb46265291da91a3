// SPDX-License-Identifier: BSL-1.0
// Cells of int8: their scales and zero points, and what operators make of them.
#include "importer.hpp"

#include "../../model/int8.hpp"

#include <cmath>
#include <cstring>
#include <utility>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

bool is_scaled(const format::Tensor& from) {
    return from.quantization() != nullptr && size_of(from.quantization()->scale()) > 0;
}

/// A zero point; none counts as 0. Files hold them at any multiple of four bytes.
long long zero_at(const flatbuffers::Vector<std::int64_t>* zeros, flatbuffers::uoffset_t index) {
    if (zeros == nullptr || index >= zeros->size()) return 0;
    std::int64_t zero;
    std::memcpy(&zero, zeros->Data() + index * sizeof zero, sizeof zero);
    return flatbuffers::EndianScalar(zero);
}

/// Types that hold cells with a scale, of those that are no float.
bool may_be_cells(format::CellType type) {
    return type != format::CellType_float32 && type != format::CellType_float16 &&
           type != format::CellType_float64;
}

std::string spell(const quantization& numbers) {
    return "scale " + std::to_string(numbers.scale) + ", zero point " +
           std::to_string(numbers.zero_point);
}

/// The kernel and bias of an operator among its inputs; -1: it has none.
struct weights_place {
    int kernel = -1;
    int bias = -1;
};
weights_place weights_of(const node& of) {
    if (of.type() == "TRANSPOSE_CONV") return {1, 3};
    if (of.type() == "CONV_2D" || of.type() == "DEPTHWISE_CONV_2D" || of.type() == "CONV_3D" ||
        of.type() == "FULLY_CONNECTED")
        return {1, 2};
    return {};
}

} // namespace

void importer::read_scales(const format::Tensor& from, value& to) {
    const bool byte = from.type() == format::CellType_int8 || from.type() == format::CellType_uint8;
    if (!byte || !is_scaled(from)) return;
    const auto* zeros = from.quantization()->zero_point();
    const long long zero = zero_at(zeros, 0);
    if (zero < -1024 || zero > 1024)
        throw refusal("its tensor '" + printable(text_of(from.name())) + "' has a zero point of " +
                      std::to_string(zero));
    to.cells = quantization{from.quantization()->scale()->Get(0), static_cast<int>(zero)};
}

/// A constant of int8 as the numbers that it stands for; of other types its scales alone.
constant importer::read_cells(const format::Tensor& from, const value& to,
                              const std::uint8_t* data) {
    constant known;
    known.dims = to.dims;
    if (!is_scaled(from) || !may_be_cells(from.type())) return known;
    const auto& scales = *from.quantization()->scale();
    const auto* zeros = from.quantization()->zero_point();
    known.scales.assign(scales.begin(), scales.end());
    known.on_int8 = from.type() == format::CellType_int8;
    if (!known.on_int8) return known;
    const std::string name = "its tensor '" + printable(text_of(from.name())) + "'";
    const int axis = from.quantization()->axis();
    long long inner = 1; // cells that share a scale, one after the other
    if (scales.size() > 1) {
        if (axis < 0 || at(axis) >= known.dims.size() ||
            known.dims[at(axis)] != static_cast<long long>(scales.size()))
            throw refusal(name + " of shape " + tool::spell(known.dims) + " has " +
                          std::to_string(scales.size()) + " scales along axis " +
                          std::to_string(axis));
        for (std::size_t i = at(axis) + 1; i < known.dims.size(); ++i) inner *= known.dims[i];
    }
    const long long count = count_of(known.dims);
    known.reals.reserve(at(count));
    for (long long i = 0; i < count; ++i) {
        const auto own = static_cast<flatbuffers::uoffset_t>(
            scales.size() > 1 ? i / inner % static_cast<long long>(scales.size()) : 0);
        const long long zero = zero_at(zeros, size_of(zeros) == 1 ? 0 : own);
        const auto cell = static_cast<signed char>(data[i]);
        known.reals.push_back(scales.Get(own) * static_cast<float>(cell - zero));
    }
    return known;
}

/// Refuses what is quantised in other ways, where an operator reads or makes it.
void importer::check_types(const node& of) const {
    const bool ends = of.type() == "QUANTIZE" || of.type() == "DEQUANTIZE";
    bool floats = false;
    for (int i = 0; i < of.outputs(); ++i) {
        const int index = of.output(i);
        if (index < 0 || index >= size_of(graph_.tensors())) continue;
        floats = floats || tensor(index).type() == format::CellType_float32;
    }
    const weights_place weights = weights_of(of);
    for (int i = 0; i < of.inputs() + of.outputs(); ++i) {
        const int index = i < of.inputs() ? of.input(i) : of.output(i - of.inputs());
        if (index < 0 || index >= size_of(graph_.tensors())) continue;
        const format::Tensor& subject = tensor(index);
        const auto type = subject.type();
        if (!is_scaled(subject) || !may_be_cells(type)) continue;
        const std::string name = "'" + tensor_name(index) + "'";
        const bool bias = i == weights.bias && i < of.inputs();
        if (type == format::CellType_int8 || (type == format::CellType_int32 && bias) ||
            (type == format::CellType_uint8 && ends)) {
            if (type == format::CellType_int8 && floats && !ends && i < of.inputs())
                throw refusal("reads " + name +
                              " of int8 and computes in float32 (a model whose weights alone are "
                              "quantised, or a mixed one), which is not supported. Import the "
                              "float32 model, or one that is quantised to int8 in full");
            continue;
        }
        throw refusal(std::string(i < of.inputs() ? "reads " : "makes ") + name + " of " +
                      name_of_type(type) +
                      " with a scale. Of quantised models, those on int8 with biases of int32 are "
                      "supported; quantise the float32 model to int8 in full, or import it");
    }
}

void importer::add_int8(const node& of, int first) {
    const auto is_tensor = [&](int index) { return index >= 0 && at(index) < values_.size(); };
    if (!is_tensor(of.output(0))) return;
    const auto& first_cells = values_[at(of.output(0))].cells;
    for (int i = first; i < static_cast<int>(to_.layers.size()); ++i) {
        layer& next = layer_at(i);
        if (next.on_int8) continue;
        const int read = next.inputs.empty() ? -1 : next.inputs[0];
        if (keeps_numbers(next) && layer_at(read).on_int8)
            next.on_int8 = int8_facts{layer_at(read).on_int8->made};
        else if (first_cells)
            next.on_int8 = int8_facts{*first_cells};
    }
    for (int i = 0; i < of.outputs(); ++i) {
        if (!is_tensor(of.output(i))) continue;
        const value& made = values_[at(of.output(i))];
        if (!made.cells || made.layer < 0) continue;
        layer& last = layer_at(made.layer);
        if (type_at(of.output(i)) != format::CellType_int8) continue;
        if (made.layer >= first) {
            if (!last.on_int8) last.on_int8.emplace();
            last.on_int8->made = *made.cells;
        } else if (!last.on_int8 || !(last.on_int8->made == *made.cells)) {
            throw refusal("moves cells of int8 and makes '" + tensor_name(of.output(i)) +
                          "' with " + spell(*made.cells) + ", which is not what it reads");
        }
    }
    const weights_place place = weights_of(of);
    if (!first_cells || place.kernel < 0) return;
    const constant& kernel = known(of, place.kernel, "weights");
    if (!kernel.on_int8)
        throw refusal("has weights of float32, and its tensors are int8. Supported are kernels of "
                      "int8 with zero point 0 and biases of int32");
    const auto* zeros = tensor(of.input(place.kernel)).quantization()->zero_point();
    for (int i = 0; i < size_of(zeros); ++i)
        if (const long long zero = zero_at(zeros, static_cast<flatbuffers::uoffset_t>(i));
            zero != 0)
            throw refusal("has weights of int8 with a zero point of " + std::to_string(zero) +
                          "; only 0 is supported");
    for (int i = first; i < static_cast<int>(to_.layers.size()); ++i) {
        layer& next = layer_at(i);
        if (next.weights.empty()) continue;
        const bool biased = next.weights.size() > 1;
        std::vector<int> biases;
        if (biased) {
            const constant& bias = known(of, place.bias, "biases");
            if (bias.real || type_at(of.input(place.bias)) != format::CellType_int32)
                throw refusal("has biases of " + name_of_type(type_at(of.input(place.bias))) +
                              "; with int8, int32 is supported");
            for (const long long cell : bias.wholes) biases.push_back(static_cast<int>(cell));
        }
        if (kernel.scales.size() > 1 && tensor(of.input(place.kernel)).quantization()->axis() !=
                                            (of.type() == "DEPTHWISE_CONV_2D" ? 3 : 0))
            throw refusal("has scales of weights along another axis than that of its filters");
        set_int8_weights(to_, next, kernel.scales, std::move(biases));
    }
}

void importer::drop(const node& of, const std::string& note) {
    const value& from = moving(of, 0);
    to_.notes.push_back(note);
    set(of, 0, {from.dims, from.layer, nullptr, {}});
}

void convert_quantize(importer& by, const node& of) {
    const value& from = by.moving(of, 0);
    const auto read = by.type_at(of.input(0));
    const auto made = by.type_at(of.output(0));
    const std::string name = "'" + printable(by.layer_at(from.layer).name) + "'";
    const auto& before = by.numbers_of(of.input(0));
    const auto& after = by.numbers_of(of.output(0));
    layer& source = by.layer_at(from.layer);
    const bool input = source.inputs.empty();
    const auto shifted = [](const quantization& bytes, const quantization& cells) {
        return bytes.scale == cells.scale && bytes.zero_point == cells.zero_point + 128;
    };
    if (made == format::CellType_float32 && read == format::CellType_int8)
        return by.drop(of,
                       "the output is int8: DEQUANTIZE at the end was dropped (number = scale * "
                       "(cell - zero point))");
    if (input && !source.on_int8 && made == format::CellType_int8 && after) {
        if (read == format::CellType_float32) {
            source.on_int8 = int8_facts{*after};
            return by.drop(of, "input " + name +
                                   " is int8: QUANTIZE at the start was dropped (cell = number / "
                                   "scale + zero point)");
        }
        if (read == format::CellType_uint8 && before && shifted(*before, *after)) {
            source.on_int8 = int8_facts{*after};
            return by.drop(of, "input " + name +
                                   " is int8: QUANTIZE from uint8 at the start was dropped (cell = "
                                   "byte - 128)");
        }
    }
    if (read == format::CellType_int8 && made == format::CellType_uint8 && before && after &&
        shifted(*after, *before))
        return by.drop(of, "the output is int8: QUANTIZE to uint8 at the end was dropped (byte = "
                           "cell + 128)");
    if (read != format::CellType_int8 || made != format::CellType_int8 || !before || !after)
        throw refusal("makes " + name_of_type(made) + " of " + name_of_type(read) +
                      ". A network is on int8 throughout, quantised where it begins and "
                      "dequantised where it ends alone");
    if (*before == *after) return by.give(of, from.layer, from.dims);
    by.give(of, by.add(of, linear::info, {from.layer}), from.dims);
}

} // namespace ctnn::tool::from_tflite
