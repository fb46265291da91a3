// SPDX-License-Identifier: BSL-1.0
#include "importer.hpp"

#include "../../model/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace ctnn::tool::from_tflite {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

float from_half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    const float sign = bits >> 15 != 0 ? -1.0F : 1.0F;
    if (exponent == 31)
        return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                             : sign * std::numeric_limits<float>::infinity();
    if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
    return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

template <class Cell> std::vector<Cell> cells_of(const std::uint8_t* data, long long count) {
    std::vector<Cell> result(at(count));
    if (count > 0) std::memcpy(result.data(), data, at(count) * sizeof(Cell));
    return result;
}

bool is_whole(format::CellType type) {
    return type == format::CellType_int32 || type == format::CellType_int64;
}

/// "model/conv2d_3/BiasAdd" without the operator's own name: the layer's.
std::string without_operator(const std::string& name) {
    const auto slash = name.rfind('/');
    return slash == std::string::npos ? name : name.substr(0, slash);
}

/// "activation_3" and the like: no name for what an activation was fused into.
bool is_activation(const std::string& name) {
    const auto slash = name.rfind('/');
    std::string own = slash == std::string::npos ? name : name.substr(slash + 1);
    while (!own.empty() && ((own.back() >= '0' && own.back() <= '9') || own.back() == '_'))
        own.pop_back();
    return own == "activation" || own == "re_lu" || own == "relu" || own == "leaky_re_lu" ||
           own == "Identity" || own == "Identity_int" || own == "StatefulPartitionedCall" ||
           own == "PartitionedCall";
}

/// Without the scope that a converter puts around a whole model.
std::string without_model(const std::string& name) {
    const auto slash = name.find('/');
    if (slash == std::string::npos) return name;
    std::string scope = name.substr(0, slash);
    while (!scope.empty() && ((scope.back() >= '0' && scope.back() <= '9') || scope.back() == '_'))
        scope.pop_back();
    return scope == "model" || scope == "functional" || scope == "sequential"
               ? name.substr(slash + 1)
               : name;
}

bool ends_in(const std::string& part, std::string_view name) {
    const auto slash = part.rfind('/');
    std::string own = slash == std::string::npos ? part : part.substr(slash + 1);
    while (!own.empty() && own.back() >= '0' && own.back() <= '9') own.pop_back();
    return own == name;
}

} // namespace

std::string text_of(const flatbuffers::String* text) {
    return text == nullptr ? std::string{} : text->str();
}

std::string name_of_type(format::CellType type) {
    const char* name = format::EnumNameCellType(type);
    return *name == '\0' ? "cells of type " + std::to_string(static_cast<int>(type)) : name;
}

const format::Tensor& importer::tensor(int index) const {
    if (index < 0 || index >= size_of(graph_.tensors()))
        throw refusal("names a tensor that is none");
    return *graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
}

std::string importer::tensor_name(int index) const {
    return printable(text_of(tensor(index).name()));
}

long long constant::count() const { return count_of(dims); }

double constant::number(long long i) const {
    return real ? static_cast<double>(reals.at(at(i))) : static_cast<double>(wholes.at(at(i)));
}

long long count_of(const extents& dims) {
    long long count = 1;
    for (const long long extent : dims) {
        if (extent < 1 || extent > most_cells / count)
            throw refusal("a tensor of shape " + spell(dims) + " is empty, or too large");
        count *= extent;
    }
    return count;
}

bool has_batch(const extents& dims) { return dims.size() > 1 && dims[0] == 1; }

shape held(const extents& dims) {
    extents kept = dims;
    if (has_batch(dims)) kept.erase(kept.begin());
    if (kept.empty()) kept.push_back(1);
    return shape_of(kept);
}

extents lengthened(const extents& dims, std::size_t rank) {
    extents result(rank > dims.size() ? rank - dims.size() : 0, 1);
    result.insert(result.end(), dims.begin(), dims.end());
    return result;
}

