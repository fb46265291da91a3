// SPDX-License-Identifier: BSL-1.0
#include "tensor_file.hpp"

#include "../readers/onnx/tensor.hpp"
#include "command.hpp"

#include <onnx/onnx_pb.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace ctnn::tool {

namespace {

static_assert(std::endian::native == std::endian::little, "files of numbers are little-endian");

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    if (!file || std::filesystem::is_directory(path) || !(all << file.rdbuf()))
        throw command_error(path, "cannot be read, or is empty");
    return std::move(all).str();
}

template <class Number>
void take(const std::string& path, std::string_view bytes, std::vector<double>& numbers) {
    if (bytes.size() % sizeof(Number) != 0)
        throw command_error(path, "its " + std::to_string(bytes.size()) +
                                      " bytes are no whole number of cells");
    numbers.reserve(bytes.size() / sizeof(Number));
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(Number)) {
        Number number;
        std::memcpy(&number, bytes.data() + at, sizeof number);
        numbers.push_back(static_cast<double>(number));
    }
}

/// What stands behind a key in the header of an .npy file, up to `end`.
std::string_view value_of(const std::string& path, std::string_view header, const std::string& key,
                          std::string_view begin, char end) {
    const std::size_t at = header.find("'" + key + "':");
    const std::size_t first =
        header.find(begin, at == std::string_view::npos ? at : at + key.size() + 3);
    if (at == std::string_view::npos || first == std::string_view::npos)
        throw command_error(path, "its header has no " + key);
    header.remove_prefix(first + begin.size());
    return header.substr(0, header.find(end));
}

file_tensor read_npy(const std::string& path, std::string_view bytes) {
    if (bytes.size() < 12 || bytes.substr(0, 6) != "\x93NUMPY")
        throw command_error(path, "is no .npy file");
    const auto byte = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]));
    };
    const bool wide = byte(6) > 1; // the version
    const std::size_t start = wide ? 12 : 10;
    std::size_t length = byte(8) + 256 * byte(9);
    if (wide) length += (byte(10) + 256 * byte(11)) * 65536;
    if (bytes.size() - start < length) throw command_error(path, "is truncated");
    const std::string_view header = bytes.substr(start, length);
    bytes.remove_prefix(start + length);

    file_tensor made;
    made.has_extents = true;
    std::string list(value_of(path, header, "shape", "(", ')'));
    for (char& c : list)
        if (c == ',') c = ' ';
    std::istringstream words(list);
    std::size_t count = 1;
    for (long long extent; words >> extent;) {
        if (extent < 0 || (extent > 0 && count > bytes.size() / static_cast<std::size_t>(extent)))
            throw command_error(path, "has a shape that is larger than it is");
        count *= static_cast<std::size_t>(extent);
        made.extents.push_back(extent);
    }
    if (!words.eof()) throw command_error(path, "has a shape that is none: (" + list + ")");
    if (value_of(path, header, "fortran_order", " ", ',') != "False")
        throw command_error(path, "is in Fortran's order; save numpy.ascontiguousarray of it");
    const std::string_view type = value_of(path, header, "descr", "'", '\'');
    if (type == "<f4")
        take<float>(path, bytes, made.numbers);
    else if (type == "<f8")
        take<double>(path, bytes, made.numbers);
    else if (type == "|u1")
        take<std::uint8_t>(path, bytes, made.numbers);
    else if (type == "|i1")
        take<std::int8_t>(path, bytes, made.numbers);
    else if (type == "<i4")
        take<std::int32_t>(path, bytes, made.numbers);
    else if (type == "<i8")
        take<std::int64_t>(path, bytes, made.numbers);
    else
        throw command_error(path, "holds '" + std::string(type) +
                                      "'; float32, float64, int8, uint8, int32 and int64 can be "
                                      "read");
    if (made.numbers.size() != count)
        throw command_error(path, "has " + std::to_string(made.numbers.size()) +
                                      " cells, and its shape says " + std::to_string(count));
    return made;
}

file_tensor read_proto(const std::string& path, const std::string& bytes) {
    onnx::TensorProto proto;
    if (bytes.size() > std::numeric_limits<int>::max() || !proto.ParseFromString(bytes))
        throw command_error(path, "is no tensor of ONNX");
    file_tensor made;
    made.has_extents = true;
    try {
        const from_onnx::tensor tensor =
            from_onnx::read_tensor(proto, std::filesystem::path(path).parent_path().string());
        made.extents.assign(tensor.dims.begin(), tensor.dims.end());
        for (long long i = 0; i < tensor.count(); ++i) made.numbers.push_back(tensor.number(i));
    } catch (const std::exception& problem) {
        throw command_error(path, problem.what());
    }
    return made;
}

