// SPDX-License-Identifier: BSL-1.0
// Any bytes as what Keras' files hold: a description in JSON, what the process that reads HDF5
// sends, or a zip archive. HDF5's own library is kept out: it runs in a process of its own.
#include "../../tools/ctnn/model/error.hpp"
#include "../../tools/ctnn/readers/common/builder.hpp"
#include "../../tools/ctnn/readers/keras/read_config.hpp"
#include "../../tools/ctnn/readers/keras/zip_file.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace {

using namespace ctnn;
namespace keras = tool::from_keras;

/// Whatever weights a layer expects, all 0.
class any_weights : public keras::weight_source {
public:
    std::vector<keras::stored_weight> of(const keras::layer_place&,
                                         const outcome& expected) const override {
        std::vector<keras::stored_weight> result;
        for (int i = 0; i < expected.weight_count; ++i) {
            const weight& next = expected.weights[i];
            left_ -= next.extent.elements();
            if (left_ < 0) throw tool::refusal("has more weights than a fuzzer needs");
            keras::h5_object& made = made_.emplace_back();
            made.dims.assign(next.extent.extents, next.extent.extents + next.extent.rank);
            made.cells.resize(static_cast<std::size_t>(next.extent.elements()));
            result.push_back({std::string(next.name.begin(), next.name.end()), &made});
        }
        return result;
    }

private:
    mutable long long left_ = 1 << 20;
    mutable std::deque<keras::h5_object> made_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        if (bytes.starts_with("PK")) {
            const keras::zip_file archive(bytes);
            archive.read("config.json", 1 << 24);
            archive.read("model.weights.h5", 1 << 24);
        } else if (bytes.starts_with("G")) {
            const keras::h5_file content = keras::h5_file::parse(bytes);
            content.texts("", "layer_names");
        } else {
            tool::model network;
            const std::string version = size % 3 == 0 ? "1.2.2" : size % 3 == 1 ? "2.4.0" : "3.9.2";
            keras::read_config(network, bytes, any_weights(), version, {});
        }
    } catch (const tool::import_error&) {
        return 0;
    } catch (const tool::refusal&) {
        return 0;
    }
    return 0;
}