extents broadcast(const extents& left, const extents& right) {
    const std::size_t rank = std::max(left.size(), right.size());
    extents result = lengthened(left, rank);
    const extents other = lengthened(right, rank);
    for (std::size_t i = 0; i < rank; ++i) {
        if (result[i] != other[i] && result[i] != 1 && other[i] != 1)
            throw refusal("joins tensors of shapes " + spell(left) + " and " + spell(right) +
                          ", which do not fit");
        result[i] = std::max(result[i], other[i]);
    }
    return result;
}

int node::inputs() const { return size_of(from_.inputs()); }
int node::outputs() const { return size_of(from_.outputs()); }
int node::input(int i) const {
    return i < inputs() ? from_.inputs()->Get(static_cast<flatbuffers::uoffset_t>(i)) : -1;
}
int node::output(int i) const {
    return i < outputs() ? from_.outputs()->Get(static_cast<flatbuffers::uoffset_t>(i)) : -1;
}

importer::importer(model& to, const format::Model& file, const read_options& options)
    : to_(to), file_(file), graph_(*file.subgraphs()->Get(0)), options_(options), build_(to) {}

void importer::run() {
    try {
        build_.place = "the model";
        read_tensors();
        read_inputs();
        int index = 0;
        if (graph_.operators() != nullptr)
            for (const format::Operator* next : *graph_.operators()) {
                build_.place = "operator " + std::to_string(index++);
                if (next == nullptr) throw refusal("is missing");
                const node of(*next, type_of(*next));
                build_.place += " (" + of.type() + ")";
                const std::string name = name_of(of);
                if (!name.empty()) build_.place += " '" + printable(name) + "'";
                convert(of);
            }
        build_.place = "the model";
        read_outputs();
    } catch (const refusal& found) {
        throw import_error(to_.file, build_.place, found.what());
    }
}

void importer::read_tensors() {
    const int count = size_of(graph_.tensors());
    if (count == 0) throw refusal("has no tensors");
    if (count > 200000) throw refusal("has more than 200000 tensors");
    values_.resize(at(count));
    long long bytes_left = 1 << 20; // tensors may share a buffer, but not without end
    if (file_.buffers() != nullptr)
        for (const format::Buffer* buffer : *file_.buffers())
            if (buffer != nullptr) bytes_left += 32LL * size_of(buffer->data());
    for (int i = 0; i < count; ++i) {
        const format::Tensor* from = graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
        if (from == nullptr) throw refusal("tensor " + std::to_string(i) + " is missing");
        const auto type = from->type();
        if (from->sparsity() != nullptr)
            throw refusal("has sparse tensors, which are not supported");
        value& to = values_[at(i)];
        if (from->shape() != nullptr)
            for (const int extent : *from->shape()) to.dims.push_back(extent);
        if (to.dims.size() > 8) throw refusal("has a tensor of more than 8 axes");
        read_scales(*from, to);
        if (from->buffer() == 0) continue;
        if (from->buffer() >= static_cast<unsigned>(size_of(file_.buffers())))
            throw refusal("has a tensor whose buffer is not there");
        const format::Buffer* buffer = file_.buffers()->Get(from->buffer());
        if (buffer == nullptr) throw refusal("has a tensor whose buffer is not there");
        if (buffer->offset() > 1)
            throw refusal("has its numbers behind its tables, which is not supported");
        if (size_of(buffer->data()) == 0) continue;
        const bool real = type == format::CellType_float32 || type == format::CellType_float16;
        const bool on_int8 = type == format::CellType_int8 && to.cells;
        if (!real && !is_whole(type) && !on_int8) {
            to.known = nullptr; // only an error if somebody reads it
            continue;
        }
        const long long cells = count_of(to.dims);
        const int width = on_int8                                                              ? 1
                          : type == format::CellType_float16                                   ? 2
                          : type == format::CellType_int64 || type == format::CellType_float64 ? 8
                                                                                               : 4;
        if (cells * width != size_of(buffer->data()))
            throw refusal("its tensor '" + printable(text_of(from->name())) + "' of shape " +
                          spell(to.dims) + " has " + std::to_string(size_of(buffer->data())) +
                          " bytes, expected " + std::to_string(cells * width));
        bytes_left -= on_int8 ? cells * 4 : cells * 8;
        if (bytes_left < 0) throw refusal("has more constants than buffers for them");
        const std::uint8_t* data = buffer->data()->data();
        constant known = read_cells(*from, to, data);
        known.real = real || on_int8;
        if (on_int8) {
            // The numbers are there.
        } else if (type == format::CellType_float32) {
            known.reals = cells_of<float>(data, cells);
        } else if (type == format::CellType_float16) {
            for (const std::uint16_t bits : cells_of<std::uint16_t>(data, cells))
                known.reals.push_back(from_half(bits));
        } else if (type == format::CellType_int32) {
            for (const std::int32_t number : cells_of<std::int32_t>(data, cells))
                known.wholes.push_back(number);
        } else {
            for (const std::int64_t number : cells_of<std::int64_t>(data, cells))
                known.wholes.push_back(number);
        }
        to.known = std::make_shared<const constant>(std::move(known));
    }
}

