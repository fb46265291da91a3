// SPDX-License-Identifier: BSL-1.0
// Places buffers of known lifetimes in one stretch of memory.
#pragma once

namespace ctnn {

/// Bytes that must exist from step `first` to step `last`, both included.
struct buffer {
    long long bytes = 0;
    int first = 0;
    int last = 0;
    long long offset = 0;
};

inline constexpr long long arena_alignment = 64;

constexpr long long align_up(long long bytes) noexcept {
    return (bytes + arena_alignment - 1) / arena_alignment * arena_alignment;
}

namespace detail {

constexpr bool overlap_in_time(const buffer& left, const buffer& right) noexcept {
    return left.first <= right.last && right.first <= left.last;
}

/// The lowest offset at which a buffer fits between those that are placed already.
constexpr long long lowest_fit(const buffer* buffers, const int* placed, int placed_count,
                               const buffer& wanted) noexcept {
    long long offset = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < placed_count; ++i) {
            const buffer& other = buffers[placed[i]];
            if (!overlap_in_time(wanted, other)) continue;
            if (offset < other.offset + other.bytes && other.offset < offset + wanted.bytes) {
                offset = align_up(other.offset + other.bytes);
                moved = true;
            }
        }
    }
    return offset;
}

/// Places buffers in the given order; returns the size of the arena.
constexpr long long place_in_order(buffer* buffers, const int* order, int count) noexcept {
    long long size = 0;
    for (int i = 0; i < count; ++i) {
        buffer& next = buffers[order[i]];
        next.offset = lowest_fit(buffers, order, i, next);
        const long long end = next.offset + next.bytes;
        size = end > size ? end : size;
    }
    return align_up(size);
}

template <class Before>
constexpr void sort_order(int* order, int count, Before before) noexcept {
    for (int i = 0; i < count; ++i) order[i] = i;
    for (int i = 1; i < count; ++i)
        for (int j = i; j > 0 && before(order[j], order[j - 1]); --j) {
            const int swapped = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swapped;
        }
}

} // namespace detail

/// Gives every buffer an offset, so that no two that live at the same time overlap, and returns the
/// size of the arena. Tries the order of time and the order of size and keeps the smaller arena.
/// `order` is room for `count` numbers.
constexpr long long place_buffers(buffer* buffers, int* order, int count) noexcept {
    const auto larger = [&](int left, int right) {
        return buffers[left].bytes > buffers[right].bytes;
    };
    const auto earlier = [&](int left, int right) {
        return buffers[left].first < buffers[right].first;
    };
    detail::sort_order(order, count, larger);
    const long long by_size = detail::place_in_order(buffers, order, count);
    detail::sort_order(order, count, earlier);
    const long long by_time = detail::place_in_order(buffers, order, count);
    if (by_time <= by_size) return by_time;
    detail::sort_order(order, count, larger);
    return detail::place_in_order(buffers, order, count);
}

} // namespace ctnn
