// SPDX-License-Identifier: BSL-1.0
#include "weights.hpp"

#include <cctype>
#include <string_view>
#include <utility>

namespace ctnn::tool::from_keras {

namespace {

/// "a/b/kernel:0" is "kernel", and "a/b" before it.
struct weight_name {
    std::string own;
    std::string scopes;

    explicit weight_name(std::string full) {
        const auto colon = full.rfind(':');
        if (colon != std::string::npos && full.find('/', colon) == std::string::npos)
            full.resize(colon);
        const auto slash = full.rfind('/');
        own = slash == std::string::npos ? full : full.substr(slash + 1);
        if (slash != std::string::npos) scopes = full.substr(0, slash);
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
    std::vector<stored_weight> result;
    std::size_t most = 1;
    for (const std::string& full : file_.texts(group, "weight_names")) {
        const weight_name name(full);
        // In the group of a model lie the weights of all its layers: "conv/kernel:0", with the
        // models' names before it or without them. The longest path counts.
        if (place.steps.size() > 1) {
            std::size_t alike = 0;
            std::string_view left = name.scopes;
            for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step, ++alike) {
                if (!left.ends_with(step->name)) break;
                left.remove_suffix(step->name.size());
                if (!left.empty() && left.back() != '/') break;
                if (!left.empty()) left.remove_suffix(1);
            }
            const std::string& own = place.steps.back().name; // Keras 1: "conv_W"
            if (alike == 0 && name.own.starts_with(own + "_")) alike = 1;
            if (alike < most) continue;
            if (alike > most) result.clear();
            most = alike;
        }
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