void importer::read_inputs() {
    if (size_of(graph_.inputs()) == 0) throw refusal("has no inputs");
    for (const int index : *graph_.inputs()) {
        if (index < 0 || index >= size_of(graph_.tensors()))
            throw refusal("has an input that is no tensor");
        const format::Tensor& from =
            *graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
        const std::string name = text_of(from.name());
        value& to = values_[at(index)];
        if (from.type() != format::CellType_float32 && !to.cells)
            throw refusal("input '" + printable(name) + "' holds " + name_of_type(from.type()) +
                          "; only float32 is supported, and int8 with a scale");
        if (to.layer >= 0) throw refusal("has an input twice");
        to.known = nullptr;
        extents told = to.dims;
        if (from.shape_signature() != nullptr &&
            size_of(from.shape_signature()) == static_cast<int>(told.size()))
            for (std::size_t i = 0; i < told.size(); ++i)
                told[i] = from.shape_signature()->Get(static_cast<flatbuffers::uoffset_t>(i));
        const auto given = options_.inputs.find(name);
        if (given != options_.inputs.end()) {
            const long long batch = told.empty() ? 1 : told[0];
            to.dims = given->second;
            to.dims.insert(to.dims.begin(), std::max(batch, 1LL));
            resized_ = true;
        } else {
            for (std::size_t i = 1; i < told.size(); ++i)
                if (told[i] < 1)
                    throw refusal("input '" + printable(name) + "' has the shape " + spell(told) +
                                  ", which is not fixed: give it, batch left out, as --input " +
                                  printable(name) + "=224,224,3");
        }
        if (to.dims.size() > 1 && to.dims[0] > 1) {
            to_.batch = to.dims[0];
            to.dims[0] = 1;
            resized_ = true;
        }
        count_of(to.dims);
        to.layer = build_.add_input(name, held(to.dims));
        layer& made = to_.layers[at(to.layer)];
        if (to.cells && from.type() == format::CellType_int8) made.on_int8 = {*to.cells};
        made.order.extents = to.dims;
        for (int axis = 0; axis < made.output.extent.rank; ++axis)
            made.order.axes.push_back(axis + (has_batch(to.dims) ? 1 : 0));
    }
}

