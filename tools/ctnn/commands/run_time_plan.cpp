// SPDX-License-Identifier: BSL-1.0
#include "run_time_plan.hpp"

#include "command.hpp"

#include <pthread.h>

#include <exception>
#include <functional>

namespace ctnn::tool {

namespace {

constexpr int most_between = 2 * largest_graph.nodes;
constexpr int most_steps = 2 * largest_graph.nodes + largest_graph.edges + most_between;
constexpr plan_size largest_plan{largest_graph.nodes, most_steps, largest_graph.outputs, most_steps,
                                 most_between};

/// The library's passes keep tables as large as the largest network on the stack.
void with_large_stack(std::function<void()> work) {
    constexpr std::size_t bytes = std::size_t{256} << 20;
    struct task {
        std::function<void()> work;
        std::exception_ptr problem;
    } its{std::move(work), nullptr};
    pthread_attr_t settings;
    pthread_t thread;
    const auto run = [](void* argument) -> void* {
        task& mine = *static_cast<task*>(argument);
        try {
            mine.work();
        } catch (...) {
            mine.problem = std::current_exception();
        }
        return nullptr;
    };
    bool started = pthread_attr_init(&settings) == 0;
    if (started) {
        started = pthread_attr_setstacksize(&settings, bytes) == 0 &&
                  pthread_create(&thread, &settings, run, &its) == 0;
        pthread_attr_destroy(&settings);
    }
    if (!started) throw command_error("", "a thread cannot be started to make the plan");
    pthread_join(thread, nullptr);
    if (its.problem) std::rethrow_exception(its.problem);
}

} // namespace

struct run_time_plan::parts {
    graph_view graph;
    std::unique_ptr<plan_value<largest_plan>> plan;
};

run_time_plan::run_time_plan(const graph_view& graph, const target& machine)
    : parts_(std::make_unique<parts>()) {
    parts_->graph = graph;
    with_large_stack([&] {
        const std::unique_ptr<plan_draft<largest_plan>> draft(new plan_draft<largest_plan>(
            fuse_calls<largest_plan>(choose_calls<largest_plan>(
                                         list_steps<largest_plan>(graph, machine), graph, machine),
                                     graph, machine)));
        parts_->plan.reset(new plan_value<largest_plan>(finish_plan<largest_plan>(graph, *draft)));
    });
}
run_time_plan::run_time_plan(run_time_plan&&) noexcept = default;
run_time_plan::~run_time_plan() = default;

long long run_time_plan::arena_bytes() const { return parts_->plan->arena_bytes; }
long long run_time_plan::live_bytes() const { return parts_->plan->live_bytes; }
long long run_time_plan::packed_floats() const { return parts_->plan->packed_floats; }
int run_time_plan::steps() const { return parts_->plan->step_count; }
int run_time_plan::kernels() const {
    int count = 0;
    for (int i = 0; i < steps(); ++i) count += parts_->plan->steps[i].call >= 0 ? 1 : 0;
    return count;
}

std::string run_time_plan::table() const {
    namespace explained = detail::explained;
    const plan_value<largest_plan>& plan = *parts_->plan;
    const explained::view view{parts_->graph, plan.steps,       plan.step_count,       plan.kernels,
                               plan.tensors,  plan.arena_bytes, plan.packed_floats * 4};
    const explained::layout widths = explained::lay_out(view);
    std::string text(static_cast<std::size_t>(explained::size_of(view, widths)), '\0');
    text_writer out{text.data()};
    explained::write(out, view, widths);
    return text;
}

std::vector<float> run_time_plan::pack(const std::vector<float>& blob) const {
    const plan_value<largest_plan>& plan = *parts_->plan;
    std::vector<pack_op> ops(static_cast<std::size_t>(detail::count_packs(plan, parts_->graph)) +
                             1);
    detail::list_packs(plan, parts_->graph, ops.data());
    // Kernels expect their rows at multiples of 64 bytes, and pack into them.
    constexpr std::size_t alignment = arena_alignment / sizeof(float);
    std::vector<float> room(static_cast<std::size_t>(plan.packed_floats) + alignment);
    const auto past = reinterpret_cast<std::uintptr_t>(room.data()) % arena_alignment;
    float* aligned = room.data() + (past == 0 ? 0 : (arena_alignment - past) / sizeof(float));
    detail::run_packs(ops.data(), static_cast<int>(ops.size()) - 1, blob.data(), aligned);
    return {aligned, aligned + plan.packed_floats};
}

} // namespace ctnn::tool
