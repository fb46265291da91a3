// SPDX-License-Identifier: BSL-1.0
// What layers are called after: the names that exporters give to nodes and weights.
#include "importer.hpp"

#include <algorithm>

namespace ctnn::tool::from_onnx {

namespace {

/// Scopes say twice where they are: "/layer1/layer1.0/conv1".
std::string without_repeats(const std::string& path) {
    std::string cleaned;
    std::string above;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        std::string part = path.substr(begin, end - begin);
        begin = end + 1;
        if (part.empty()) continue;
        const std::string whole = part;
        if (!above.empty() && part.substr(0, above.size() + 1) == above + ".")
            part.erase(0, above.size() + 1);
        above = whole;
        cleaned += (cleaned.empty() ? "" : "/") + part;
    }
    return cleaned;
}

} // namespace

std::string importer::unique(const std::string& name) const {
    if (name.empty() || names_.count(name) == 0) return name;
    for (int i = 1;; ++i) {
        std::string numbered = name + "_" + std::to_string(i);
        if (names_.count(numbered) == 0) return numbered;
    }
}

std::string importer::name_within_scope(std::string_view own) const {
    if (current_ == nullptr) return {};
    const std::string& path = current_->name();
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || path.find(';') != std::string::npos) return {};
    const std::string scope = without_repeats(path.substr(0, slash));
    return scope.empty() ? scope : unique(scope + "/" + std::string(own));
}

std::string importer::name_of(const node& of, const text& kind) const {
    const std::string& type = of.type();
    std::string path = of.name();
    if (path.find(';') != std::string::npos) path.clear(); // several names in one
    const std::size_t slash = path.rfind('/');
    const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
    // "Conv" and "Conv_12": the exporter's, who knew no better.
    const bool generic = last == type || (last.substr(0, type.size() + 1) == type + "_");
    bool scope = false;
    if (generic) {
        path = slash == std::string::npos ? "" : path.substr(0, slash);
        static const std::set<std::string> types{
            "Conv",   "ConvTranspose",      "Gemm",
            "PRelu",  "BatchNormalization", "InstanceNormalization",
            "MatMul", "GroupNormalization", "LayerNormalization"};
        const bool weighted = types.count(type) > 0 && values_.count(of.input(1)) > 0 &&
                              values_.at(of.input(1)).known;
        scope = !weighted;
    }
    if (path.empty() && of.inputs() > 1) { // the weights may have a name: "layer1.0.conv1.weight"
        const auto weights = values_.find(of.input(1));
        const std::string& name = of.input(1);
        const std::size_t dot = name.rfind('.');
        const std::string end = dot == std::string::npos ? "" : name.substr(dot + 1);
        if (weights != values_.end() && weights->second.known &&
            (end == "weight" || end == "W" || end == "w" || end == "kernel" || end == "weights")) {
            path = name.substr(0, dot);
            std::replace(path.begin(), path.end(), '.', '/');
            return unique(path);
        }
        const std::size_t cut = name.rfind('/');
        static const std::set<std::string> kernels{"Conv2D", "depthwise", "MatMul", "kernel"};
        if (cut != std::string::npos && name.find(';') == std::string::npos &&
            kernels.count(name.substr(cut + 1)) > 0)
            return unique(name.substr(0, cut));
    }
    std::string cleaned = without_repeats(path);
    if (scope && !cleaned.empty()) {
        // A module of one node has its name; one of several is a scope.
        int within = 0;
        const std::string prefix = of.name().substr(0, slash + 1);
        for (const node& other : nodes_)
            if (other.name().substr(0, prefix.size()) == prefix && other.type() != "Constant")
                ++within;
        if (within > 1) cleaned.append("/").append(kind.begin(), kind.end());
    }
    return unique(cleaned);
}

} // namespace ctnn::tool::from_onnx