/// For each cell of a network's tensor its place among those of the source, in one example.
std::vector<std::size_t> source_cells(const source_order& order, const shape& extent) {
    std::vector<long long> steps(order.extents.size());
    long long step = 1;
    for (std::size_t axis = steps.size(); axis-- > 0; step *= order.extents[axis])
        steps[axis] = step;
    std::vector<std::size_t> result(static_cast<std::size_t>(extent.elements()));
    for (std::size_t cell = 0; cell < result.size(); ++cell) {
        auto rest = static_cast<long long>(cell);
        long long at = 0;
        for (int axis = extent.rank; axis-- > 0; rest /= extent[axis]) {
            const int source = order.axes[static_cast<std::size_t>(axis)];
            if (source >= 0) at += rest % extent[axis] * steps[static_cast<std::size_t>(source)];
        }
        result[cell] = static_cast<std::size_t>(at);
    }
    return result;
}

std::string spell(const std::vector<long long>& extents) {
    std::string text = "(";
    for (std::size_t i = 0; i < extents.size(); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(extents[i]);
    return text + ")";
}

/// Whether extents are `one`, or several examples of it: another extent before it, or in place of a
/// 1 at its beginning.
bool holds(const std::vector<long long>& extents, const std::vector<long long>& one) {
    if (extents == one) return true;
    if (extents.size() == one.size() + 1)
        return std::equal(one.begin(), one.end(), extents.begin() + 1);
    const bool batch = !one.empty() && one[0] == 1;
    if (batch && extents.size() == one.size())
        return std::equal(one.begin() + 1, one.end(), extents.begin() + 1);
    return batch && extents.size() + 1 == one.size() &&
           std::equal(extents.begin(), extents.end(), one.begin() + 1);
}

} // namespace

file_tensor read_tensor_file(const std::string& path, bool on_int8) {
    const std::string bytes = bytes_of(path);
    const std::string suffix = std::filesystem::path(path).extension().string();
    file_tensor made;
    if (suffix == ".npy")
        made = read_npy(path, bytes);
    else if (suffix == ".pb")
        made = read_proto(path, bytes);
    else if (on_int8)
        take<std::int8_t>(path, bytes, made.numbers);
    else
        take<float>(path, bytes, made.numbers);
    for (const double number : made.numbers)
        if (on_int8 && (number < -128 || number > 127 || number != std::floor(number)))
            throw command_error(path, "holds " + std::to_string(number) +
                                          ", and the network takes cells of int8: whole numbers "
                                          "from -128 to 127");
    return made;
}

examples examples_of(const file_tensor& file, const std::string& path, const shape& extent,
                     const source_order& order, bool channels_last) {
    const auto cells = static_cast<std::size_t>(extent.elements());
    std::vector<long long> own;
    for (int axis = 0; axis < extent.rank; ++axis) own.push_back(extent[axis]);
    const bool ordered = order.axes.size() == own.size() && !order.axes.empty();
    bool as_source = ordered && !channels_last;
    if (file.has_extents) {
        const bool of_source = ordered && holds(file.extents, order.extents);
        if (!of_source && !holds(file.extents, own))
            throw command_error(path, "has the shape " + spell(file.extents) + ", expected " +
                                          (ordered ? spell(order.extents) + " or " : "") +
                                          spell(own) + ", or several of them");
        as_source = as_source ? of_source : !holds(file.extents, own);
    }
    if (cells == 0 || file.numbers.empty() || file.numbers.size() % cells != 0)
        throw command_error(path, "has " + std::to_string(file.numbers.size()) +
                                      " cells, expected " + std::to_string(cells) +
                                      " for each example");
    examples made;
    made.count = static_cast<long long>(file.numbers.size() / cells);
    made.cells.reserve(file.numbers.size());
    const std::vector<std::size_t> places =
        as_source ? source_cells(order, extent) : std::vector<std::size_t>{};
    for (std::size_t start = 0; start < file.numbers.size(); start += cells)
        for (std::size_t cell = 0; cell < cells; ++cell)
            made.cells.push_back(
                static_cast<float>(file.numbers[start + (as_source ? places[cell] : cell)]));
    return made;
}

} // namespace ctnn::tool
