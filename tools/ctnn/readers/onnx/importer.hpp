// SPDX-License-Identifier: BSL-1.0
// The state of an import: what each value of the source is by now, and the layers that were made.
#pragma once

#include "../../model/model.hpp"
#include "../read.hpp"
#include "layout.hpp"
#include "node.hpp"
#include "tensor.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onnx {
class GraphProto;
}

namespace ctnn::tool::from_onnx {

/// A value of the source: known now, or made by a layer when the network runs.
struct value {
    constant known;
    int layer = -1;
    layout where;

    extents dims() const { return known ? known->dims : where.dims(); }
    int rank() const { return static_cast<int>(known ? known->dims.size() : where.axes.size()); }
};

/// One axis of a layer's tensor.
struct axis_view {
    value of;
    int axis = 0;
};

class importer {
public:
    importer(model& to, const onnx::GraphProto& graph, int opset, std::string folder);

    /// Everything: inputs, nodes, outputs. `batch`: what the first extent of every input becomes;
    /// 0 leaves it as it is where it is known. Throws import_error.
    void run(const read_options& options, long long batch);

    // --- for operators ---
    int opset() const { return opset_; }
    model& target() { return to_; }

    const value& get(const std::string& name) const;
    /// An input of a node; throws if it is not there.
    const value& input(const node& of, int i) const;
    /// An input that is made when the network runs; throws if it is known.
    const value& moving(const node& of, int i) const;
    /// An input that must be known; `what` names it for the message.
    const tensor& known(const node& of, int i, std::string_view what) const;
    bool is_known(const node& of, int i) const;
    void set(const node& of, int output, value made);
    void set(const node& of, int output, tensor folded);
    /// The node that makes a value; null for inputs and initialisers.
    const node* producer(const std::string& name) const;
    int readers(const std::string& name) const;

    /// Adds a layer; it has the node's name unless `named` is false.
    int add(const descriptor& what, std::vector<int> inputs,
            std::vector<std::vector<float>> weights = {}, bool named = true);
    /// The same, where the layer reads one value and gives one that lies in the same way.
    value follow(const value& from, const descriptor& what,
                 std::vector<std::vector<float>> weights = {});

    // Orders. These add layers only where cells have to move, or extents are others.
    /// A tensor of just these extents.
    int reshaped(int layer, const extents& wanted);
    /// The value as a tensor of these axes; all others have extent 1.
    value arranged(const value& from, const std::vector<int>& order);
    /// A map (1, C, spatial...) of the source with its channels last.
    value channels_last(const value& from);
    /// Axes of the source as one axis of a tensor; `ordered`: its cells in the source's order.
    axis_view along(const value& from, const std::vector<int>& axes, bool ordered);
    /// The axes of a value in the order in which its tensor is best seen, those of extent 1 too.
    std::vector<int> full_order(const value& from) const;
    /// A value with extents 1 repeated to `dims`, lying as `like` does if it has these extents.
    value expanded(const value& from, const extents& dims, const value* like = nullptr);
    /// A layer that gives cells in the order of `like`, which has the same extents.
    int aligned(const value& from, const value& like);

    /// Says what was done, once.
    void note(std::string text);

private:
    void read_inputs(const read_options& options, long long batch);
    void read_initialisers();
    void read_nodes();
    void mark_needed();
    void convert(const node& of);
    void write_outputs();
    std::vector<int> order_of_input(const std::string& name, const extents& dims) const;
    int permuted(const value& from, const std::vector<int>& pieces);
    /// `kind`: what the layer is called where the exporter had no better name.
    std::string name_of(const node& of, const text& kind) const;
    std::string unique(const std::string& name) const;
    /// Of a layer that is added for the node: "stage2/0/channel_shuffle".
    std::string name_within_scope(std::string_view own) const;
    const value& from_axis(const node& of, const value& second) const;

    model& to_;
    const onnx::GraphProto& graph_;
    int opset_;
    std::string folder_;
    std::vector<node> nodes_;
    std::vector<bool> needed_;
    std::vector<std::string> wanted_; ///< outputs
    std::unordered_map<std::string, value> values_;
    mutable std::deque<value>
        widened_; ///< second inputs of old nodes, with axes of extent 1 behind
    std::unordered_map<std::string, std::size_t> producers_;
    std::unordered_map<std::string, std::vector<std::size_t>> readers_;
    std::set<std::string> lost_; ///< values that could not be made
    std::vector<std::string> problems_;
    const node* current_ = nullptr;
    std::set<std::string> names_;  ///< of layers, so far
    std::set<std::string> scopes_; ///< of the source's names
    std::map<std::pair<int, extents>, int> reshaped_;
    std::map<std::tuple<int, std::vector<int>, extents>, int> permuted_;
};

/// What converts nodes of a type; null if nothing does.
using converter = void (*)(importer&, const node&);
converter find_converter(const std::string& type);
std::string supported_operators();

/// Computes a node whose inputs are known. False if that is no work of its.
bool fold(importer& by, const node& of);

/// QuantizeLinear and DequantizeLinear of constants.
bool fold_quantise(importer& by, const node& of);

/// Makes an int8 network of layers between quantised tensors; does nothing where there are none.
void resolve_marks(model& subject);

/// The element type that a Cast gives.
int type_of_cast(const node& of);

/// Whole numbers that are an attribute, or from some opset on an input.
extents numbers_of(importer& by, const node& of, std::string_view name, int i);

/// Throws if a tensor cannot have this shape.
shape shape_of(const extents& from);

int whole_int(long long number, std::string_view what);
extents broadcast(const extents& left, const extents& right);

/// Axis counted from 0; throws if there is none such.
int normal_axis(long long axis, int rank);
std::vector<int> normal_axes(const extents& axes, int rank);

} // namespace ctnn::tool::from_onnx
