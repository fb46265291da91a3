// SPDX-License-Identifier: BSL-1.0
// How long each step of a model takes, beside what the plan says of it. Any clock will do: a
// firmware's counter of cycles as well as a system's.
#pragma once

#include <ctnn/plan/explain.hpp>
#include <ctnn/runtime/model.hpp>

namespace ctnn {

/// Medians, in seconds. Of steps that run together, the first has the time of all.
template <class Network, target Machine = this_machine> struct step_times {
    static constexpr int steps = plan_of<Network, Machine>::value.step_count;
    double seconds[steps + 1]{};
    double run = 0; ///< a run that nobody looks into

    constexpr double sum() const noexcept {
        double all = 0;
        for (const double own : seconds) all += own;
        return all;
    }
};

namespace detail {

/// The middle one of several; sorts them.
template <class Number> constexpr Number median(Number* numbers, int count) noexcept {
    for (int i = 1; i < count; ++i) {
        const Number moving = numbers[i];
        int at = i;
        for (; at > 0 && moving < numbers[at - 1]; --at) numbers[at] = numbers[at - 1];
        numbers[at] = moving;
    }
    return numbers[count / 2];
}

template <class Number> Number plain(Number) noexcept;

/// What passed between two readings, also of a counter that began anew between them.
template <class Tick> constexpr Tick passed(Tick before, Tick after) noexcept {
    return static_cast<Tick>(after - before);
}

} // namespace detail

/// Runs a model `Rounds` times step by step, and as often at once. `clock()` gives any number that
/// grows by one every `seconds_per_tick`; what reading it takes is found out and left out. The
/// samples are kept on the stack.
template <int Rounds = 31, class Network, class Cell, target Machine, class Clock>
constexpr step_times<Network, Machine> profile(model<Network, Cell, Machine>& subject,
                                               const input_spans<Network, Cell>& inputs,
                                               const output_spans<Network, Cell>& outputs,
                                               Clock&& clock, double seconds_per_tick) noexcept {
    static_assert(Rounds > 0);
    using tick = decltype(detail::plain(clock()));
    using subject_type = model<Network, Cell, Machine>;
    constexpr int steps = subject_type::steps;
    tick samples[steps + 2][Rounds]{}; // of each step; of whole runs; of nothing
    subject.run(inputs, outputs);
    for (int round = 0; round < Rounds; ++round) {
        tick before = clock();
        for (int i = 0; i < steps;) {
            const int next = i + subject_type::steps_together(i);
            subject.run_steps(i, next, inputs, outputs);
            const tick after = clock();
            samples[i][round] = detail::passed(before, after);
            before = after;
            i = next;
        }
        before = clock();
        subject.run(inputs, outputs);
        samples[steps][round] = detail::passed<tick>(before, clock());
        before = clock();
        samples[steps + 1][round] = detail::passed<tick>(before, clock());
    }
    const tick reading = detail::median(samples[steps + 1], Rounds);
    const auto seconds = [&](int of) noexcept {
        const tick middle = detail::median(samples[of], Rounds);
        return middle > reading ? static_cast<double>(middle - reading) * seconds_per_tick : 0;
    };
    step_times<Network, Machine> times;
    for (int i = 0; i < steps; i += subject_type::steps_together(i)) times.seconds[i] = seconds(i);
    times.run = seconds(steps);
    return times;
}

namespace detail::profiled {

/// One line: a step, or several that run together.
struct row {
    explained::view plan;
    int first;
    int count;
    double seconds;
    double all;  ///< seconds of all steps
    double peak; ///< multiply-adds a second; 0: not known

