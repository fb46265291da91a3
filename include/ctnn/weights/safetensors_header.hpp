// SPDX-License-Identifier: BSL-1.0
// The header of a safetensors file: JSON that is read event by event, so that a key which stands
// there twice is seen, and nothing is built that a hostile file could make deep.
#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "ctnn/safetensors.hpp needs nlohmann-json (Debian: nlohmann-json3-dev)"
#endif
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/weights/safetensors_errors.hpp>

namespace ctnn::detail {

/// What a header says of one tensor.
struct tensor_record {
    std::string name;
    std::string dtype;
    std::vector<std::uint64_t> extents;
    std::vector<std::uint64_t> offsets; ///< begin and end, from the first byte after the header
    bool sound = true;                  ///< everything above is there and of the right kind
    bool repeated = false;              ///< an earlier tensor has the name
    bool placed = false; ///< its bytes lie in the file and are as many as its shape needs

    std::uint64_t begin() const noexcept { return offsets[0]; }
    std::uint64_t end() const noexcept { return offsets[1]; }
    std::string spelled_shape() const { return spell_list(extents.data(), extents.size()); }
};

struct safetensors_header {
    std::vector<tensor_record> tensors;
    std::optional<std::string> layout; ///< the metadata's "ctnn.layout"
};

/// Fills a safetensors_header from the events of nlohmann's parser. A value of the wrong kind is an
/// error, and the rest is read all the same.
class header_events {
public:
    header_events(safetensors_header& header, error_list& errors)
        : header_(header), errors_(errors) {}

