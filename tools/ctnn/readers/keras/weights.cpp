// SPDX-License-Identifier: BSL-1.0
#include "weights.hpp"

#include <cctype>
#include <utility>

namespace ctnn::tool::from_keras {

namespace {

/// "a/b/kernel:0" is "kernel", and "b" before it.
struct weight_name {
    std::string own;
    std::string scope;

    explicit weight_name(std::string full) {
        const auto colon = full.rfind(':');
        if (colon != std::string::npos && full.find('/', colon) == std::string::npos)
            full.resize(colon);
        const auto slash = full.rfind('/');
        own = slash == std::string::npos ? full : full.substr(slash + 1);
        if (slash == std::string::npos) return;
        const auto before = full.rfind('/', slash - 1);
        scope = slash == 0                    ? std::string{}
                : before == std::string::npos ? full.substr(0, slash)
                                              : full.substr(before + 1, slash - before - 1);
    }
};

/// As Keras names the groups of a class: "Conv2D" is "conv2d", "LayerNormalization" is
/// "layer_normalization".
std::string snake_case(const std::string& name) {
    std::string spaced;
    const auto upper = [&](std::size_t i) {
        return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])) != 0;
    };
    const auto lower = [&](std::size_t i) {
        return i < name.size() && std::islower(static_cast<unsigned char>(name[i])) != 0;
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool word = i > 0 && upper(i) && (lower(i + 1) || lower(i - 1));
        if (word && spaced.back() != '_') spaced += '_';
        if (std::isalnum(static_cast<unsigned char>(name[i])) != 0 || name[i] == '_')
            spaced += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
    return spaced;
}

} // namespace

std::string layer_place::path() const {
    std::string result;
    for (const step& next : steps) result += (result.empty() ? "" : "/") + next.name;
    return result;
}

h5_weights::h5_weights(const h5_file& file, std::string root)
    : file_(file), root_(std::move(root)) {}

std::vector<stored_weight> h5_weights::of(const layer_place& place, const outcome&) const {
    const std::string group = (root_.empty() ? "" : root_ + "/") + place.steps.front().name;
    const std::string& wanted = place.steps.back().name;
    std::vector<stored_weight> result;
    for (const std::string& full : file_.texts(group, "weight_names")) {
        const weight_name name(full);
        // In the group of a model lie the weights of all its layers.
        if (place.steps.size() > 1 && name.scope != wanted &&
            name.own.compare(0, wanted.size() + 1, wanted + "_") != 0)
            continue;
        const h5_object* data = file_.find(group + "/" + full);
        if (data != nullptr && !data->is_group) result.push_back({name.own, data});
    }
    return result;
}

std::vector<stored_weight> keras3_weights::of(const layer_place& place, const outcome&) const {
    std::string group;
    for (const layer_place::step& next : place.steps) {
        std::string inner;
        const std::string by_class =
            snake_case(next.type) + (next.number > 0 ? "_" + std::to_string(next.number) : "");
        for (const char* list : {"layers", "_layer_checkpoint_dependencies"})
            for (const std::string& name : {by_class, next.name}) {
                const std::string path =
                    (group.empty() ? "" : group + "/") + std::string(list) + "/" + name;
                const h5_object* found = file_.find(path);
                if (inner.empty() && found != nullptr && found->is_group) inner = path;
            }
        if (inner.empty()) return {};
        group = inner;
    }
    std::vector<stored_weight> result;
    for (int i = 0;; ++i) {
        const h5_object* data = file_.find(group + "/vars/" + std::to_string(i));
        if (data == nullptr || data->is_group) return result;
        result.push_back({"", data});
    }
}

} // namespace ctnn::tool::from_keras
