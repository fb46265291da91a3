// SPDX-License-Identifier: BSL-1.0
// What is known of a graph before it runs: weights, and the numbers that shapes are computed from.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace onnx {
class TensorProto;
}

namespace ctnn::tool::from_onnx {

/// Extents as the source has them, the batch included.
using extents = std::vector<long long>;

inline std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// What a node asks for and does not get. The importer adds the place.
struct refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The most elements that any tensor may have: an int counts them.
inline constexpr long long most_elements = 0x7fffffffLL;
/// The most axes; the source's own limit is higher, and nothing that a network does needs it.
inline constexpr std::size_t most_axes = 32;

/// The product; throws if an extent is negative or the product too large.
long long count_of(const extents& dims);
/// "(1, 3, 224, 224)"
std::string spell(const extents& dims);
/// "'name'", shortened where it is long, and without what a terminal would take as a command.
std::string in_quotes(std::string_view name);

/// A known tensor: real numbers or whole ones, row-major.
struct tensor {
    extents dims;
    bool real = true;
    std::vector<float> reals;
    std::vector<std::int64_t> wholes; ///< truths too: 0 and 1
    int type = 0;                     ///< of the cells in the file; 0: not known any more
    std::vector<float> scales{};      ///< of cells of integers that the numbers come from

    long long count() const { return static_cast<long long>(real ? reals.size() : wholes.size()); }
    double number(long long i) const {
        const auto at = static_cast<std::size_t>(i);
        return real ? static_cast<double>(reals[at]) : static_cast<double>(wholes[at]);
    }
    /// Cut towards zero where it is real; the nearest there is where it does not fit.
    std::int64_t whole(long long i) const;
    /// As a list of whole numbers.
    extents list() const;
};
using constant = std::shared_ptr<const tensor>;

/// What a file holds. `folder`: where files with external data lie; empty if they are not read.
tensor read_tensor(const onnx::TensorProto& from, const std::string& folder);

/// Whether element types become 32-bit reals here.
bool is_real_type(int type);
std::string name_of_type(int type);

} // namespace ctnn::tool::from_onnx
