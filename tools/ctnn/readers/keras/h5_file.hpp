// SPDX-License-Identifier: BSL-1.0
// The part of an HDF5 file that Keras uses: groups, datasets of numbers, attributes that are text.
//
// HDF5's library crashes on some damaged files. It therefore reads them in a process of its own,
// which has limits of memory and time and sends back what it found.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool::from_keras {

struct h5_object {
    bool is_group = false;
    std::vector<std::string> members; ///< of a group
    std::map<std::string, std::vector<std::string>> texts;
    std::vector<long long> dims; ///< of a dataset
    std::vector<float> cells;
};

class h5_file {
public:
    /// Reads the bytes of a file. Throws refusal.
    static h5_file read(std::string_view bytes);
    /// What the other process sends. Throws refusal if that is damaged.
    static h5_file parse(std::string_view message);

    /// An object by its path, "model_weights/conv2d"; "" is the root. Null if there is none.
    const h5_object* find(const std::string& path) const;
    /// A text, or the first of several; null if there is none.
    const std::string* text(const std::string& path, const std::string& attribute) const;
    /// All texts of an attribute, and of those that go on with it: name0, name1...
    std::vector<std::string> texts(const std::string& path, const std::string& attribute) const;

private:
    std::map<std::string, h5_object> objects_;
};

} // namespace ctnn::tool::from_keras
