// SPDX-License-Identifier: BSL-1.0
// A profile by a clock of which it is known what it will show.
#include <ctnn/ctnn.hpp>
#include <ctnn/runtime/profile.hpp>

namespace {

using namespace ctnn;

using net = network<input<4, 4, 1>, conv2d<2, 3>, max_pool2d<2>, flatten, dense<3>>;
constexpr auto weights = [] {
    fixed_array<float, std::size_t{net::parameters}> made;
    for (int i = 0; float& each : made.elements) each = static_cast<float>(i++ % 7);
    return made;
}();
constexpr float image[16]{1, 2, 3};
constexpr int steps = model<net, float, targets::reference>::steps;
static_assert(steps == 3);

/// Shows a number that grows by five with every reading, and by what passes before it: 100, 200 and
/// 300 in the steps, 650 in a run. The second round is disturbed.
template <class Tick> struct scripted_clock {
    int readings = 0;
    Tick now = 0;

    constexpr Tick operator()() noexcept {
        constexpr int passes[]{0, 100, 200, 300, 0, 650, 0, 0};
        constexpr int period = sizeof(passes) / sizeof(passes[0]);
        const int disturbance = readings / period == 1 ? 5000 : 0;
        const int passed = 5 + passes[readings++ % period] + disturbance;
        now = static_cast<Tick>(now + static_cast<Tick>(passed));
        return now;
    }
};

template <class Tick> constexpr auto profiled(Tick start) noexcept {
    model<net, float, targets::reference> subject{weights};
    float scores[3]{};
    scripted_clock<Tick> clock{0, start};
    return profile<3>(subject, image, scores, clock, 1e-6);
}

constexpr bool near(double left, double right) noexcept {
    return left - right < 1e-12 && right - left < 1e-12;
}
template <class Times> constexpr bool as_scripted(const Times& times) noexcept {
    return near(times.seconds[0], 100e-6) && near(times.seconds[1], 200e-6) &&
           near(times.seconds[2], 300e-6) && near(times.sum(), 600e-6) && near(times.run, 650e-6);
}
static_assert(as_scripted(profiled<long long>(0)));
static_assert(as_scripted(profiled<double>(0)));
// Counters that begin anew.
static_assert(as_scripted(profiled<unsigned>(~0U - 150)));
static_assert(as_scripted(profiled<unsigned short>(65000)));

constexpr auto table = tabulate(profiled<long long>(0), 2e6);
static_assert(text{table} ==
              text{R"(step        kernel         us  share, %  MACs  GMAC/s  % of peak
----------------------------------------------------------------
conv2d      reference  100.00      16.7    72     0.0         36
max_pool2d  reference  200.00      33.3
dense       reference  300.00      50.0     6     0.0          1
----------------------------------------------------------------
all steps 600.00 us, a run 650.00 us, 78 MACs
)"});

// What the steps leave in the outputs is what a run does.
constexpr bool runs_as_a_whole() noexcept {
    model<net, float, targets::reference> subject{weights};
    float whole[3]{};
    float parts[3]{};
    subject.run(image, whole);
    for (int i = 0; i < steps; ++i) subject.run_steps(i, i + 1, image, parts);
    return whole[0] == parts[0] && whole[1] == parts[1] && whole[2] == parts[2] && parts[0] != 0;
}
// Any numbers fit the table's room.
constexpr bool has_room() noexcept {
    step_times<net, targets::reference> times;
    for (double& each : times.seconds) each = 1e11;
    times.run = 1e11;
    const auto wide = tabulate(times, 1e-300);
    return wide.size > 0 && wide.characters[wide.size - 1] == '\n';
}
static_assert(runs_as_a_whole() && has_room());

} // namespace
