// SPDX-License-Identifier: BSL-1.0
#include "constant_channels.hpp"

#include "int8.hpp"

#include <algorithm>
#include <utility>

namespace ctnn::tool {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

/// Between which numbers the cells of a channel lie.
struct interval {
    long long low = least_int8;
    long long high = greatest_int8;

    bool is_constant() const { return low == high; }
    void add(const interval& other) {
        low += other.low;
        high += other.high;
    }
    void include(long long number) {
        low = std::min(low, number);
        high = std::max(high, number);
    }
    interval times(long long factor) const {
        return factor < 0 ? interval{high * factor, low * factor}
                          : interval{low * factor, high * factor};
    }
};

/// What a layer does with the channels that it reads.
enum class way {
    mixes,    ///< every channel that it makes is a sum over all of them, and a bias
    filters,  ///< each channel alone, `depth_multiplier` times
    keeps,    ///< each channel alone: pools, clamps
    lays_out, ///< a flattened map: cell i is of channel i modulo their number
    other     ///< they stay as they are
};

bool is_shared(const model& subject, int index) {
    if (subject.layers[at(index)].owner >= 0) return true;
    return std::any_of(subject.layers.begin(), subject.layers.end(),
                       [&](const layer& next) { return next.owner == index; });
}

bool has_own_weights(const model& subject, int index) {
    const layer& next = subject.layers[at(index)];
    return !next.on_int8->kernel.empty() && !is_shared(subject, index);
}

way way_of(const model& subject, int index) {
    const layer& next = subject.layers[at(index)];
    if (next.inputs.size() != 1) return way::other;
    const attributes& options = next.what.options;
    switch (next.what.family) {
    case family::conv:
        return options.groups == 1 && next.what.operation != operation::separable &&
                       has_own_weights(subject, index)
                   ? way::mixes
                   : way::other;
    case family::dense: return has_own_weights(subject, index) ? way::mixes : way::other;
    case family::depthwise: return has_own_weights(subject, index) ? way::filters : way::other;
    case family::pool: return way::keeps;
    case family::activation:
        return next.what.operation == operation::clamp ? way::keeps : way::other;
    case family::alias: {
        const shape& map = subject.extent(next.inputs[0]);
        const shape& made = next.output.extent;
        if (made.channels() == map.channels()) return way::keeps;
        return made.rank == 1 ? way::lays_out : way::other;
    }
    default: return way::other;
    }
}

/// Whether a window sees something beyond the map.
bool is_padded(const layer& subject, const shape& map) {
    const window& over = subject.what.options.spatial;
    if (subject.what.family != family::conv && subject.what.family != family::depthwise)
        return false;
    for (int axis = 0; axis < over.axes; ++axis) {
        const axis_fit fitted = fit(over, axis, map[axis]);
        const int end = (fitted.output - 1) * over.stride[axis] - fitted.before + over.span(axis);
        if (fitted.before > 0 || end > map[axis]) return true;
    }
    return false;
}

/// The sums of a layer that mixes or filters channels, with its bias.
std::vector<interval> sums_of(const model& subject, const layer& next,
                              const std::vector<interval>& read) {
    const int zero = subject.layers[at(next.inputs[0])].on_int8->made.zero_point;
    const bool filters = next.what.family == family::depthwise;
    const auto made = at(next.output.extent.channels());
    const std::vector<signed char>& kernel = next.on_int8->kernel;
    const bool padded = is_padded(next, subject.extent(next.inputs[0]));
    std::vector<interval> cells = read;
    for (interval& each : cells) {
        each.low -= zero;
        each.high -= zero;
        if (padded) each.include(0);
    }
    std::vector<interval> sums(made);
    for (std::size_t f = 0; f < made; ++f) {
        const std::vector<int>& bias = next.on_int8->bias;
        sums[f].low = sums[f].high = bias.empty() ? 0 : bias[f];
    }
    // Filters are the last axis of a kernel, channels the one before it.
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        const std::size_t f = i % made;
        const std::size_t c =
            filters ? f / at(next.what.options.depth_multiplier) : i / made % cells.size();
        sums[f].add(cells[c].times(kernel[i]));
    }
    return sums;
}

/// Whether 32 bits hold sums, before and after a shift to the left: what is made of others may be
/// anything.
bool is_scaled_whole(const interval& sums, const rescale& by) {
    const long long left = 1LL << std::max(by.shift, 0);
    return sums.low >= fixed::least / left && sums.high <= fixed::greatest / left;
}

/// Sums as cells.
interval rescaled(const interval& sums, const rescale& by, const int8_finish& finish, int zero) {
    if (!is_scaled_whole(sums, by)) return {finish.low, finish.high};
    const auto cell = [&](long long sum) {
        const int scaled = fixed::scaled(static_cast<int>(sum), by);
        return static_cast<long long>(math::clamp(scaled + zero, finish.low, finish.high));
    };
    return {cell(sums.low), cell(sums.high)};
}

