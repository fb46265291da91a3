// SPDX-License-Identifier: BSL-1.0
// The rows of a map under the windows of one row of an output, copied with what lies beyond the map
// on either side: all windows are inside then, and a kernel may write over its input.
#pragma once

#include <ctnn/kernels/int8/kernel.hpp>
#include <ctnn/kernels/machine/mve_copy.hpp>

namespace ctnn::detail {

/// How large such rows are.
struct padded_room {
    int cells; ///< of a row
    int rows;
    int left; ///< cells before the map

    constexpr explicit padded_room(const geometry& map) noexcept
        : cells(math::max((map.out[2] - 1) * map.stride[2] + map.window[2],
                          map.before[2] + map.in[2]) *
                map.channels),
          rows(map.window[1]), left(map.before[2] * map.channels) {}

    /// Vectors may be read whole at the end.
    constexpr int bytes() const noexcept { return math::ceil_div(cells * rows, 16) * 16 + 16; }
};

/// Whether what is written to a row of the output never meets rows that are yet to be copied.
constexpr bool padded_in_place(const geometry& map) noexcept {
    for (int y = 0; y < map.out[1]; ++y) {
        const int unread = y * map.stride[1] - map.before[1] + map.window[1];
        if (unread < map.in[1] &&
            1LL * (y + 1) * map.out[2] * map.filters > 1LL * unread * map.in[2] * map.channels)
            return false;
    }
    return true;
}

/// The rows: those of a map with padding, of which row `r` is in place `r % rows`.
class padded_rows {
public:
    padded_rows(const geometry& map, const int8* input, int zero, int8* kept) noexcept
        : map_(map), room_(map), input_(input), zero_(zero), kept_(kept) {
        mve::fill(kept, zero, room_.cells * room_.rows);
    }
    /// Brings in the rows under the windows of a row of the output.
    void go_to(int y) noexcept {
        const int top = y * map_.stride[1];
        const int bytes = map_.in[2] * map_.channels;
        for (next_ = math::max(next_, top); next_ < top + room_.rows; ++next_) {
            const int row = next_ - map_.before[1];
            int8* to = kept_ + next_ % room_.rows * room_.cells + room_.left;
            if (row >= 0 && row < map_.in[1])
                mve::copy(to, input_ + row * bytes, bytes);
            else
                mve::fill(to, zero_, bytes);
        }
    }
    const int8* row(int y, int j) const noexcept {
        return kept_ + (y * map_.stride[1] + j) % room_.rows * room_.cells;
    }
    int stride() const noexcept { return room_.cells; }

private:
    const geometry& map_;
    padded_room room_;
    const int8* input_;
    int zero_;
    int8* kept_;
    int next_ = 0;
};

} // namespace ctnn::detail
