// SPDX-License-Identifier: BSL-1.0
// Adds layers to a model for a reader whose tensors lie as the library's do, channels last. Numbers
// come from files that nobody has checked: what would overflow a rule is refused before.
#pragma once

#include "../../model/model.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::tool {

/// What cannot be imported, without the place, which the reader adds.
struct refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline constexpr long long most_extent = 1 << 24;
inline constexpr long long most_cells = 1LL << 28; ///< of a tensor

/// "(None, 28, 28, 1)": -1 is unknown.
std::string spell(const std::vector<long long>& dims);
std::string spell(const shape& extent);

/// A name of the file for a message: what does not print is a question mark, and it is short.
std::string printable(std::string_view name);

/// The extents as a shape; throws where they are none, or too many or too large.
shape shape_of(const std::vector<long long>& dims);

/// A number that fits where the library has an int.
int whole_number(long long number, std::string_view what);

class builder {
public:
    explicit builder(model& to) : to_(to) {}

    model& target() { return to_; }
    const shape& extent(int layer) const { return to_.extent(layer); }
    int rank(int layer) const { return extent(layer).rank; }

    /// Where the file has what is read now, and the name of its layers.
    std::string place;

    int add_input(const std::string& name, const shape& extent);
    int add(const descriptor& what, std::vector<int> inputs,
            std::vector<std::vector<float>> weights = {}, const std::string& name = {},
            int owner = -1);

    /// What the rule says of a layer; throws where its numbers are too large.
    outcome expected(const descriptor& what, const std::vector<int>& inputs) const;

    // Layers between those of the file. Each gives `layer` itself where there is nothing to do.
    int reshaped(int layer, const shape& wanted);
    int permuted(int layer, const std::vector<int>& order);
    /// Repeats cells along axes of extent 1; `wanted` has the same rank.
    int expanded(int layer, const shape& wanted);
    int line(int layer, double scale, double offset);
    /// Multiplies by or adds a constant of shape `extent`, which has the tensor's rank and 1 where
    /// all cells along an axis share a number.
    int with_constant(int layer, const std::vector<float>& numbers, const shape& extent,
                      bool multiplies, const std::string& name = {});
    /// Cells from begin to end along an axis.
    int sliced(int layer, int axis, int begin, int end, int step = 1, const std::string& name = {});
    /// Cells of a number around the map, before and after along each axis.
    int padded(int layer, const std::vector<int>& before, const std::vector<int>& after,
               double number, border beyond, const std::string& name = {});

private:
    void check(const layer& next) const;

    model& to_;
};

/// conv1d, conv2d or conv3d, as there are spatial axes.
inline const descriptor& by_axes(int axes, const descriptor& one, const descriptor& two,
                                 const descriptor& three) {
    return axes == 1 ? one : axes == 2 ? two : three;
}

/// The number that someone wrote in decimals and a file has as a float: 0.1f is 0.1.
double as_written(float number);

} // namespace ctnn::tool
