// SPDX-License-Identifier: BSL-1.0
#include "tensor.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include <onnx/onnx_pb.h>

namespace ctnn::tool::from_onnx {

namespace {

using proto = onnx::TensorProto;

float from_half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    double size = std::ldexp(fraction, -24);
    if (exponent == 31)
        size = fraction == 0 ? std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::quiet_NaN();
    else if (exponent > 0)
        size = std::ldexp(fraction + 1024, exponent - 25);
    return static_cast<float>((bits & 0x8000) != 0 ? -size : size);
}

float from_bfloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::size_t bytes_of(int type) {
    switch (type) {
    case proto::FLOAT:
    case proto::INT32:
    case proto::UINT32: return 4;
    case proto::DOUBLE:
    case proto::INT64:
    case proto::UINT64: return 8;
    case proto::FLOAT16:
    case proto::BFLOAT16:
    case proto::INT16:
    case proto::UINT16: return 2;
    case proto::INT8:
    case proto::UINT8:
    case proto::BOOL: return 1;
    default: return 0;
    }
}

template <class Number> Number number_at(const char* bytes, long long i) {
    Number number;
    std::memcpy(&number, bytes + static_cast<std::size_t>(i) * sizeof(Number), sizeof(Number));
    return number;
}

float real_at(int type, const char* bytes, long long i) {
    switch (type) {
    case proto::DOUBLE: return static_cast<float>(number_at<double>(bytes, i));
    case proto::FLOAT16: return from_half(number_at<std::uint16_t>(bytes, i));
    case proto::BFLOAT16: return from_bfloat(number_at<std::uint16_t>(bytes, i));
    default: return number_at<float>(bytes, i);
    }
}

std::int64_t whole_at(int type, const char* bytes, long long i) {
    switch (type) {
    case proto::INT32: return number_at<std::int32_t>(bytes, i);
    case proto::UINT32: return number_at<std::uint32_t>(bytes, i);
    case proto::UINT64: return static_cast<std::int64_t>(number_at<std::uint64_t>(bytes, i));
    case proto::INT16: return number_at<std::int16_t>(bytes, i);
    case proto::UINT16: return number_at<std::uint16_t>(bytes, i);
    case proto::INT8: return number_at<std::int8_t>(bytes, i);
    case proto::UINT8: return number_at<std::uint8_t>(bytes, i);
    case proto::BOOL: return number_at<std::uint8_t>(bytes, i) != 0 ? 1 : 0;
    default: return number_at<std::int64_t>(bytes, i);
    }
}

void fill_from_bytes(tensor& to, int type, std::string_view bytes, long long count) {
    if (bytes.size() != static_cast<std::size_t>(count) * bytes_of(type))
        throw refusal("tensor of shape " + spell(to.dims) + " has " + std::to_string(bytes.size()) +
                      " bytes, expected " +
                      std::to_string(static_cast<std::size_t>(count) * bytes_of(type)));
    if (to.real) {
        to.reals.reserve(static_cast<std::size_t>(count));
        for (long long i = 0; i < count; ++i) to.reals.push_back(real_at(type, bytes.data(), i));
    } else {
        to.wholes.reserve(static_cast<std::size_t>(count));
        for (long long i = 0; i < count; ++i) to.wholes.push_back(whole_at(type, bytes.data(), i));
    }
}

template <class Field, class Turn>
void fill_from_field(tensor& to, const Field& field, long long count, Turn turn) {
    if (field.size() != count)
        throw refusal("tensor of shape " + spell(to.dims) + " has " + std::to_string(field.size()) +
                      " numbers, expected " + std::to_string(count));
    for (const auto number : field)
        if (to.real)
            to.reals.push_back(static_cast<float>(turn(number)));
        else
            to.wholes.push_back(static_cast<std::int64_t>(turn(number)));
}

void fill_from_fields(tensor& to, const proto& from, long long count) {
    const auto same = [](auto number) { return number; };
    const auto half = [](std::int32_t bits) { return from_half(static_cast<std::uint16_t>(bits)); };
    const auto bfloat = [](std::int32_t bits) {
        return from_bfloat(static_cast<std::uint16_t>(bits));
    };
    switch (from.data_type()) {
    case proto::FLOAT: return fill_from_field(to, from.float_data(), count, same);
    case proto::DOUBLE: return fill_from_field(to, from.double_data(), count, same);
    case proto::FLOAT16: return fill_from_field(to, from.int32_data(), count, half);
    case proto::BFLOAT16: return fill_from_field(to, from.int32_data(), count, bfloat);
    case proto::INT64: return fill_from_field(to, from.int64_data(), count, same);
    case proto::UINT32:
    case proto::UINT64: return fill_from_field(to, from.uint64_data(), count, same);
    default: return fill_from_field(to, from.int32_data(), count, same);
    }
}

long long number_in(const std::string& digits) {
    constexpr std::size_t most_digits = 15;
    if (digits.empty() || digits.size() > most_digits ||
        digits.find_first_not_of("0123456789") != std::string::npos)
        throw refusal("external data has the offset or length " + in_quotes(digits) +
                      ", which is no number");
    return std::stoll(digits);
}

/// The path of a file in `folder` or below it: a model cannot read what lies elsewhere.
std::filesystem::path within(const std::string& folder, const std::string& location) {
    namespace fs = std::filesystem;
    const fs::path wanted(location);
    std::error_code failed;
    const fs::path root = fs::weakly_canonical(fs::path(folder), failed);
    const fs::path found = fs::weakly_canonical(root / wanted, failed);
    const fs::path inside = found.lexically_relative(root);
    if (failed || location.empty() || location.find('\0') != std::string::npos ||
        wanted.is_absolute() || inside.empty() || *inside.begin() == "..")
        throw refusal("its data lies in " + in_quotes(location) +
                      ", which is not a file beside the model");
    return found;
}

std::string external_bytes(const proto& from, const std::string& folder, long long count) {
    std::string location;
    long long offset = 0;
    const long long length = count * static_cast<long long>(bytes_of(from.data_type()));
    for (const onnx::StringStringEntryProto& entry : from.external_data()) {
        if (entry.key() == "location") location = entry.value();
        if (entry.key() == "offset") offset = number_in(entry.value());
        if (entry.key() == "length" && number_in(entry.value()) != length)
            throw refusal("external data has " + in_quotes(entry.value()) + " bytes, expected " +
                          std::to_string(length));
    }
    if (folder.empty())
        throw refusal("its data lies in another file, " + in_quotes(location) +
                      ", and only this one is read");
    const std::filesystem::path path = within(folder, location);
    std::error_code failed;
    const auto size = static_cast<long long>(std::filesystem::file_size(path, failed));
    if (failed || !std::filesystem::is_regular_file(path, failed))
        throw refusal("its data lies in " + in_quotes(location) +
                      ", which cannot be read. Put that file beside the model");
    if (offset > size || length > size - offset)
        throw refusal("its data lies in " + in_quotes(location) + " from byte " +
                      std::to_string(offset) + " to " + std::to_string(offset + length) +
                      ", and the file has " + std::to_string(size));
    std::string bytes(static_cast<std::size_t>(length), '\0');
    std::ifstream file(path, std::ios::binary);
    file.seekg(offset);
    if (!file.read(bytes.data(), length))
        throw refusal("its data in " + in_quotes(location) + " cannot be read");
    return bytes;
}

} // namespace

