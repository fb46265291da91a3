// SPDX-License-Identifier: BSL-1.0
// The readers of Keras' files: .h5 of Keras 1 to 3, and .keras.
#include "../../model/error.hpp"
#include "../../model/tidy.hpp"
#include "../read.hpp"
#include "importer.hpp"
#include "read_config.hpp"
#include "zip_file.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ctnn::tool {

namespace from_keras {

namespace {

constexpr std::size_t most_text = std::size_t{16} << 20;
constexpr int most_nesting = 64;

} // namespace

json parse_json(std::string_view text, const std::string& file, const char* what) {
    if (text.size() > most_text)
        throw import_error(file, "", std::string(what) + " has more than 16 MB");
    bool deep = false;
    const json::parser_callback_t limit = [&](int depth, json::parse_event_t, json&) {
        deep = deep || depth > most_nesting;
        return !deep;
    };
    json result = json::parse(text.begin(), text.end(), limit, false);
    if (deep) throw import_error(file, "", std::string(what) + " is nested too deep");
    if (result.is_discarded() || !result.is_object())
        throw import_error(file, "", std::string(what) + " is no JSON, or damaged");
    return result;
}

void read_config(model& to, std::string_view config, const weight_source& weights,
                 const std::string& version, const read_options& options) {
    const json description = parse_json(config, to.file, "the description of the model");
    const int major = version.empty() ? 2 : std::clamp(version[0] - '0', 1, 3);
    to.format = "Keras" + (version.empty() ? std::string{} : " " + printable(version));
    importer(to, weights, options, major).run(description);
    tidy(to);
    if (to.batch > 1) to.notes.push_back("the batch of " + std::to_string(to.batch) + " became 1");
}

} // namespace from_keras

void read_keras_h5(model& to, std::string_view bytes, const std::string& file,
                   const read_options& options) {
    using namespace from_keras;
    to.file = file;
    try {
        const h5_file content = h5_file::read(bytes);
        const std::string* config = content.text("", "model_config");
        if (config == nullptr) {
            const bool weights = content.find("model_weights") != nullptr ||
                                 !content.texts("", "layer_names").empty() ||
                                 content.find("layers") != nullptr;
            throw refusal(weights ? "has weights and no model: save the whole model, with "
                                    "model.save(\"model.h5\") or model.save(\"model.keras\")"
                                  : "is an HDF5 file, but holds no model of Keras");
        }
        const std::string* version = content.text("", "keras_version");
        if (version == nullptr) version = content.text("model_weights", "keras_version");
        const h5_weights weights(content, "model_weights");
        read_config(to, *config, weights, version == nullptr ? "" : *version, options);
    } catch (const refusal& found) {
        throw import_error(file, "", found.what());
    }
}

void read_keras_zip(model& to, std::string_view bytes, const std::string& file,
                    const read_options& options) {
    using namespace from_keras;
    to.file = file;
    try {
        const zip_file archive(bytes);
        const std::string config = archive.read("config.json", most_text);
        const std::string metadata = archive.read("metadata.json", most_text);
        const json about = parse_json(metadata, file, "metadata.json");
        const std::string version = settings(about).text({"keras_version"}, "3");
        const h5_file content =
            h5_file::read(archive.read("model.weights.h5", std::size_t{1} << 32));
        const keras3_weights weights(content);
        read_config(to, config, weights, version, options);
    } catch (const refusal& found) {
        throw import_error(file, "", found.what());
    }
}

} // namespace ctnn::tool
