// SPDX-License-Identifier: BSL-1.0
#include "layout.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn::tool::from_onnx {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

} // namespace

layout::layout(const extents& dims, const std::vector<int>& order) {
    axes.resize(dims.size());
    for (const int axis : order)
        if (dims[at(axis)] != 1) {
            axes[at(axis)].push_back(static_cast<int>(memory.size()));
            memory.push_back(dims[at(axis)]);
        }
}

layout::layout(const extents& dims) {
    std::vector<int> order(dims.size());
    std::iota(order.begin(), order.end(), 0);
    *this = layout(dims, order);
}

long long layout::extent(int axis) const {
    long long product = 1;
    for (const int piece : axes[at(axis)]) product *= memory[at(piece)];
    return product;
}

extents layout::dims() const {
    extents result;
    for (int axis = 0; axis < rank(); ++axis) result.push_back(extent(axis));
    return result;
}

void layout::transpose(const std::vector<int>& order) {
    std::vector<std::vector<int>> turned;
    for (const int axis : order) turned.push_back(axes[at(axis)]);
    axes = std::move(turned);
}

void layout::replace(int first, int count, const std::vector<long long>& pieces) {
    memory.erase(memory.begin() + first, memory.begin() + first + count);
    memory.insert(memory.begin() + first, pieces.begin(), pieces.end());
    const int more = static_cast<int>(pieces.size()) - count;
    for (std::vector<int>& axis : axes) {
        std::erase_if(axis, [&](int piece) { return piece >= first && piece < first + count; });
        for (int& piece : axis)
            if (piece >= first + count) piece += more;
    }
}

void layout::split(int piece, long long outer) {
    const long long inner = memory[at(piece)] / outer;
    memory[at(piece)] = outer;
    memory.insert(memory.begin() + piece + 1, inner);
    for (std::vector<int>& axis : axes) {
        for (int& other : axis)
            if (other > piece) ++other;
        const auto found = std::find(axis.begin(), axis.end(), piece);
        if (found != axis.end()) axis.insert(found + 1, piece + 1);
    }
}

void layout::join() {
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
        for (std::size_t i = 0; i + 1 < axes[axis].size();) {
            const int piece = axes[axis][i];
            if (axes[axis][i + 1] != piece + 1) {
                ++i;
                continue;
            }
            memory[at(piece)] *= memory[at(piece + 1)];
            memory.erase(memory.begin() + piece + 1);
            axes[axis].erase(axes[axis].begin() + static_cast<std::ptrdiff_t>(i) + 1);
            for (std::vector<int>& all : axes)
                for (int& other : all)
                    if (other > piece) --other;
        }
}

bool layout::reshape(const extents& dims) {
    layout next = *this;
    // One axis that has all pieces: splitting keeps it up to date.
    std::vector<int> all;
    for (const std::vector<int>& axis : next.axes) all.insert(all.end(), axis.begin(), axis.end());
    next.axes = {all};
    std::vector<std::size_t> lengths; // how many pieces each axis takes
    std::size_t used = 0;
    for (const long long wanted : dims) {
        long long rest = wanted;
        std::size_t taken = 0;
        while (rest > 1) {
            if (used >= next.axes[0].size()) return false;
            const int piece = next.axes[0][used];
            const long long extent = next.memory[at(piece)];
            if (rest % extent != 0) {
                if (extent % rest != 0) return false;
                next.split(piece, rest);
            }
            rest /= next.memory[at(next.axes[0][used])];
            ++used;
            ++taken;
        }
        lengths.push_back(taken);
    }
    if (used != next.axes[0].size()) return false;
    all = next.axes[0];
    next.axes.clear();
    auto from = all.begin();
    for (const std::size_t length : lengths) {
        next.axes.emplace_back(from, from + static_cast<std::ptrdiff_t>(length));
        from += static_cast<std::ptrdiff_t>(length);
    }
    next.join();
    *this = std::move(next);
    return true;
}

std::vector<int> layout::pieces(const std::vector<int>& of_axes) const {
    std::vector<int> result;
    for (const int axis : of_axes)
        result.insert(result.end(), axes[at(axis)].begin(), axes[at(axis)].end());
    return result;
}

bool layout::lies(const std::vector<int>& order) const {
    const std::vector<int> found = pieces(order);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i] != static_cast<int>(i)) return false;
    return found.size() == memory.size();
}

std::vector<int> layout::order() const {
    std::vector<int> result;
    for (int axis = 0; axis < rank(); ++axis)
        if (!axes[at(axis)].empty()) result.push_back(axis);
    std::sort(result.begin(), result.end(), [&](int left, int right) {
        const auto first = [&](int axis) {
            return *std::min_element(axes[at(axis)].begin(), axes[at(axis)].end());
        };
        return first(left) < first(right);
    });
    return result;
}

void layout::arrange(const std::vector<int>& order) {
    std::vector<long long> moved;
    std::vector<int> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        moved.push_back(memory[at(order[i])]);
        place[at(order[i])] = static_cast<int>(i);
    }
    memory = std::move(moved);
    for (std::vector<int>& axis : axes)
        for (int& piece : axis) piece = place[at(piece)];
}

std::vector<long long> layout::sources(int axis) const {
    const std::vector<int>& own = axes[at(axis)];
    std::vector<int> lying = own;
    std::sort(lying.begin(), lying.end());
    std::vector<long long> steps(memory.size()); // of a piece, in the source
    long long step = 1;
    for (auto piece = own.rbegin(); piece != own.rend(); ++piece) {
        steps[at(*piece)] = step;
        step *= memory[at(*piece)];
    }
    std::vector<long long> result(static_cast<std::size_t>(step));
    for (long long cell = 0; cell < step; ++cell) {
        long long rest = cell;
        long long source = 0;
        for (auto piece = lying.rbegin(); piece != lying.rend(); ++piece) {
            source += rest % memory[at(*piece)] * steps[at(*piece)];
            rest /= memory[at(*piece)];
        }
        result[static_cast<std::size_t>(cell)] = source;
    }
    return result;
}

bool refine(layout& left, layout& right) {
    for (std::size_t axis = 0; axis < left.axes.size(); ++axis) {
        if (left.axes[axis].empty() || right.axes[axis].empty()) continue;
        for (std::size_t i = 0; i < left.axes[axis].size() && i < right.axes[axis].size(); ++i) {
            const long long of_left = left.memory[at(left.axes[axis][i])];
            const long long of_right = right.memory[at(right.axes[axis][i])];
            if (of_left == of_right) continue;
            if (of_left % of_right == 0)
                left.split(left.axes[axis][i], of_right);
            else if (of_right % of_left == 0)
                right.split(right.axes[axis][i], of_left);
            else
                return false;
        }
        if (left.axes[axis].size() != right.axes[axis].size()) return false;
    }
    return true;
}

} // namespace ctnn::tool::from_onnx