long long count_of(const extents& dims) {
    if (dims.size() > most_axes)
        throw refusal("a tensor of " + std::to_string(dims.size()) + " axes is too large");
    long long product = 1;
    bool empty = false;
    for (const long long extent : dims) {
        if (extent < 0) throw refusal("a tensor has the shape " + spell(dims));
        empty = empty || extent == 0;
    }
    if (empty) return 0;
    for (const long long extent : dims) {
        if (extent > most_elements / product)
            throw refusal("a tensor of shape " + spell(dims) + " is too large");
        product *= extent;
    }
    return product;
}

std::string spell(const extents& dims) {
    std::string list = "(";
    for (std::size_t i = 0; i < dims.size() && i < most_axes; ++i)
        list += (i > 0 ? ", " : "") + std::to_string(dims[i]);
    return list + ")";
}

std::string in_quotes(std::string_view name) {
    constexpr std::size_t most = 80;
    std::string shown = "'";
    for (const char character : name.substr(0, most))
        shown += static_cast<unsigned char>(character) < 32 || character == 127 ? '?' : character;
    return shown + (name.size() > most ? "...'" : "'");
}

std::int64_t tensor::whole(long long i) const {
    if (!real) return wholes[static_cast<std::size_t>(i)];
    constexpr float most = 9.2e18F;
    const float number = reals[static_cast<std::size_t>(i)];
    if (std::isnan(number)) return 0;
    if (number >= most) return std::numeric_limits<std::int64_t>::max();
    if (number <= -most) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(number);
}

extents tensor::list() const {
    extents result;
    for (long long i = 0; i < count(); ++i) result.push_back(whole(i));
    return result;
}

bool is_real_type(int type) {
    return type == proto::FLOAT || type == proto::DOUBLE || type == proto::FLOAT16 ||
           type == proto::BFLOAT16;
}

std::string name_of_type(int type) {
    if (!onnx::TensorProto_DataType_IsValid(type)) return "type " + std::to_string(type);
    std::string name = onnx::TensorProto_DataType_Name(static_cast<proto::DataType>(type));
    for (char& character : name)
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character + 32);
    return name;
}

tensor read_tensor(const proto& from, const std::string& folder) {
    tensor result;
    result.dims.assign(from.dims().begin(), from.dims().end());
    result.real = is_real_type(from.data_type());
    result.type = from.data_type();
    const long long count = count_of(result.dims);
    if (bytes_of(from.data_type()) == 0)
        throw refusal("a tensor of " + name_of_type(from.data_type()) + " cannot be read");
    if (from.has_segment()) throw refusal("a tensor in segments cannot be read");
    if (from.data_location() == proto::EXTERNAL)
        fill_from_bytes(result, from.data_type(), external_bytes(from, folder, count), count);
    else if (from.has_raw_data())
        fill_from_bytes(result, from.data_type(), from.raw_data(), count);
    else
        fill_from_fields(result, from, count);
    return result;
}

} // namespace ctnn::tool::from_onnx