/// The mean over a whole map, which may have numbers of its own.
interval mean_of(const model& subject, const layer& next, const interval& read) {
    const int8_finish finish = finish_of(subject, next);
    const shape& map = subject.extent(next.inputs[0]);
    const long long cells = map.elements() / map.channels();
    const int zero = subject.layers[at(next.inputs[0])].on_int8->made.zero_point;
    const interval sums{cells * (read.low - zero), cells * (read.high - zero)};
    if (!is_scaled_whole(sums, finish.factors.at(0))) return {finish.low, finish.high};
    const auto cell = [&](long long sum) {
        const int mean = rounded_mean(fixed::scaled(static_cast<int>(sum), finish.factors[0]),
                                      static_cast<int>(cells));
        return static_cast<long long>(
            math::clamp(mean + next.on_int8->made.zero_point, finish.low, finish.high));
    };
    return {cell(sums.low), cell(sums.high)};
}

std::vector<interval> intervals_of(const model& subject, int index,
                                   const std::vector<std::vector<interval>>& before) {
    const layer& next = subject.layers[at(index)];
    const auto channels = at(next.output.extent.channels());
    std::vector<interval> made(channels);
    if (next.inputs.size() != 1) return made;
    const std::vector<interval>& read = before[at(next.inputs[0])];
    const way does = way_of(subject, index);
    if (does == way::lays_out)
        for (std::size_t i = 0; i < channels; ++i) made[i] = read[i % read.size()];
    if (does == way::keeps && keeps_numbers(next)) {
        const int8_finish finish = finish_of(subject, next);
        for (std::size_t c = 0; c < channels; ++c)
            made[c] = {std::clamp<long long>(read[c].low, finish.low, finish.high),
                       std::clamp<long long>(read[c].high, finish.low, finish.high)};
    }
    if (does == way::keeps && next.what.family == family::alias) made = read;
    if (next.what.family == family::pool && !keeps_numbers(next))
        for (std::size_t c = 0; c < channels; ++c) made[c] = mean_of(subject, next, read[c]);
    if (does == way::mixes || does == way::filters) {
        const int8_finish finish = finish_of(subject, next);
        const std::vector<interval> sums = sums_of(subject, next, read);
        for (std::size_t f = 0; f < channels; ++f)
            made[f] = rescaled(sums[f], finish.factors[f], finish, next.on_int8->made.zero_point);
    }
    return made;
}

class folding {
public:
    explicit folding(model& subject)
        : subject_(subject), count_(static_cast<int>(subject.layers.size())) {
        readers_.resize(at(count_));
        given_.resize(at(count_));
        for (const model_output& output : subject.outputs) given_[at(output.layer)] = true;
        for (int i = 0; i < count_; ++i) {
            ways_.push_back(way_of(subject, i));
            intervals_.push_back(intervals_of(subject, i, intervals_));
            kept_.emplace_back(at(subject.extent(i).channels()), true);
            for (const int read : subject.layers[at(i)].inputs) readers_[at(read)].push_back(i);
        }
    }

    void run() {
        for (int i = count_; i-- > 0;)
            if (ways_[at(i)] == way::mixes) drop_channels_of(i);
        fold_into_biases();
        for (int i = 0; i < count_; ++i) shrink(i);
    }

private:
    /// All channels that are one channel of a layer, seen further on.
    struct copy {
        int layer;
        int channel;
    };
    static void append(std::vector<copy>& to, const model& subject, int reader, way does,
                       int channel) {
        const layer& next = subject.layers[at(reader)];
        const int made = next.output.extent.channels();
        const int read = subject.extent(next.inputs[0]).channels();
        const int times = next.what.options.depth_multiplier;
        if (does == way::keeps) to.push_back({reader, channel});
        if (does == way::filters)
            for (int k = 0; k < times; ++k) to.push_back({reader, channel * times + k});
        if (does == way::lays_out)
            for (int i = channel; i < made; i += read) to.push_back({reader, i});
    }

    /// Whether a layer that mixes channels can do without one of those that it reads.
    bool can_spare(int reader, const copy& read) const {
        const layer& next = subject_.layers[at(reader)];
        const std::vector<signed char>& kernel = next.on_int8->kernel;
        const auto filters = at(next.output.extent.channels());
        const auto channels = at(subject_.extent(read.layer).channels());
        bool weighs = false;
        for (std::size_t i = 0; i < kernel.size(); ++i)
            weighs = weighs || (i / filters % channels == at(read.channel) && kernel[i] != 0 &&
                                kept_[at(reader)][i % filters]);
        if (!weighs) return true;
        const interval& cells = intervals_[at(read.layer)][at(read.channel)];
        if (!cells.is_constant()) return false;
        const bool zero = cells.low == subject_.layers[at(read.layer)].on_int8->made.zero_point;
        return zero || (!is_padded(next, subject_.extent(read.layer)) && has_room(next));
    }

    /// Whether no bias can come near the end of 32 bits, whatever goes into it.
    static bool has_room(const layer& next) {
        constexpr long long most = 1 << 30;
        const std::vector<int>& bias = next.on_int8->bias;
        const auto weights = static_cast<long long>(next.on_int8->kernel.size());
        return !bias.empty() && weights / next.output.extent.channels() * 127 * 255 < most &&
               std::all_of(bias.begin(), bias.end(),
                           [](int each) { return each > -most && each < most; });
    }