void importer::read_outputs() {
    if (size_of(graph_.outputs()) == 0) throw refusal("has no outputs");
    for (const std::string& wanted : options_.outputs) {
        bool found = false;
        for (const int index : *graph_.outputs())
            found =
                found ||
                (index >= 0 && index < size_of(graph_.tensors()) &&
                 text_of(
                     graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index))->name()) ==
                     wanted);
        if (!found) throw refusal("has no output '" + printable(wanted) + "'");
    }
    for (const int index : *graph_.outputs()) {
        const value& made = get(index);
        const std::string name =
            text_of(graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index))->name());
        if (!options_.outputs.empty() &&
            std::count(options_.outputs.begin(), options_.outputs.end(), name) == 0)
            continue;
        if (made.layer < 0) throw refusal("output '" + printable(name) + "' is a constant");
        source_order order{made.dims, {}};
        for (int axis = 0; axis < build_.rank(made.layer); ++axis)
            order.axes.push_back(made.dims.empty() ? -1 : axis + (has_batch(made.dims) ? 1 : 0));
        to_.outputs.push_back({name, made.layer, std::move(order)});
    }
}

std::string importer::type_of(const format::Operator& from) const {
    if (from.opcode_index() >= static_cast<unsigned>(size_of(file_.operator_codes())))
        throw refusal("is of a type that is not there");
    const format::OperatorCode* code = file_.operator_codes()->Get(from.opcode_index());
    if (code == nullptr) throw refusal("is of a type that is not there");
    const int number = std::max<int>(code->old_code(), code->code());
    const std::string name = operator_name(number);
    if (name == "CUSTOM") return "CUSTOM " + printable(text_of(code->custom_code()));
    return name.empty() ? "operator " + std::to_string(number) : name;
}

void importer::convert(const node& of) {
    if (of.inputs() > 4096 || of.outputs() > 4096) throw refusal("has too many inputs or outputs");
    check_types(of);
    if (fold(*this, of)) return;
    const converter found = find_converter(of.type());
    if (found == nullptr)
        throw refusal("this operator is not supported. Supported are " + supported_operators());
    const int first = static_cast<int>(to_.layers.size());
    found(*this, of);
    add_int8(of, first);
}

const value& importer::get(int tensor) const {
    if (tensor < 0 || at(tensor) >= values_.size()) throw refusal("names a tensor that is none");
    const value& found = values_[at(tensor)];
    if (found.layer < 0 && !found.known) {
        const format::Tensor& from =
            *graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(tensor));
        throw refusal("reads the tensor '" + printable(text_of(from.name())) + "' of " +
                      name_of_type(from.type()) + ", which nothing before it makes");
    }
    return found;
}

bool importer::has_input(const node& of, int i) const { return of.input(i) >= 0; }

const value& importer::input(const node& of, int i) const {
    if (!has_input(of, i)) throw refusal("has no input " + std::to_string(i));
    return get(of.input(i));
}

bool importer::is_known(const node& of, int i) const {
    return has_input(of, i) && input(of, i).known != nullptr;
}

const constant& importer::known(const node& of, int i, std::string_view what) const {
    const value& found = input(of, i);
    if (!found.known)
        throw refusal("its " + std::string(what) +
                      " are made when the model runs; they must be "
                      "known before");
    return *found.known;
}

std::vector<long long> importer::wholes(const node& of, int i, std::string_view what) const {
    const constant& found = known(of, i, what);
    if (found.real) throw refusal("its " + std::string(what) + " are no whole numbers");
    if (found.wholes.size() > 4096) throw refusal("has too many " + std::string(what));
    return found.wholes;
}

const value& importer::moving(const node& of, int i) const {
    const value& found = input(of, i);
    if (found.layer < 0)
        throw refusal("reads a constant where a tensor of the network is expected");
    return found;
}

