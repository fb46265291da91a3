// SPDX-License-Identifier: BSL-1.0
// The state of an import from TensorFlow Lite. Its tensors have their channels last and the batch
// first; a tensor of the model is the same cells without the batch.
#pragma once

#include "../common/builder.hpp"
#include "../read.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tflite_generated.h"

namespace ctnn::tool::from_tflite {

using extents = std::vector<long long>;

/// Numbers that are known before the network runs.
struct constant {
    extents dims;
    bool real = true;
    std::vector<float> reals; ///< of cells of int8 with a scale the numbers that they stand for
    std::vector<long long> wholes;
    std::vector<float> scales; ///< of cells of int8 or int32, one or as many as there are filters
    bool on_int8 = false;      ///< the file has cells of int8

    long long count() const;
    double number(long long i) const;
};

struct value {
    extents dims; ///< as the file has them, batch included
    int layer = -1;
    std::shared_ptr<const constant> known;
    std::optional<quantization> cells; ///< of int8: how they stand for numbers
};

template <class Vector> int size_of(const Vector* list) {
    return list == nullptr ? 0 : static_cast<int>(list->size());
}
std::string text_of(const flatbuffers::String* text);
std::string name_of_type(format::CellType type);

/// How many numbers; throws where there are too many or an extent is less than 1.
long long count_of(const extents& dims);
/// A tensor's extents in the model: those of the file, without a batch of 1.
shape held(const extents& dims);
bool has_batch(const extents& dims);
extents broadcast(const extents& left, const extents& right);
/// The extents with ones before them.
extents lengthened(const extents& dims, std::size_t rank);

/// An operator of the file.
class node {
public:
    node(const format::Operator& from, std::string type) : from_(from), type_(std::move(type)) {}

    const std::string& type() const { return type_; }
    int inputs() const;
    int outputs() const;
    int input(int i) const;  ///< the tensor; -1 if there is none
    int output(int i) const; ///< the tensor; -1 if there is none
    /// Its options; null if it has none, or others.
    template <class Options> const Options* find() const { return from_.options_as<Options>(); }
    /// Its options; throws if it has none.
    template <class Options> const Options& options() const {
        const Options* found = find<Options>();
        if (found == nullptr) throw refusal("has no options, or those of another operator");
        return *found;
    }

private:
    const format::Operator& from_;
    std::string type_;
};

class importer {
public:
    importer(model& to, const format::Model& file, const read_options& options);

    /// Everything. Throws import_error.
    void run();

    // --- for operators ---
    builder& build() { return build_; }
    const value& get(int tensor) const;
    const value& input(const node& of, int i) const;
    bool has_input(const node& of, int i) const;
    bool is_known(const node& of, int i) const;
    /// An input that must be known; `what` names it for the message.
    const constant& known(const node& of, int i, std::string_view what) const;
    /// The numbers of an input that are whole.
    std::vector<long long> wholes(const node& of, int i, std::string_view what) const;
    /// An input made by a layer; numbers that are known become an error.
    const value& moving(const node& of, int i) const;

    void set(const node& of, int i, value made);
    /// A layer's tensor as an output of the operator, with these extents.
    void give(const node& of, int layer, const extents& dims, int output = 0);
    void give(const node& of, constant folded, int output = 0);
    /// Adds the operator's layer, which has its name.
    int add(const node& of, const descriptor& what, std::vector<int> inputs,
            std::vector<std::vector<float>> weights = {});
    /// The same with an activation (of an option) in it or behind it.
    int add(const node& of, descriptor what, int input, std::vector<std::vector<float>> weights,
            int activation);
    /// A layer for the activation of an option; `layer` itself if it is none.
    int activated(int layer, int activation);
    /// An axis of the file's tensor counted from 0; throws if there is none such.
    int axis_of(const value& from, long long axis) const;
    /// The same axis of the layer's tensor; throws if it is the batch.
    int held_axis(const value& from, long long axis) const;
    std::string name_of(const node& of) const;
    long long batch() const { return to_.batch; }
    /// Drops the operator that makes int8 of float32 or back, and says so. `of` reads a tensor of
    /// the network.
    void drop(const node& of, const std::string& note);
    layer& layer_at(int index) { return to_.layers[static_cast<std::size_t>(index)]; }
    /// The type of an input or output as the file has it.
    format::CellType type_at(int tensor) const { return this->tensor(tensor).type(); }
    const std::optional<quantization>& numbers_of(int tensor) const {
        static_cast<void>(this->tensor(tensor));
        return values_[static_cast<std::size_t>(tensor)].cells;
    }

private:
    void read_tensors();
    void read_inputs();
    void read_outputs();
    void convert(const node& of);
    const format::Tensor& tensor(int index) const;
    std::string tensor_name(int index) const;
    // --- int8.cpp ---
    void read_scales(const format::Tensor& from, value& to);
    constant read_cells(const format::Tensor& from, const value& to, const std::uint8_t* data);
    void check_types(const node& of) const;
    /// Gives the layers from `first` on, which an operator made, what they are on int8.
    void add_int8(const node& of, int first);
    std::string type_of(const format::Operator& from) const;

    model& to_;
    const format::Model& file_;
    const format::Subgraph& graph_;
    const read_options& options_;
    builder build_;
    std::vector<value> values_;
    bool resized_ = false; ///< extents differ from those that the file says
    std::vector<std::string> names_;
};

using converter = void (*)(importer&, const node&);
converter find_converter(const std::string& type);
std::string supported_operators();
/// "CONV_2D"; empty if there is none such.
std::string operator_name(int code);

/// Computes an operator whose inputs are known. False if that is no work of its.
bool fold(importer& by, const node& of);

void convert_conv(importer& by, const node& of);
void convert_conv3d(importer& by, const node& of);
void convert_transpose_conv(importer& by, const node& of);
void convert_fully_connected(importer& by, const node& of);
void convert_pool(importer& by, const node& of);
void convert_resize(importer& by, const node& of);
void convert_arithmetic(importer& by, const node& of);
void convert_power(importer& by, const node& of);
void convert_reduce(importer& by, const node& of);
void convert_activation(importer& by, const node& of);
void convert_prelu(importer& by, const node& of);
void convert_softmax(importer& by, const node& of);
void convert_norm(importer& by, const node& of);
void convert_reshape(importer& by, const node& of);
void convert_transpose(importer& by, const node& of);
void convert_concatenation(importer& by, const node& of);
void convert_pack(importer& by, const node& of);
void convert_pad(importer& by, const node& of);
void convert_split(importer& by, const node& of);
void convert_slice(importer& by, const node& of);
void convert_block(importer& by, const node& of);
void convert_identity(importer& by, const node& of);
void convert_quantize(importer& by, const node& of);

} // namespace ctnn::tool::from_tflite
