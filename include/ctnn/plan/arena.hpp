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
    int outlived_by = -1; ///< the nearest earlier buffer that lasts longer
};

inline constexpr long long arena_alignment = 64;

constexpr long long align_up(long long bytes) noexcept {
    return (bytes + arena_alignment - 1) / arena_alignment * arena_alignment;
}

namespace detail {

/// Links every buffer to the nearest earlier one that lasts longer.
constexpr void link_lifetimes(buffer* buffers, int count) noexcept {
    for (int i = 0; i < count; ++i) {
        int longer = i - 1;
        while (longer >= 0 && buffers[longer].last <= buffers[i].last)
            longer = buffers[longer].outlived_by;
        buffers[i].outlived_by = longer;
    }
}

/// Visits the earlier buffers that still live when buffer `which` begins. A buffer that has ended
/// is skipped with all before it that ended no later: the cost is about the number of visits.
template <class Visit>
constexpr void for_each_alive(const buffer* buffers, int which, Visit visit) noexcept {
    for (int i = which - 1; i >= 0;) {
        const bool alive = buffers[i].last >= buffers[which].first;
        if (alive) visit(buffers[i]);
        i = alive ? i - 1 : buffers[i].outlived_by;
    }
}

/// Visits all others that live at some time when buffer `which` does.
template <class Visit>
constexpr void for_each_overlapping(const buffer* buffers, int count, int which,
                                    Visit visit) noexcept {
    for_each_alive(buffers, which, visit);
    for (int i = which + 1; i < count && buffers[i].first <= buffers[which].last; ++i)
        visit(buffers[i]);
}

inline constexpr long long unplaced = -1;

/// The lowest offset at which a buffer fits between those that are placed already.
constexpr long long lowest_fit(const buffer* buffers, int count, int which) noexcept {
    const long long bytes = buffers[which].bytes;
    long long offset = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for_each_overlapping(buffers, count, which, [&](const buffer& other) noexcept {
            if (other.offset == unplaced || other.offset >= offset + bytes ||
                offset >= other.offset + other.bytes)
                return;
            offset = align_up(other.offset + other.bytes);
            moved = true;
        });
    }
    return offset;
}

/// Places buffers in the given order as long as they end before `limit`; returns where in the order
/// the first is that does not, or -1.
constexpr int place_within(buffer* buffers, const int* order, int count, long long limit) noexcept {
    for (int i = 0; i < count; ++i) buffers[i].offset = unplaced;
    for (int i = 0; i < count; ++i) {
        buffer& next = buffers[order[i]];
        next.offset = lowest_fit(buffers, count, order[i]);
        if (align_up(next.offset + next.bytes) > limit) return i;
    }
    return -1;
}

constexpr void move_to_front(int* order, int at) noexcept {
    const int moving = order[at];
    for (; at > 0; --at) order[at] = order[at - 1];
    order[0] = moving;
}

/// Places buffers in the given order; returns the size of the arena.
constexpr long long place_in_order(buffer* buffers, const int* order, int count) noexcept {
    for (int i = 0; i < count; ++i) buffers[i].offset = unplaced;
    long long size = 0;
    for (int i = 0; i < count; ++i) {
        buffer& next = buffers[order[i]];
        next.offset = lowest_fit(buffers, count, order[i]);
        const long long end = next.offset + next.bytes;
        size = end > size ? end : size;
    }
    return align_up(size);
}

struct live_peak {
    long long bytes = 0;
    int step = 0;
};

/// The most bytes that live at one time, no arena is smaller; and the step at which they do.
constexpr live_peak least_arena(const buffer* buffers, int count) noexcept {
    live_peak least;
    for (int i = 0; i < count; ++i) {
        long long live = align_up(buffers[i].bytes);
        for_each_alive(buffers, i,
                       [&](const buffer& other) noexcept { live += align_up(other.bytes); });
        if (live > least.bytes) least = {live, buffers[i].first};
    }
    return least;
}

/// Orders buffers by size, the largest first, equal ones by time (Shell's sort).
constexpr void order_by_size(const buffer* buffers, int* order, int count) noexcept {
    const auto comes_before = [&](int left, int right) noexcept {
        if (buffers[left].bytes != buffers[right].bytes)
            return buffers[left].bytes > buffers[right].bytes;
        return left < right;
    };
    for (int i = 0; i < count; ++i) order[i] = i;
    for (int gap = count / 2; gap > 0; gap /= 2)
        for (int i = gap; i < count; ++i) {
            const int moving = order[i];
            int at = i;
            for (; at >= gap && comes_before(moving, order[at - gap]); at -= gap)
                order[at] = order[at - gap];
            order[at] = moving;
        }
}

constexpr void order_by_time(int* order, int count) noexcept {
    for (int i = 0; i < count; ++i) order[i] = i;
}

} // namespace detail

/// What placing buffers came to.
struct arena_size {
    long long bytes = 0;
    long long least = 0; ///< the most bytes that live at one time: no arena is smaller
    int peak = 0;        ///< when they do: some buffer's `first`
};

/// Gives every buffer an offset, so that no two that live at the same time overlap. Buffers come in
/// the order of `first`, and are placed in it. One that does not fit into the least arena possible
/// is placed first of all in another attempt. Where some attempts do not help, the order of size is
/// tried too, and the smaller arena kept. `order` is room for `count` numbers.
constexpr arena_size place_buffers(buffer* buffers, int* order, int count) noexcept {
    constexpr int attempts = 12;
    detail::link_lifetimes(buffers, count);
    const detail::live_peak peak = detail::least_arena(buffers, count);
    const long long least = peak.bytes;
    detail::order_by_time(order, count);
    for (int i = 0; i < attempts; ++i) {
        const int misfit = detail::place_within(buffers, order, count, least);
        if (misfit < 0) return {least, least, peak.step};
        detail::move_to_front(order, misfit);
    }
    detail::order_by_size(buffers, order, count);
    const long long by_size = detail::place_in_order(buffers, order, count);
    detail::order_by_time(order, count);
    const long long by_time = detail::place_in_order(buffers, order, count);
    if (by_time <= by_size) return {by_time, least, peak.step};
    detail::order_by_size(buffers, order, count);
    return {detail::place_in_order(buffers, order, count), least, peak.step};
}

} // namespace ctnn
