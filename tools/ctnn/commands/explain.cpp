// SPDX-License-Identifier: BSL-1.0
// ctnn explain: what would run on a machine, and in how much memory, without compiling anything.
#include "command.hpp"
#include "progress.hpp"
#include "run_time_plan.hpp"
#include "targets.hpp"

#include <cstdio>

namespace ctnn::tool {

namespace {

std::string grouped(long long number) {
    text_writer counter;
    counter.append_grouped(number);
    std::string text(static_cast<std::size_t>(counter.size()), '\0');
    text_writer out{text.data()};
    out.append_grouped(number);
    return text;
}

} // namespace

void add_explain(CLI::App& app, action& chosen) {
    struct arguments {
        model_arguments model;
        std::string target;
        std::string stored;
    };
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "explain", "print what a model runs on a machine: steps, kernels, memory, multiply-adds");
    given->model.add_to(command, true);
    command.add_option("--target", given->target,
                       "scalar, sse2, avx2, avx512 or neon (the best of this machine)");
    command.add_option("--stored", given->stored, "store weights as float16 or bfloat16");
    command.callback([given, &chosen] {
        chosen = [given] {
            const named_target machine = read_target(given->target, given->stored);
            given->model.load();
            refuse_int8(given->model.source(), "'ctnn explain'", "'ctnn summary' shows its layers");
            const written_network& network = given->model.network();
            progress::say(given->model.quiet(), "planning");
            const run_time_plan plan(network.graph(), machine.machine);
            const std::string table = plan.table();
            progress::say(given->model.quiet(), "");
            const detail::totals sums = detail::sum_of(network.graph());
            std::printf("%s for %s%s%s\n", network.name().c_str(), machine.name.c_str(),
                        machine.stored.empty() ? "" : ", weights stored as ",
                        machine.stored.c_str());
            std::fputs(printable(table).c_str(), stdout);
            std::printf("%d steps, %d of them by kernels; %s multiply-adds; %s parameters\n",
                        plan.steps(), plan.kernels(), grouped(sums.macs).c_str(),
                        grouped(sums.parameters).c_str());
            return int{good};
        };
    });
}

} // namespace ctnn::tool