void importer::set(const node& of, int i, value made) {
    const int tensor = of.output(i);
    if (tensor < 0 || at(tensor) >= values_.size()) throw refusal("has an output that is none");
    value& to = values_[at(tensor)];
    if (to.layer >= 0) throw refusal("makes a tensor that is there already");
    const format::Tensor& told =
        *graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(tensor));
    bool fixed = told.shape_signature() == nullptr && size_of(told.shape()) > 0;
    for (int extent = 0; extent < size_of(told.shape()); ++extent)
        fixed = fixed && told.shape()->Get(static_cast<flatbuffers::uoffset_t>(extent)) > 0;
    if (fixed && !resized_ && made.layer >= 0 && to.dims != made.dims)
        throw refusal("would give a tensor of shape " + spell(made.dims) + ", and the file says " +
                      spell(to.dims));
    made.cells = to.cells;
    to = std::move(made);
}

void importer::give(const node& of, int layer, const extents& dims, int output) {
    set(of, output, {dims, build_.reshaped(layer, held(dims)), nullptr, {}});
}

void importer::give(const node& of, constant folded, int output) {
    value made;
    made.dims = folded.dims;
    made.known = std::make_shared<const constant>(std::move(folded));
    set(of, output, std::move(made));
}

std::string importer::name_of(const node& of) const {
    const int tensor = of.output(0);
    if (tensor < 0 || tensor >= size_of(graph_.tensors())) return {};
    const format::Tensor* from = graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(tensor));
    const std::string full = from == nullptr ? std::string{} : text_of(from->name());
    // Names of what was fused lie behind each other: "a/conv/Relu;a/norm/FusedBatchNormV3;..."
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= full.size() && parts.size() < 64;) {
        const std::size_t end = std::min(full.find(';', begin), full.size());
        parts.push_back(full.substr(begin, end - begin));
        begin = end + 1;
    }
    const bool kernel = of.type() == "CONV_2D" || of.type() == "DEPTHWISE_CONV_2D" ||
                        of.type() == "FULLY_CONNECTED" || of.type() == "TRANSPOSE_CONV";
    if (kernel)
        for (const std::string_view own : {"BiasAdd", "depthwise", "Conv", "MatMul"})
            for (const std::string& part : parts)
                if (ends_in(part, own) || (own == "Conv" && ends_in(part, "Conv2D")))
                    return without_model(without_operator(part));
    for (const std::string& part : parts) {
        std::string name = without_model(without_operator(part));
        if (!is_activation(name)) return name;
    }
    return {};
}

int importer::add(const node& of, const descriptor& what, std::vector<int> inputs,
                  std::vector<std::vector<float>> weights) {
    std::string name = name_of(of);
    if (name.size() > 4096) name.clear();
    return build_.add(what, std::move(inputs), std::move(weights), name);
}

namespace {

const descriptor* activation_of(int number) {
    switch (number) {
    case 0: return nullptr;
    case 1: return &relu::info;
    case 2: return &hard_tanh::info;
    case 3: return &relu6::info;
    case 4: return &ctnn::tanh::info;
    default:
        throw refusal("has an activation that is not supported (" + std::to_string(number) + ")");
    }
}

} // namespace

int importer::add(const node& of, descriptor what, int input,
                  std::vector<std::vector<float>> weights, int activation) {
    const descriptor* found = activation_of(activation);
    if (found != nullptr) set_activation(to_, what, *found);
    return add(of, what, {input}, std::move(weights));
}

int importer::activated(int layer, int activation) {
    const descriptor* found = activation_of(activation);
    return found == nullptr ? layer : build_.add(*found, {layer});
}

int importer::axis_of(const value& from, long long axis) const {
    const auto rank = static_cast<long long>(from.dims.size());
    const long long own = axis < 0 ? axis + rank : axis;
    if (own < 0 || own >= rank)
        throw refusal("works along axis " + std::to_string(axis) + " of a tensor of shape " +
                      spell(from.dims));
    return static_cast<int>(own);
}

int importer::held_axis(const value& from, long long axis) const {
    const int own = axis_of(from, axis) - (has_batch(from.dims) ? 1 : 0);
    if (own < 0) throw refusal("works along the batch, which is not supported");
    return own;
}

} // namespace ctnn::tool::from_tflite