    bool null() { return scalar("null"); }
    bool boolean(bool value) { return scalar(value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { return scalar(std::to_string(value)); }
    bool number_float(double, const std::string& token) { return scalar(token.substr(0, 40)); }
    bool number_unsigned(std::uint64_t value) {
        if (skipped_ > 0) return true;
        if (level_ == level::shape)
            add_number(tensor().extents, value, most_axes);
        else if (level_ == level::offsets)
            add_number(tensor().offsets, value, 2);
        else
            misplaced(std::to_string(value));
        return true;
    }
    bool string(std::string& value) {
        if (skipped_ > 0) return true;
        if (level_ == level::metadata) {
            if (key_ == "ctnn.layout") header_.layout = value;
        } else if (level_ == level::tensor && field_ == field::dtype) {
            tensor().dtype = std::move(value);
        } else {
            misplaced(in_quotes(value));
        }
        return true;
    }
    bool binary(nlohmann::json::binary_t&) { return false; } // JSON has none

    bool key(std::string& value) {
        if (skipped_ > 0) return true;
        if (level_ == level::tensor) return tensor_field(value);
        auto& seen = level_ == level::metadata ? metadata_keys_ : names_;
        key_ = std::move(value);
        repeated_ = !seen.insert(key_).second;
        if (repeated_) errors_.add(where(), "found it twice, expected once");
        return true;
    }

    bool start_object(std::size_t) {
        if (skipped_ == 0 && level_ == level::outside) {
            level_ = level::top;
        } else if (skipped_ == 0 && level_ == level::top && in_metadata()) {
            level_ = level::metadata;
        } else if (skipped_ == 0 && level_ == level::top) {
            level_ = level::tensor;
            add_tensor();
        } else {
            return skip("an object");
        }
        return true;
    }
    bool start_array(std::size_t) {
        if (skipped_ == 0 && level_ == level::tensor && field_ == field::shape)
            level_ = level::shape;
        else if (skipped_ == 0 && level_ == level::tensor && field_ == field::offsets)
            level_ = level::offsets;
        else
            return skip("an array");
        return true;
    }
    bool end_object() { return end(); }
    bool end_array() { return end(); }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) {
        std::string_view reason = error.what();
        reason.remove_prefix(reason.find("] ") == reason.npos ? 0 : reason.find("] ") + 2);
        errors_.add("header", "found " + std::string(reason.substr(0, 240)) + " (byte " +
                                  std::to_string(position) + " of the header), expected JSON");
        return false;
    }

private:
    enum class level { outside, top, metadata, tensor, shape, offsets };
    enum class field { dtype, shape, offsets, unknown };
    static constexpr std::size_t most_axes = 32;
    static constexpr int most_skipped = 32;

    tensor_record& tensor() { return header_.tensors.back(); }
    bool in_metadata() const { return key_ == "__metadata__"; }
    std::string where() const {
        if (level_ == level::metadata) return "metadata " + in_quotes(key_);
        return in_metadata() ? "metadata" : tensor_called(key_);
    }
    void blame(std::string_view found, std::string_view expected) {
        tensor().sound = false;
        errors_.add(tensor_called(tensor().name), found, expected);
    }

    void add_tensor() {
        header_.tensors.emplace_back();
        tensor().name = key_;
        tensor().repeated = repeated_;
        for (bool& seen : fields_) seen = false;
    }

    bool tensor_field(std::string_view name) {
        field_ = name == "dtype"          ? field::dtype
                 : name == "shape"        ? field::shape
                 : name == "data_offsets" ? field::offsets
                                          : field::unknown;
        if (field_ == field::unknown) {
            blame("the key " + in_quotes(name), "dtype, shape and data_offsets alone");
            return true;
        }
        bool& seen = fields_[static_cast<int>(field_)];
        if (seen) {
            blame("the key " + in_quotes(name) + " twice", "it once");
            field_ = field::unknown;
        }
        seen = true;
        return true;
    }

    void add_number(std::vector<std::uint64_t>& to, std::uint64_t value, std::size_t most) {
        if (to.size() < most)
            to.push_back(value);
        else if (tensor().sound)
            blame(most == 2 ? "more than two data_offsets"
                            : "a shape of more than " + std::to_string(most) + " axes",
                  most == 2 ? "begin and end" : "fewer");
    }

    bool scalar(std::string_view found) {
        if (skipped_ == 0) misplaced(found);
        return true;
    }
    bool skip(std::string_view found) {
        if (skipped_ == 0) misplaced(found);
        if (++skipped_ <= most_skipped) return true;
        errors_.add("header", "values nested deeper than " + std::to_string(most_skipped),
                    "three levels");
        return false;
    }

    /// A value of a kind that the place does not take.
    void misplaced(std::string_view found) {
        const std::string thing{found};
        switch (level_) {
        case level::outside: errors_.add("header", found, "an object"); break;
        case level::metadata: errors_.add(where(), found, "a string"); break;
        case level::shape: blame(thing + " in its shape", "whole numbers from 0"); break;
        case level::offsets: blame(thing + " in its data_offsets", "whole numbers from 0"); break;
        case level::top:
            errors_.add(where(), found,
                        in_metadata() ? "an object of strings"
                                      : "an object of dtype, shape and data_offsets");
            if (in_metadata()) break;
            add_tensor();
            tensor().sound = false;
            break;
        case level::tensor:
            if (field_ == field::dtype)
                blame("the dtype " + thing, "a string");
            else if (field_ == field::shape)
                blame("the shape " + thing, "an array");
            else if (field_ == field::offsets)
                blame("the data_offsets " + thing, "an array");
            break;
        }
    }

    bool end() {
        if (skipped_ > 0) {
            --skipped_;
            return true;
        }
        if (level_ == level::shape || level_ == level::offsets) {
            level_ = level::tensor;
            if (field_ == field::offsets && tensor().sound && tensor().offsets.size() < 2)
                blame("fewer than two data_offsets", "begin and end");
            return true;
        }
        if (level_ == level::tensor) {
            constexpr std::string_view names[] = {"no dtype", "no shape", "no data_offsets"};
            for (std::size_t i = 0; i < 3; ++i)
                if (!fields_[i]) blame(names[i], "dtype, shape and data_offsets");
        }
        level_ = level_ == level::top ? level::outside : level::top;
        return true;
    }

    safetensors_header& header_;
    error_list& errors_;
    std::unordered_set<std::string> names_;
    std::unordered_set<std::string> metadata_keys_;
    level level_ = level::outside;
    field field_ = field::unknown;
    bool fields_[3]{};
    bool repeated_ = false;
    std::string key_;
    int skipped_ = 0; ///< containers we are inside of and take nothing from
};

/// Reads a header. False if it is not JSON and nothing more can be said about the file.
inline bool parse_header(std::string_view text, safetensors_header& header, error_list& errors) {
    if (text.empty() || text.front() != '{') {
        errors.add("header", text.empty() ? "nothing" : in_quotes(text.substr(0, 1)), "\"{\"");
        return false;
    }
    // The parser takes a zero byte for the end of its input.
    if (const std::size_t zero = text.find('\0'); zero != text.npos) {
        errors.add("header", "a zero byte at byte " + std::to_string(zero), "JSON");
        return false;
    }
    header_events events{header, errors};
    return nlohmann::json::sax_parse(text.begin(), text.end(), &events);
}

} // namespace ctnn::detail
