// SPDX-License-Identifier: BSL-1.0
#include "node.hpp"

#include <charconv>
#include <cmath>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {
const std::string nothing;
}

const std::string& node::type() const { return proto_->op_type(); }
const std::string& node::name() const { return proto_->name(); }
const std::string& node::domain() const { return proto_->domain(); }
bool node::standard() const { return domain().empty() || domain() == "ai.onnx"; }

std::string node::place() const {
    const std::string& shown = !name().empty() ? name() : output(0);
    return "node " + in_quotes(shown) + " (" +
           in_quotes(type()).substr(1, in_quotes(type()).size() - 2) + ")";
}

int node::inputs() const { return proto_->input_size(); }
int node::outputs() const { return proto_->output_size(); }
const std::string& node::input(int i) const { return i < inputs() ? proto_->input(i) : nothing; }
const std::string& node::output(int i) const { return i < outputs() ? proto_->output(i) : nothing; }

const onnx::AttributeProto* node::find(std::string_view attribute) const {
    for (const onnx::AttributeProto& held : proto_->attribute())
        if (held.name() == attribute) return &held;
    return nullptr;
}

bool node::has_graph() const {
    for (const onnx::AttributeProto& held : proto_->attribute())
        if (held.has_g() || held.graphs_size() > 0) return true;
    return false;
}

long long node::integer(std::string_view attribute, long long usual) const {
    const onnx::AttributeProto* held = find(attribute);
    return held == nullptr ? usual : static_cast<long long>(held->i());
}

double node::real(std::string_view attribute, double usual) const {
    const onnx::AttributeProto* held = find(attribute);
    return held == nullptr ? usual : written(held->f());
}

std::string node::text(std::string_view attribute, std::string_view usual) const {
    const onnx::AttributeProto* held = find(attribute);
    return held == nullptr ? std::string(usual) : held->s();
}

extents node::integers(std::string_view attribute) const {
    const onnx::AttributeProto* held = find(attribute);
    if (held == nullptr) return {};
    return {held->ints().begin(), held->ints().end()};
}

std::vector<double> node::reals(std::string_view attribute) const {
    const onnx::AttributeProto* held = find(attribute);
    std::vector<double> result;
    if (held != nullptr)
        for (const float number : held->floats()) result.push_back(written(number));
    return result;
}

void node::require(std::string_view attribute, long long value) const {
    const long long found = integer(attribute, value);
    if (found != value)
        throw refusal("attribute " + std::string(attribute) + " is " + std::to_string(found) +
                      ", and only " + std::to_string(value) + " is supported");
}

double written(float number) {
    if (!std::isfinite(number)) return static_cast<double>(number);
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    double result = 0;
    std::from_chars(digits, end, result);
    return result;
}

} // namespace ctnn::tool::from_onnx
