// SPDX-License-Identifier: BSL-1.0
// The checks between a safetensors header and its use: the data are tiled by the tensors, and the
// tensors are those of the network.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ctnn/weights/layout.hpp>
#include <ctnn/weights/safetensors_cells.hpp>
#include <ctnn/weights/safetensors_header.hpp>

namespace ctnn::detail {

/// The weights of a network, without the network's type.
struct expected_weights {
    std::span<const weight_entry> entries;
    unsigned long long layout_hash;

    /// Cells of a type.
    std::size_t count(dtype cell = dtype::float32) const noexcept {
        std::size_t sum = 0;
        for (const weight_entry& entry : entries)
            if (entry.cell == cell) sum += static_cast<std::size_t>(entry.elements());
        return sum;
    }
};

/// A tensor of the file that is a weight of the network.
struct matched_weight {
    const tensor_record* record;
    const weight_entry* entry;
    const cell_format* cells;
};

inline std::string spell_bytes(std::uint64_t count) { return std::to_string(count) + " bytes"; }

inline std::string spell_hash(unsigned long long hash) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", hash);
    return digits;
}

/// The product of the extents and the size of a cell; false if it does not fit 64 bits.
inline bool size_in_bytes(const tensor_record& record, std::uint64_t cell,
                          std::uint64_t& result) noexcept {
    result = cell;
    bool fits = true;
    for (const std::uint64_t extent : record.extents) {
        if (extent == 0) {
            result = 0;
            return true;
        }
        if (result > std::numeric_limits<std::uint64_t>::max() / extent)
            fits = false;
        else
            result *= extent;
    }
    return fits;
}

/// One tensor alone: its place lies in the data and is as large as its shape says.
inline bool check_place(const tensor_record& record, std::uint64_t data_size, error_list& errors) {
    const std::string where = tensor_called(record.name);
    const std::string place = "data_offsets " + spell_list(record.offsets.data(), 2);
    if (record.begin() > record.end()) {
        errors.add(where, place, "a begin that is not beyond the end");
        return false;
    }
    if (record.end() > data_size) {
        errors.add(where, place, "an end within the file's " + spell_bytes(data_size) + " of data");
        return false;
    }
    const cell_format* cells = find_cell_format(record.dtype);
    if (cells == nullptr) return true; // an error of its own
    std::uint64_t size = 0;
    const std::string kind = record.dtype + " " + record.spelled_shape();
    if (!size_in_bytes(record, cells->bytes, size)) {
        errors.add(where, kind, "a size in bytes that fits 64 bits");
        return false;
    }
    const std::uint64_t given = record.end() - record.begin();
    if (given != size)
        errors.add(where, place + ", " + spell_bytes(given), spell_bytes(size) + " for " + kind);
    return given == size;
}

/// All tensors together: they cover the data without overlap and without holes.
inline void check_tiling(safetensors_header& header, std::uint64_t data_size, error_list& errors) {
    std::vector<const tensor_record*> order;
    bool complete = true;
    for (tensor_record& record : header.tensors) {
        record.placed = record.sound && check_place(record, data_size, errors);
        if (record.placed)
            order.push_back(&record);
        else
            complete = false;
    }
    std::sort(order.begin(), order.end(),
              [](const tensor_record* left, const tensor_record* right) {
                  return left->offsets < right->offsets;
              });
    const tensor_record* last = nullptr;
    for (const tensor_record* record : order) {
        const std::uint64_t covered = last == nullptr ? 0 : last->end();
        const std::string begin = "data from byte " + std::to_string(record->begin());
        if (record->begin() < covered)
            errors.add(tensor_called(record->name), begin + ", inside " + tensor_called(last->name),
                       "no overlap: byte " + std::to_string(covered));
        else if (record->begin() > covered && complete)
            errors.add(tensor_called(record->name), begin,
                       "no gap: byte " + std::to_string(covered));
        if (last == nullptr || record->end() > covered) last = record;
    }
    const std::uint64_t covered = last == nullptr ? 0 : last->end();
    if (complete && covered < data_size)
        errors.add("data", spell_bytes(data_size - covered) + " after the last tensor", "none");
}

/// PyTorch's axes are turned: a hint for those who meet them.
inline std::string_view order_hint(std::span<const std::uint64_t> found,
                                   const shape& expected) noexcept {
    const auto is = [&](std::size_t at, int axis) {
        return found[at] == static_cast<std::uint64_t>(expected[axis]);
    };
    if (found.size() == 4 && expected.rank == 4 && is(0, 3) && is(1, 2) && is(2, 0) && is(3, 1))
        return " (it is in PyTorch's order, filters, depth, height, width: transpose it to height, "
               "width, depth, filters)";
    if (found.size() == 2 && expected.rank == 2 && is(0, 1) && is(1, 0))
        return " (it is in PyTorch's order, outputs, inputs: transpose it)";
    return {};
}

inline bool has_shape(const tensor_record& record, const shape& expected) noexcept {
    if (record.extents.size() != static_cast<std::size_t>(expected.rank)) return false;
    for (int axis = 0; axis < expected.rank; ++axis)
        if (record.extents[static_cast<std::size_t>(axis)] !=
            static_cast<std::uint64_t>(expected[axis]))
            return false;
    return true;
}

/// The tensors are the network's: each weight there, of its shape and a type that can be read, and
/// nothing else. The layout hash, if the file has one, is the network's.
inline std::vector<matched_weight> match_weights(const safetensors_header& header,
                                                 const expected_weights& network,
                                                 error_list& errors) {
    std::unordered_map<std::string_view, const tensor_record*> records;
    for (const tensor_record& record : header.tensors) records.emplace(record.name, &record);

    std::vector<matched_weight> matched;
    for (const weight_entry& entry : network.entries) {
        const std::string_view name{entry.name.characters,
                                    static_cast<std::size_t>(entry.name.size)};
        const auto found = records.find(name);
        if (found == records.end()) {
            errors.add(tensor_called(name), "no such tensor",
                       name_of_cells(entry.cell) + (" " + spell_shape(entry.extent)));
            continue;
        }
        const tensor_record& record = *found->second;
        records.erase(found);
        if (!record.sound) continue; // an error of its own
        const cell_format* cells = find_cell_format(record.dtype);
        if (cells != nullptr && cells->cell != entry.cell) cells = nullptr;
        if (cells == nullptr)
            errors.add(tensor_called(name), "dtype " + in_quotes(record.dtype),
                       entry.cell == dtype::float32 ? "F32 (or F16 or BF16, which are widened)"
                                                    : name_of_cells(entry.cell));
        const bool fits = has_shape(record, entry.extent);
        if (!fits) {
            std::string expected = spell_shape(entry.extent);
            expected += order_hint(record.extents, entry.extent);
            errors.add(tensor_called(name), "shape " + record.spelled_shape(), expected);
        }
        if (fits && cells != nullptr && record.placed) matched.push_back({&record, &entry, cells});
    }
    for (const tensor_record& record : header.tensors)
        if (record.sound && !record.repeated && records.contains(record.name))
            errors.add(tensor_called(record.name),
                       record.dtype.substr(0, 40) + " " + record.spelled_shape(),
                       "no tensor of this name: the network has none");
    if (header.layout && *header.layout != spell_hash(network.layout_hash))
        errors.add("metadata \"ctnn.layout\"", in_quotes(*header.layout),
                   in_quotes(spell_hash(network.layout_hash)) +
                       ", the hash of the network's names, shapes and their order");
    return matched;
}

} // namespace ctnn::detail