    /// Everywhere that a channel is seen, if nothing needs it; empty if something does.
    std::vector<copy> spared(int index, int channel) const {
        std::vector<copy> all{{index, channel}};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const copy each = all[i];
            if (given_[at(each.layer)]) return {};
            for (const int reader : readers_[at(each.layer)]) {
                const way does = ways_[at(reader)];
                if (does == way::other || (does == way::mixes && !can_spare(reader, each)))
                    return {};
                append(all, subject_, reader, does, each.channel);
            }
        }
        return all;
    }

    /// As many stay as kernels take at a time: they are fast by fours.
    void drop_channels_of(int index) {
        constexpr std::ptrdiff_t together = 4;
        const auto channels = static_cast<std::ptrdiff_t>(kept_[at(index)].size());
        std::vector<std::vector<copy>> spare;
        for (std::ptrdiff_t f = 0; f < channels; ++f)
            if (auto all = spared(index, static_cast<int>(f)); !all.empty())
                spare.push_back(std::move(all));
        const std::ptrdiff_t needed = channels - static_cast<std::ptrdiff_t>(spare.size());
        const std::ptrdiff_t left =
            std::max<std::ptrdiff_t>((needed + together - 1) / together, 1) * together;
        for (std::ptrdiff_t i = 0; i < channels - left; ++i)
            for (const copy& each : spare[at(i)]) kept_[at(each.layer)][at(each.channel)] = false;
    }

    void fold_into_biases() {
        for (int i = 0; i < count_; ++i) {
            if (ways_[at(i)] != way::mixes) continue;
            layer& next = subject_.layers[at(i)];
            const int read = next.inputs[0];
            const int zero = subject_.layers[at(read)].on_int8->made.zero_point;
            const auto filters = at(next.output.extent.channels());
            const std::vector<bool>& left = kept_[at(read)];
            for (std::size_t k = 0; k < next.on_int8->kernel.size(); ++k) {
                const std::size_t c = k / filters % left.size();
                const interval& cells = intervals_[at(read)][c];
                if (left[c] || !cells.is_constant() || cells.low == zero) continue;
                const int more = next.on_int8->kernel[k] * static_cast<int>(cells.low - zero);
                next.on_int8->bias[k % filters] += more;
                next.weights[1][k % filters] += static_cast<float>(more) *
                                                next.on_int8->kernel_scales[k % filters] *
                                                subject_.layers[at(read)].on_int8->made.scale;
            }
        }
    }

    /// Leaves out of a list, whose last axes are the channels read and made, those that go.
    template <class Number>
    static void keep_only(std::vector<Number>& list, const std::vector<bool>& read,
                          const std::vector<bool>& made) {
        std::vector<Number> left;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (made[i % made.size()] && read[i / made.size() % read.size()])
                left.push_back(list[i]);
        list = std::move(left);
    }

    void shrink(int index) {
        layer& next = subject_.layers[at(index)];
        if (next.inputs.size() != 1) return;
        const std::vector<bool>& made = kept_[at(index)];
        const std::vector<bool>& read = kept_[at(next.inputs[0])];
        const auto left = std::count(made.begin(), made.end(), true);
        const auto gone = static_cast<std::ptrdiff_t>(made.size()) - left;
        const way does = ways_[at(index)];
        if (does == way::mixes || does == way::filters) {
            static const std::vector<bool> one{true};
            const std::vector<bool>& channels = does == way::mixes ? read : one;
            keep_only(next.on_int8->kernel, channels, made);
            keep_only(next.weights[0], channels, made);
            keep_only(next.on_int8->kernel_scales, one, made);
            if (next.weights.size() > 1) {
                keep_only(next.on_int8->bias, one, made);
                keep_only(next.weights[1], one, made);
            }
        }
        if (does == way::mixes) {
            next.what.options.filters = {static_cast<int>(left)};
            if (gone > 0)
                subject_.notes.push_back(
                    (next.name.empty() ? "layer " + std::to_string(index) : "'" + next.name + "'") +
                    ": " + std::to_string(gone) + " of " + std::to_string(made.size()) +
                    " channels are the same for every input, or are not read: folded");
        }
        if (next.what.family == family::alias && next.what.options.target.rank > 0) {
            shape& target = next.what.options.target;
            target.extents[target.rank - 1] = static_cast<int>(left);
        }
        next.output = subject_.outcome_of(next).output;
    }

    model& subject_;
    int count_;
    std::vector<way> ways_;
    std::vector<std::vector<interval>> intervals_; ///< of the channels that a layer makes
    std::vector<std::vector<bool>> kept_;          ///< the same: those that stay
    std::vector<std::vector<int>> readers_;
    std::vector<bool> given_; ///< layers whose tensors are outputs
};

} // namespace

void fold_constant_channels(model& subject) {
    if (subject.on_int8()) folding(subject).run();
}

} // namespace ctnn::tool