    constexpr explained::row at(int i) const noexcept { return plan.at(first + i); }
    constexpr long long macs() const noexcept {
        long long sum = 0;
        for (int i = 0; i < count; ++i) {
            const step& each = plan.steps[first + i];
            if (!each.in_place) sum += plan.graph.at(each.node).macs;
        }
        return sum;
    }
};

/// 1,234.50
constexpr void append_decimal(text_writer& out, double number, int decimals) noexcept {
    long long unit = 1;
    for (int i = 0; i < decimals; ++i) unit *= 10;
    constexpr double most = 1e15;
    number = number < most ? number : most;
    const auto rounded = static_cast<long long>(number * static_cast<double>(unit) + 0.5);
    out.append_grouped(rounded / unit);
    if (decimals == 0) return;
    out.append(".");
    for (long long rest = rounded % unit; unit > 1; rest %= unit) {
        unit /= 10;
        out.append(rest / unit);
    }
}

template <class Write>
constexpr void write_each(text_writer& out, const row& line, Write write) noexcept {
    for (int i = 0; i < line.count; ++i) {
        if (i > 0) out.append(" > ");
        write(out, line.at(i));
    }
}

constexpr void write_step(text_writer& out, const row& line) noexcept {
    write_each(out, line, explained::write_step);
}
constexpr void write_kernel(text_writer& out, const row& line) noexcept {
    write_each(out, line, explained::write_kernel);
}
constexpr void write_tile(text_writer& out, const row& line) noexcept {
    write_each(out, line, explained::write_tile);
}
constexpr void write_time(text_writer& out, const row& line) noexcept {
    append_decimal(out, line.seconds * 1e6, 2);
}
constexpr void write_share(text_writer& out, const row& line) noexcept {
    append_decimal(out, line.all > 0 ? line.seconds / line.all * 100 : 0, 1);
}
constexpr void write_macs(text_writer& out, const row& line) noexcept {
    if (line.macs() > 0) out.append_grouped(line.macs());
}
constexpr void write_rate(text_writer& out, const row& line) noexcept {
    if (line.macs() > 0 && line.seconds > 0)
        append_decimal(out, static_cast<double>(line.macs()) / line.seconds * 1e-9, 1);
}
constexpr void write_of_peak(text_writer& out, const row& line) noexcept {
    if (line.macs() > 0 && line.seconds > 0 && line.peak > 0)
        append_decimal(out, static_cast<double>(line.macs()) / line.seconds / line.peak * 100, 0);
}

inline constexpr text_column<row> columns[] = {
    {"step", false, write_step},  {"kernel", false, write_kernel},   {"tile", false, write_tile},
    {"us", true, write_time},     {"share, %", true, write_share},   {"MACs", true, write_macs},
    {"GMAC/s", true, write_rate}, {"% of peak", true, write_of_peak}};
inline constexpr int column_count = sizeof(columns) / sizeof(columns[0]);

/// The steps that begin a line.
template <int Steps> struct line_list {
    int first[Steps + 1]{};
    int count = 0;
};

template <class Model> constexpr auto list_lines() noexcept {
    line_list<Model::steps> lines;
    for (int i = 0; i < Model::steps; i += Model::steps_together(i)) lines.first[lines.count++] = i;
    lines.first[lines.count] = Model::steps;
    return lines;
}

template <class Lines>
constexpr void write(text_writer& out, const explained::view& plan, const Lines& lines,
                     const double* seconds, double all, double run, double peak) noexcept {
    const auto row_at = [&](int i) noexcept {
        const int first = lines.first[i];
        return row{plan, first, lines.first[i + 1] - first, seconds[first], all, peak};
    };
    const auto widths = lay_out_table<row>(columns, lines.count, row_at);
    write_table<row>(out, columns, widths, "-", lines.count, row_at);
    const row whole{plan, 0, plan.step_count, all, all, peak};
    out.append("all steps ");
    write_time(out, whole);
    out.append(" us, a run ");
    append_decimal(out, run * 1e6, 2);
    out.append(" us, ");
    out.append_grouped(whole.macs());
    out.append(" MACs\n");
}

/// Room for the table with any numbers: they have at most 27 characters each.
template <int Steps>
constexpr int room_for(const explained::view& plan, const line_list<Steps>& lines) noexcept {
    constexpr double none[Steps + 1]{};
    text_writer counter;
    write(counter, plan, lines, none, 0, 0, 0);
    return counter.size() + (lines.count + 4) * column_count * 27;
}

} // namespace detail::profiled

/// A text that was made at run time, in room that is enough for any numbers.
template <int Capacity> struct profile_text {
    char characters[Capacity + 1]{};
    int size = 0;

    constexpr const char* data() const noexcept { return characters; }
    constexpr operator text() const noexcept { return {characters, size}; }
};

/// Step times as a table: a row a step, with its kernel and tile, median microseconds, its share of
/// the sum, multiply-adds, and, if the `peak` is given in multiply-adds a second, per cent of it.
template <class Network, target Machine>
constexpr auto tabulate(const step_times<Network, Machine>& times, double peak = 0) noexcept {
    namespace profiled = detail::profiled;
    constexpr auto plan = detail::explained::view_of<Network, Machine>();
    constexpr auto lines = profiled::list_lines<model<Network, float, Machine>>();
    profile_text<profiled::room_for(plan, lines)> result;
    text_writer out{result.characters};
    profiled::write(out, plan, lines, times.seconds, times.sum(), times.run, peak);
    result.size = out.size();
    return result;
}

} // namespace ctnn
