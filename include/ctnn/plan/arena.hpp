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

/// The most bytes that live at one time: no arena is smaller. Buffers are in the order of `first`.
constexpr long long least_arena(const buffer* buffers, int count) noexcept {
    long long least = 0;
    for (int i = 0; i < count; ++i) {
        long long live = 0;
        for (int j = 0; j <= i; ++j)
            if (buffers[j].last >= buffers[i].first) live += align_up(buffers[j].bytes);
        least = live > least ? live : least;
    }
    return least;
}

/// Orders buffers by size, the largest first.
constexpr void order_by_size(const buffer* buffers, int* order, int count) noexcept {
    for (int i = 0; i < count; ++i) {
        int at = i;
        for (; at > 0 && buffers[order[at - 1]].bytes < buffers[i].bytes; --at)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

constexpr void order_by_time(int* order, int count) noexcept {
    for (int i = 0; i < count; ++i) order[i] = i;
}

} // namespace detail

/// Gives every buffer an offset, so that no two that live at the same time overlap, and returns the
/// size of the arena. Buffers come in the order of `first`. Places them in that order; where that
/// is not the smallest possible, in the order of size too, and keeps the smaller arena. `order` is
/// room for `count` numbers.
constexpr long long place_buffers(buffer* buffers, int* order, int count) noexcept {
    detail::order_by_time(order, count);
    const long long by_time = detail::place_in_order(buffers, order, count);
    if (by_time == detail::least_arena(buffers, count)) return by_time;
    detail::order_by_size(buffers, order, count);
    const long long by_size = detail::place_in_order(buffers, order, count);
    if (by_size < by_time) return by_size;
    detail::order_by_time(order, count);
    return detail::place_in_order(buffers, order, count);
}

} // namespace ctnn
